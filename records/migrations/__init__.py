"""Which steps lead from an older database to the one this program knows?"""

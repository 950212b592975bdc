"""Does everything come back from a backup, on either database, and nothing from a damaged one?"""

"""Does the carrier by mail bring parcels and receipts through real servers, and fend off hostile mail?"""

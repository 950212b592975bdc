"""Does the command line do and say what it promises?"""

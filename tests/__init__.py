"""Does the house do what it says?"""

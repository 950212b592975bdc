"""Does a large item pass whole between two houses over real HTTP, and is all else refused and noted?"""

"""Are letters sealed, believed, refused and carried as they must be?"""

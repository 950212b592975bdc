"""What does the law say between two States on a day, and why?"""

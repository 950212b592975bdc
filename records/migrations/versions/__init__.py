"""What does each step change?"""

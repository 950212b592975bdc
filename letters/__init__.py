"""What leaves the house and what enters it, in which form, and is it genuine?"""

"""Does the house as a whole keep its own rules?"""

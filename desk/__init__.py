"""Who comes to the house, what may they ask, and how are they answered?"""

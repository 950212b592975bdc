"""Which tools of the builders are kept beside the house?"""

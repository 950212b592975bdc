"""By which way does a message travel to another house?"""

"""Is every letter that comes to the door answered once, registered, and never taken for another?"""

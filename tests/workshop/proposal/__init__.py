"""Is every fault of a draft told with its place, and is nothing folded unless all of it passes?"""

"""Does the treaty desk's workshop keep its word, from a draft to the case it moves?"""

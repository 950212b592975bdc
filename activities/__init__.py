"""Which hands touch the world for a case: the law's answer, the letter, the post, the file?"""

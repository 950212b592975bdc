"""Does the whole thing run, and go on after anything is killed?"""

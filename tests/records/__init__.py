"""Do the records keep what they are given, and does every change to them show?"""

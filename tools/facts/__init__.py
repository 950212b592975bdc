"""How does a folder of facts become law files: once, and again, with the same bytes?"""

"""A provider that is none: what would one answer, late, wrongly, twice, or not at all?

A development tool. It holds no real data, and says so in its name and in everything it sends.
"""

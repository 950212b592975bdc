"""What do our parsers do with bytes that nobody honest would send? `python -m fuzz` (development only)."""

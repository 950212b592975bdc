"""How fast is the house, measured against the bare engine?"""

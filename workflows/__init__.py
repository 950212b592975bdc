"""What happens to a case, in which order, and who holds it now?"""

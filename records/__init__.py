"""What is kept, for how long, under which key, and was it altered?"""

"""Does a case live as it should: in pure steps, on the time-skipping server, and in replay?"""

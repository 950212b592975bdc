"""Does the law engine answer as the sources say, and give its reasons?"""

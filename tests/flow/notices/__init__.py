"""Do reminders reach whom they should, once, by real mail and webhook, and tell nothing of the case?"""

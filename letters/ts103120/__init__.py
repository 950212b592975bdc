"""How do provider messages look: ETSI TS 103 120 in JSON, as far as this project writes and reads it?

`fields` and `objects` are the shapes, `message` what travels, `dictionaries` the closed words. `check` says
what is wrong with a message, `writing` makes one of a letter of ours, `answers` and `reading` say what came
back.
"""

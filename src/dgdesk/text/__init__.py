"""Language: the Thai script, its digits, calendar and line breaks; and the message catalogue.

Pure functions of text; nothing here knows of forms, files or windows, and importing it is cheap.
"""

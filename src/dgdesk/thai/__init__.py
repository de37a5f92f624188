"""Thai: the script, its digits, its calendar, its contacts and its line breaks.

Pure functions of text; nothing here knows of forms, files or windows, and importing it is cheap.
"""

"""Thai: the script, its digits, its calendar, its contacts and where its lines may break.

Pure functions of text; nothing here knows of forms, files or windows, and importing it costs next to nothing.
"""

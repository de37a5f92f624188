"""Checks of this PC, drafts opened from a mail, the program's own errors, and the file for the help desk."""

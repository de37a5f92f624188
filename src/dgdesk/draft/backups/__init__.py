"""Backups: copies of the draft that the program makes by itself, keeps by count and age, and can restore."""

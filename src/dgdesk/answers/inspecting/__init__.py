"""Inspection: what a file really is, and what speaks against attaching it.

Files are hostile: reads are bounded, and whatever a library raises over a file means that the file is damaged.
"""

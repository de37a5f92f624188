"""Inspection: what a file really is, and why it should not be attached.

Files are hostile: reads are bounded, and whatever error a library raises over a file means that the file is damaged.
"""

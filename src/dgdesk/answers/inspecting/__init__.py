"""The corner INSPECTING: what a file on its way in really is, and what stands against attaching it.

Files are hostile: reads are bounded, and whatever a library raises over a file means that the file is damaged.
"""

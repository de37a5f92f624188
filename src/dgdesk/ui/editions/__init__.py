"""Installed editions in the window: the list, installing and removing one, and whose packs are taken."""

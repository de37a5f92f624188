"""Backups in the window: made while the person works, and restored."""

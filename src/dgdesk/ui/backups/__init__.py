"""Backups of the open draft: made automatically, and restored."""

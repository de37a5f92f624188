"""Printing: a dialog that previews the print, prints it and saves it."""

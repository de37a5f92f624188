"""This PC checked, drafts that came by mail, and the file for the help desk."""

"""Window, office: this PC checked, drafts that came by mail, the file for the help desk, the program's own errors."""

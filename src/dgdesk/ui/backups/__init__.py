"""Window, backups: copies made while the person works, where they are kept, and the way back to one of them."""

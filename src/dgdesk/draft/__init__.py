"""The draft: one ``*.dgdesk`` file, the session that edits it, its backups, its history."""

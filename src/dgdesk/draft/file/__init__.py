"""The draft file: one ``*.dgdesk`` SQLite file with answers, evidence and history.

``dgdesk.draft.file.model`` has the value types and is cheap to import; ``dgdesk.draft.file.opening`` has
``create_draft_file`` and ``open_draft_file`` and imports SQLAlchemy, so import it where a file is really opened.
"""

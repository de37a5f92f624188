"""The draft file: one ``*.dgdesk`` SQLite file with answers, evidence and history.

``dgdesk.draft.file.model`` has the value types and is cheap to import; ``dgdesk.draft.file.opening`` has
``create_package`` and ``open_package`` and imports SQLAlchemy, so import it where a file is really opened.
"""

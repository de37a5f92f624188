"""The draft file: one ``*.dgdesk`` SQLite file with answers, evidence and history.

``dgdesk.package.model`` has the value types and is cheap to import; ``dgdesk.package.opening`` has
``create_package`` and ``open_package`` and imports SQLAlchemy, so import it where a file is really opened.
"""

"""THE FILE: one ``*.dgdesk`` SQLite file that holds a survey in work, with its evidence and its history.

``dgdesk.package.model`` has the value types and is cheap to import; ``dgdesk.package.opening`` has
``create_package`` and ``open_package`` and pulls in SQLAlchemy, so import it where a file is really opened.
"""

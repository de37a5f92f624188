"""How an older package becomes one of the current version, each step in one transaction.

A step is frozen text: it must not follow later changes of `dgdesk.package.schema`. ``user_version`` is set in the same
transaction, so that a file always has exactly one version.
"""

from __future__ import annotations

from dgdesk.package.database import Database
from dgdesk.package.schema import VERSION

STEPS: dict[int, tuple[str, ...]] = {
    # Version 1 had no register of exports, and its journal did not store the action of a change.
    1: (
        "ALTER TABLE change ADD COLUMN action TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE export (
            number INTEGER NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            state INTEGER NOT NULL,
            record TEXT NOT NULL
        ) STRICT""",
        """CREATE TRIGGER export_kept BEFORE DELETE ON export
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END""",
        """CREATE TRIGGER export_fixed BEFORE UPDATE ON export
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END""",
        "PRAGMA user_version = 2",
    ),
}


def migrate(database: Database, version: int) -> None:
    """Bring ``database`` from ``version`` to the current one, step by step.

    Raises:
        FileError: a step failed; the file has the last version whose step succeeded.
    """
    for step in range(version, VERSION):
        with database.writing() as connection:
            for statement in STEPS[step]:
                connection.exec_driver_sql(statement)

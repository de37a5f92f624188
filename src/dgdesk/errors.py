"""Expected errors: a message code with values, which the message catalogue turns into a sentence for a person.

`dgdesk.text.messages` makes the sentence. The class decides the exit code of a command: 1 a check failed, 2 wrong
use, 3 a file cannot be read or written.
"""

from __future__ import annotations


class DgdeskError(Exception):
    """An expected failure with a message code of the catalogue (``resources/i18n``) and its values."""

    exit_code = 1
    details: tuple[tuple[str, dict[str, object]], ...] = ()
    """What is wrong one by one, where that is many things: codes and values, told after the sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return f"{self.code} {self.values}" if self.values else self.code


class CheckFailed(DgdeskError):
    """A check failed: not ready, not verified."""

    exit_code = 1


class UsageError(DgdeskError):
    """Wrong use: unknown field, wrong type, value out of range."""

    exit_code = 2


class FileError(DgdeskError):
    """A file cannot be read or written: missing, damaged, too new, in use, read-only, disk full."""

    exit_code = 3

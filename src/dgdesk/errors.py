"""What can go wrong in words a person can use: coded errors, worded by the message catalogue.

Code raises the code and the values; `dgdesk.messages` turns them into one sentence. The class says which exit
code a command ends with: 1 the thing checked does not hold, 2 wrong use, 3 a file cannot be read or written.
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
    """The thing checked does not hold: not ready, not verified."""

    exit_code = 1


class UsageError(DgdeskError):
    """What was asked for makes no sense: unknown field, wrong type, value out of range."""

    exit_code = 2


class FileError(DgdeskError):
    """A file cannot be read or written: missing, damaged, newer, held, read-only, disk full."""

    exit_code = 3

"""A file on its way in: what is looked at before it becomes evidence."""

from __future__ import annotations

from pathlib import Path
from unicodedata import category

from dgdesk.answers.media import HEAD
from dgdesk.errors import FileError, UsageError

# What a bundle takes of a mark (docs/submission.schema.json), in characters.
LONGEST_PAGES = 2_000
LONGEST_PASSAGES = 20_000


def check_mark(slot: str, pages: str, passages: str) -> None:
    """Refuse a mark that a bundle would not take. Raises UsageError ``value.too_long``."""
    if len(pages) > LONGEST_PAGES or len(passages) > LONGEST_PASSAGES:
        raise UsageError("value.too_long", field=slot)


def safe_name(source: Path) -> str:
    """Return the file's name without what a bundle's names may not hold: Linux allows control signs, even no text."""
    return "".join("_" if letter == "\\" or category(letter) in ("Cc", "Cs") else letter for letter in source.name)


def head_of(source: Path) -> bytes:
    """Return the first bytes of a file, enough to tell what it is.

    Raises:
        FileError: ``evidence.unreadable``: it cannot be opened, or is no file.
        UsageError: ``evidence.empty``.
    """
    try:
        if not source.is_file():  # a pipe would never end
            raise FileError("evidence.unreadable", name=source.name)
        with source.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise FileError("evidence.unreadable", name=source.name) from error
    if not head:
        raise UsageError("evidence.empty", name=source.name)
    return head

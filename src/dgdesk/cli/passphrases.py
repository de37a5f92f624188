"""Passphrases for commands: from a file of one's own, the environment, or asked for; never from the command line."""

from __future__ import annotations

from pathlib import Path

from dgdesk.cli.context import Context
from dgdesk.errors import FileError, UsageError
from dgdesk.system.private import is_private
from dgdesk.system.startup import PASSPHRASE

_LONGEST = 4096


def from_file(path: Path) -> str:
    """Return the first line of a passphrase file.

    Raises:
        UsageError: ``identity.file_open``: others on this PC can read it (POSIX).
        FileError: ``cli.unreadable``.
    """
    try:
        if not is_private(path):
            raise UsageError("identity.file_open", name=path.name)
        # Windows editors begin a file with a byte-order mark, which is not part of the passphrase.
        with path.open(encoding="utf-8-sig") as stream:
            return stream.readline(_LONGEST).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError("cli.unreadable", name=path.name) from error


def known(file: Path | None, context: Context, prompt: str = "identity.ask", *, ask: bool = True) -> str | None:
    """Return an existing passphrase: from the file, the environment, or typed; None if none of these is possible."""
    if file is not None:
        return from_file(file)
    if given := context.environment.get(PASSPHRASE):
        return given
    return context.ask(context.catalogue.text(prompt)) or None if ask and context.ask else None


def fresh(file: Path | None, context: Context) -> str | None:
    """Return a new passphrase: from the file, or typed twice; None if neither is possible.

    Raises:
        UsageError: ``identity.typed_differs``; as `from_file`.
    """
    if file is not None:
        return from_file(file)
    if context.ask is None:
        return None
    first = context.ask(context.catalogue.text("identity.ask_new"))
    if first != context.ask(context.catalogue.text("identity.ask_again")):
        raise UsageError("identity.typed_differs")
    return first or None

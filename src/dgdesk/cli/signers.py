"""Which identity a command signs with, and where its passphrase comes from; never from the command line."""

from __future__ import annotations

import re
from pathlib import Path

from dgdesk.bundle.signing.identity import Identity, load_identity, read_card
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.cli.context import Context
from dgdesk.errors import FileError, UsageError
from dgdesk.system.private import is_private
from dgdesk.system.startup import PASSPHRASE
from dgdesk.text.decoding import decode_text


def store_of(context: Context) -> IdentityStore:
    """Return the identities of the person's profile."""
    return IdentityStore(context.profile.identity, context.profile.identities)


def open_identity(named: Path | None, passphrase_file: Path | None, context: Context) -> Identity:
    """Open an identity given by its name in the profile or by its folder; ask for its passphrase if it has one.

    Raises:
        UsageError: ``identity.none``, and as `IdentityStore.choose` and `load_identity`.
        FileError: as `load_identity`.
    """
    folder = find_folder(named, context)
    if folder is None:
        raise UsageError("identity.none")
    passphrase = known(passphrase_file, context) if read_card(folder).protected else None
    return load_identity(folder, passphrase)


def find_folder(named: Path | None, context: Context) -> Path | None:
    """Return the folder of an identity given by name or folder; None if none was named and none exists yet."""
    store = store_of(context)
    if named is None:
        return store.choose()
    return store.choose(str(named)) if len(named.parts) == 1 and store.has(str(named)) else named


_LONGEST = 16 << 10
"""Bytes of a passphrase file."""
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def from_file(path: Path) -> str:
    """Return the first line of a passphrase file, in UTF-8, UTF-16 or the Thai code page.

    Raises:
        UsageError: ``identity.file_open``: others on this PC can read it (POSIX).
        FileError: ``identity.file_not_text``, ``small_file.missing``, ``small_file.not_a_file``, ``small_file.empty``,
            ``small_file.too_large``, ``cli.unreadable``.
    """
    try:
        if path.is_dir():
            raise FileError("small_file.not_a_file", name=path.name)
        if not is_private(path):
            raise UsageError("identity.file_open", name=path.name)
        with path.open("rb") as stream:  # also of a pipe that the shell gives
            content = stream.read(_LONGEST + 1)
    except FileNotFoundError as error:
        raise FileError("small_file.missing", name=path.name) from error
    except (OSError, ValueError) as error:  # ValueError: a name with NUL in it
        raise FileError("cli.unreadable", name=path.name) from error
    if len(content) > _LONGEST:
        raise FileError("small_file.too_large", name=path.name, most=_LONGEST // 1024)
    if not content:
        raise FileError("small_file.empty", name=path.name)
    try:
        first, *_ = _LINE_ENDS.split(decode_text(content), maxsplit=1)
    except ValueError as error:
        raise FileError("identity.file_not_text", name=path.name) from error
    return first


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

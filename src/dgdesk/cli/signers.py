"""Which identity a command signs with, and where its passphrase comes from; never from the command line."""

from __future__ import annotations

from pathlib import Path

from dgdesk.bundle.signing.identity import Identity, load_identity, read_card
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.cli.context import Context
from dgdesk.errors import FileError, UsageError
from dgdesk.system.private import is_private
from dgdesk.system.startup import PASSPHRASE


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

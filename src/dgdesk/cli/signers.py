"""Which identity a command signs with: one of the profile by its name, or any by its folder."""

from __future__ import annotations

from pathlib import Path

from dgdesk.bundle.signing.identity import Identity, load_identity, read_card
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.cli.context import Context
from dgdesk.cli.passphrases import known
from dgdesk.errors import UsageError


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

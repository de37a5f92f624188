"""The identities of one person on this PC, one folder each; and backups of an identity as one file.

The first identity has a separate folder, where earlier versions had the only one; it is called "default".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.archive.names import is_safe_part
from dgdesk.bundle.signing.certificates import read_certificates, read_small
from dgdesk.bundle.signing.identity import (
    KEY_FILE,
    MOST_CHAIN,
    Identity,
    IdentityCard,
    load_identity,
    read_card,
    unlock,
)
from dgdesk.bundle.signing.issuance import order_chain
from dgdesk.bundle.signing.keyfile import is_protected
from dgdesk.errors import FileError, UsageError
from dgdesk.system.atomic import atomic_write
from dgdesk.system.bounds import UNFIT
from dgdesk.text.collation import collation_key
from dgdesk.text.decoding import decode_text
from dgdesk.text.normalise import tidy

DEFAULT = "default"
_LARGEST_BACKUP = 256 << 10
_KEY = re.compile(rb"-----BEGIN ENCRYPTED PRIVATE KEY-----[^-]+-----END ENCRYPTED PRIVATE KEY-----\s*")


class Kept(NamedTuple):
    """One identity of a store; ``card`` is None when its files are damaged."""

    name: str
    folder: Path
    card: IdentityCard | None


class IdentityStore(NamedTuple):
    """The identities below a profile. ``first``: the folder of the default one; ``root``: the folder of the others."""

    first: Path
    root: Path

    def folder(self, name: str) -> Path:
        """Return the folder of an identity, which need not exist; a Thai name in any order of typing is the same.

        Raises:
            UsageError: ``identity.bad_store_name``.
        """
        if name == DEFAULT:
            return self.first
        if (found := self._find(name)) is not None:
            return found.folder
        tidied = tidy(name)
        if not is_safe_part(name) or not is_safe_part(tidied) or len(tidied) > 60:
            raise UsageError("identity.bad_store_name", name=name)
        return self.root / tidied

    def kept(self) -> tuple[Kept, ...]:
        """Return all identities, the default one first, then by name."""
        return tuple(self._kept())

    def has(self, name: str) -> bool:
        """Return whether there is an identity of this name."""
        return self._find(name) is not None

    def choose(self, name: str | None = None) -> Path | None:
        """Return the folder of the identity to sign with; None if none exists and no name was given.

        Without a name it is the default one, else the only one.

        Raises:
            UsageError: ``identity.choose`` (several, none of them the default), ``identity.unknown``.
        """
        kept = self.kept()
        if name is not None:
            found = self._find(name)
            if found is None:
                raise UsageError("identity.unknown", name=name)
            return found.folder
        if not kept:
            return None
        if kept[0].name == DEFAULT or len(kept) == 1:
            return kept[0].folder
        raise UsageError("identity.choose", names=", ".join(one.name for one in kept))

    def free_name(self) -> str:
        """Return a name for a new identity: "default" if it is free, else a number."""
        taken = {one.name for one in self.kept()}
        number = 2
        while DEFAULT in taken and f"identity-{number}" in taken:
            number += 1
        return f"identity-{number}" if DEFAULT in taken else DEFAULT

    def _find(self, name: str) -> Kept | None:
        """Return the identity of exactly this name, else the one whose name looks the same."""
        kept = self.kept()
        same = (one for one in kept if tidy(one.name) == tidy(name))
        return next((one for one in kept if one.name == name), None) or next(same, None)

    def _kept(self) -> Iterator[Kept]:
        if (self.first / KEY_FILE).is_file():
            yield Kept(DEFAULT, self.first, _card(self.first))
        try:
            folders = sorted(self.root.iterdir(), key=lambda one: collation_key(one.name, numbers=True))
        except OSError:  # the folder does not exist yet
            return
        for folder in folders:
            if folder.name != DEFAULT and (folder / KEY_FILE).is_file():
                yield Kept(folder.name, folder, _card(folder))


def write_backup(folder: Path, target: Path, passphrase: str, *, replace: bool = False) -> IdentityCard:
    """Write certificate, chain and encrypted key into one PEM file; identity and backup are opened as a check.

    Raises:
        UsageError: ``identity.backup_unprotected``: the key has no passphrase, and a backup may go anywhere; as
            `load_identity`.
        FileError: ``identity.backup_exists``, ``identity.backup_not_written``; as `load_identity`.
    """
    if not read_card(folder).protected:
        raise UsageError("identity.backup_unprotected")
    identity = load_identity(folder, passphrase)
    certificates = (identity.certificate, *identity.chain)
    try:
        content = b"".join(one.public_bytes(Encoding.PEM) for one in certificates) + (folder / KEY_FILE).read_bytes()
        atomic_write(
            target,
            content,
            replace=replace,
            kind="key",
            private=True,
            prove=lambda part: _prove(part, passphrase, identity),
            explain=_not_backed_up,
        )
    except OSError as error:
        raise _not_backed_up(error, target) from error
    return identity


def _not_backed_up(error: OSError, target: Path) -> FileError:
    code = "identity.backup_exists" if isinstance(error, FileExistsError) else "identity.backup_not_written"
    return FileError(code, path=target)


def read_backup(path: Path, passphrase: str) -> Identity:
    """Open the identity in a backup file.

    Raises:
        FileError: ``identity.not_backup``, ``identity.damaged``.
        UsageError: ``identity.wrong_passphrase``.
    """
    try:
        content = decode_text(read_small(path, _LARGEST_BACKUP)).encode()
        keys = _KEY.findall(content)
        certificate, *others = read_certificates([content])
        if len(keys) != 1 or len(others) > MOST_CHAIN or not is_protected(keys[0]):
            raise ValueError("not one certificate, its chain and one key")
    except (FileError, *UNFIT) as error:
        raise FileError("identity.not_backup", path=path) from error
    chain = order_chain(certificate, others)
    if len(chain) != len(others):
        raise FileError("identity.not_backup", path=path)
    return unlock(IdentityCard(certificate, True, chain=chain), keys[0], passphrase, path)


def _prove(part: Path, passphrase: str, identity: Identity) -> None:
    if read_backup(part, passphrase).fingerprint != identity.fingerprint:
        raise OSError("the backup is not what was written")


def _card(folder: Path) -> IdentityCard | None:
    try:
        return read_card(folder)
    except FileError:
        return None

"""The tables of a ledger: one schema for SQLite and PostgreSQL.

Times are ISO 8601 in UTC with microseconds, so that their texts are in the order of time. Texts are compared by code
point in both databases. Problems, warnings and the signer's facts are JSON (`dgdesk.agency.ledger.rows`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

APPLICATION_ID: Final = 0x44474C47
"""Of a SQLite file: "DGLG"."""
VERSION: Final = 1

metadata: Final = MetaData()

_WORDS = Text(collation="C").with_variant(Text(), "sqlite")
_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean(create_constraint=False).with_variant(Integer(), "sqlite")
_BYTES = LargeBinary()


def _words(name: str, *, key: bool = False, default: str | None = "") -> Column[str]:
    return Column(name, _WORDS, primary_key=key, nullable=False, server_default=None if key else default)


def _words_or_none(name: str) -> Column[str | None]:
    return Column(name, _WORDS, nullable=True)


def _whole(name: str) -> Column[int]:
    return Column(name, _WHOLE, nullable=False)


def _whole_or_none(name: str) -> Column[int | None]:
    return Column(name, _WHOLE, nullable=True)


def _flag(name: str) -> Column[bool]:
    return Column(name, _FLAG, nullable=False)


def _flag_or_none(name: str) -> Column[bool | None]:
    return Column(name, _FLAG, nullable=True)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, _BYTES, nullable=False)


LEDGER: Final = Table(
    "ledger",
    metadata,
    _words("id", key=True),
    _whole("version"),
    _words("made"),
    sqlite_strict=True,
)
"""One row: which ledger this is."""

FILES: Final = Table(
    "files",
    metadata,
    # Where it was found, and where it was moved to: a new file may come under the name of one that was moved away.
    _words("inbox", key=True),
    _words("path", key=True),
    _words("moved_to", key=True),
    _whole("size"),
    _whole("mtime_ns"),
    _words("state"),
    _words_or_none("verdict"),
    _words("problems", default="[]"),
    # Of the problems those that are of this file alone, whoever is trusted.
    _words("own", default="[]"),
    # What it is, "bundle" or "addendum", and its key there; empty for anything else.
    _words("kind"),
    _words_or_none("digest"),
    _words_or_none("fingerprint"),
    # SHA-256 of its signature's bytes.
    _words("signature"),
    # Which of the agency's keys were tried on an encrypted file.
    _words("tried"),
    _words("seen"),
    _words_or_none("judged"),
    _words("verifier"),
    # How often a verdict was recorded for the file under this name.
    _whole("verdicts"),
    # Who works on it, and until when by the clock of the database: milliseconds since 1970.
    _words("token"),
    _whole("lease"),
    _words("moving_to"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("files_by_state", FILES.c.state, FILES.c.inbox, FILES.c.path)
Index("files_by_key", FILES.c.digest, FILES.c.fingerprint)

BUNDLES: Final = Table(
    "bundles",
    metadata,
    _words("digest", key=True),
    _words("fingerprint", key=True),
    _words_or_none("edition"),
    _words_or_none("respondent"),
    _words("respondent_name"),
    _flag_or_none("draft"),
    _whole("revision"),
    _words_or_none("supersedes"),
    _words("reason"),
    _words("draft_id"),
    _flag("bound"),
    _words_or_none("claimed_time"),
    _words_or_none("signer"),
    _words("signed_by", default="{}"),
    _words_or_none("answers_digest"),
    _flag_or_none("complete"),
    _whole_or_none("files"),
    _whole_or_none("size"),
    _whole_or_none("evidence"),
    _whole_or_none("unsent_files"),
    _whole_or_none("unsent_answers"),
    _flag("ok"),
    _words("problems", default="[]"),
    _words("warnings", default="[]"),
    # Of the problems those that no trust list changes.
    _words("content_problems", default="[]"),
    # The total of data/score.json, exact; null without one.
    _words_or_none("weight"),
    _words_or_none("earned"),
    _words_or_none("claimed"),
    _words_or_none("waiting"),
    _words_or_none("open"),
    _words_or_none("external"),
    _flag_or_none("exempt"),
    # SHA-256 of the signature's bytes, and of the trust list by which it was judged.
    _words("signature"),
    _words("trust"),
    _words("verifier"),
    _words("arrived"),
    _words("judged"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("bundles_by_respondent", BUNDLES.c.edition, BUNDLES.c.respondent)
Index("bundles_by_arrival", BUNDLES.c.arrived)

CONTENTS: Final = Table(
    "contents",
    metadata,
    _words("digest", key=True),
    _words("fingerprint", key=True),
    _bytes("tagmanifest"),
    _bytes("p7s"),
    # zlib; null if the bundle has none, or if no trust list can make it valid.
    Column("submission", _BYTES, nullable=True),
    Column("score", _BYTES, nullable=True),
    sqlite_strict=True,
)
"""What a second look at a bundle needs; apart, so that the facts are read without it."""

ADDENDA: Final = Table(
    "addenda",
    metadata,
    _words("digest", key=True),
    _words("fingerprint", key=True),
    # The bundle that it names.
    _words("bundle"),
    _words("signer"),
    _words_or_none("claimed_time"),
    _flag("ok"),
    _words("problems", default="[]"),
    _words("warnings", default="[]"),
    _bytes("content"),
    _bytes("tagmanifest"),
    _bytes("p7s"),
    _words("signature"),
    _words("trust"),
    _words("verifier"),
    _words("arrived"),
    _words("judged"),
    sqlite_strict=True,
)

CHOICES: Final = Table(
    "choices",
    metadata,
    _words("edition", key=True),
    _words("respondent", key=True),
    _words("at", key=True),
    _words("chosen", key=True),
    # JSON: the digests of the other heads.
    _words("others", key=True),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""Every choice that a person made; the newest counts."""

RECEIPTS: Final = Table(
    "receipts",
    metadata,
    _words("digest", key=True),
    _words("kind", key=True),
    # SHA-256 of the content.
    _words("sha256", key=True),
    _bytes("content"),
    _words("issued"),
    _words("written_to"),
    sqlite_strict=True,
)
"""What the office answered to a bundle: ``accepted`` or ``returned``."""


def create_first(connection: Connection) -> None:
    """Create the empty tables of version 1, inside the caller's transaction."""
    metadata.create_all(connection, checkfirst=False)

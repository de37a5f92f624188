"""What a person names as a ledger: a file, or a PostgreSQL server by its address. Nothing is opened here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from dgdesk.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import URL

SERVERS: Final = ("postgresql://", "postgres://")
_DRIVER: Final = "postgresql+psycopg"


class LedgerPlace(NamedTuple):
    """Where a ledger is: a file, or a server's address (``url``). ``shown`` names it without a password."""

    path: Path | None
    url: URL | None
    shown: str


def ledger_place(named: str | Path) -> LedgerPlace:
    """Return where a ledger is.

    Raises:
        UsageError: ``ledger.bad_address``: an address that is no PostgreSQL server's.
    """
    text = str(named)
    if not text.startswith(SERVERS):
        if isinstance(named, str) and "://" in text:
            raise UsageError("ledger.bad_address", name=text.partition("://")[0])
        return LedgerPlace(Path(named), None, str(named))
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text).set(drivername=_DRIVER)
    except (ArgumentError, ValueError) as error:
        raise UsageError("ledger.bad_address", name="postgresql") from error
    shown = url.set(drivername="postgresql").render_as_string(hide_password=True)
    return LedgerPlace(None, url, shown)

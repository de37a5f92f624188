"""Tells, on the start page, that the certificate one signs with ends soon, while there is time to act."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from dgdesk.ui.widgets.latest import LatestWins
from dgdesk.ui.widgets.services import Services

_AFTER = 500
"""Milliseconds: the page has itself to show first."""


def look_for_ending(services: Services, found: Callable[[str], None], parent: QObject) -> LatestWins:
    """Look once, soon, if there is an identity; ``found`` gets what to tell the person, if there is anything.

    The libraries that read certificates take a moment to import: that is done in the thread.
    """
    latest = LatestWins("dgdesk ending", parent)

    def read(_: object) -> str:
        from dgdesk.bundle.signing.identity_store import IdentityStore
        from dgdesk.ui.identities.wording import ending_words

        kept = IdentityStore(services.profile.identity, services.profile.identities).kept()
        return ending_words(services.texts, kept, services.clock())

    if services.profile.identity.is_dir() or services.profile.identities.is_dir():
        latest.soon(_AFTER, lambda: latest.request(read, lambda words: found(words) if words else None))
    return latest

"""What the start page finds out in the background and says at its lower edge: who soon cannot sign, what is damaged."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from dgdesk.ui.widgets.latest import LatestWins
from dgdesk.ui.widgets.services import Services

_AFTER = 500
"""Milliseconds; the page is shown first."""


def warn_of_expiry(services: Services, found: Callable[[str], None], parent: QObject) -> LatestWins:
    """Read the identities once, in a thread; call ``found`` with a warning, if there is one.

    The thread also imports the libraries that read certificates, which is slow.
    """
    latest = LatestWins("dgdesk expiry", parent)

    def read(_: object) -> str:
        from dgdesk.bundle.signing.identity_store import IdentityStore
        from dgdesk.ui.identities.wording import ending_words

        kept = IdentityStore(services.profile.identity, services.profile.identities).kept()
        return ending_words(services.texts, kept, services.clock())

    if services.profile.identity.is_dir() or services.profile.identities.is_dir():
        latest.soon(_AFTER, lambda: latest.request(read, lambda words: found(words) if words else None))
    return latest


def warn_of_unusable(services: Services, found: Callable[[str], None], parent: QObject) -> LatestWins:
    """Look once, in a thread, for what cannot be used among the installed editions; call ``found`` if there is any."""
    latest, folder = LatestWins("dgdesk litter", parent), services.profile.editions

    def read(_: object) -> str:
        from dgdesk.editions.unusable import unusable

        names = unusable(folder)
        return services.texts.say("ui.editions.unusable", names=", ".join(names)) if names else ""

    if folder.exists():
        latest.soon(_AFTER, lambda: latest.request(read, lambda words: found(words) if words else None))
    return latest

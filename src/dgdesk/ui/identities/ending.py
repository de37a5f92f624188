"""Window, ending: tells, on the start page, that the certificate one signs with ends soon, while there is time to act.

The libraries that read certificates take a moment to import: that is done in a thread, and only where there is one.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QTimer, Signal

from dgdesk.ui.services import Services

_AFTER, _EVERY = 500, 100
"""Milliseconds: until it looks, and from one look to the next whether the thread is done."""


class Ending(QObject):
    """Looks once; ``found`` carries what is to be told, and does not come where all is well."""

    found = Signal(str)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._words: list[str] = []
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_AFTER)
        self._timer.timeout.connect(self._look)
        profile = services.profile
        if profile.identity.is_dir() or profile.identities.is_dir():
            self._timer.start()

    def _look(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name="dgdesk ending")
            self._thread.start()
            self._timer.setInterval(_EVERY)
        elif not self._thread.is_alive():
            self._timer.stop()
            for words in self._words:
                self.found.emit(words)

    def _read(self) -> None:
        """In the thread: nothing of Qt is touched."""
        from dgdesk.bundle.identity_store import IdentityStore
        from dgdesk.ui.identities.words import ending_words

        services = self._services
        kept = IdentityStore(services.profile.identity, services.profile.identities).kept()
        if words := ending_words(services.texts, kept, services.clock()):
            self._words.append(words)

"""The dialog in which the agency's person names another ledger: a file, or a PostgreSQL server."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.agency.ledger.places import ledger_place
from dgdesk.errors import UsageError
from dgdesk.system.progress import Progress
from dgdesk.ui.agency.dialogs import PathLine
from dgdesk.ui.agency.reception import Reception, View, read_view
from dgdesk.ui.identities.new_dialog import FormDialog
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.services import Services

_CODES = (
    "ui.receiving.ledger_title",
    "ui.receiving.about_ledger",
    "ui.receiving.ledger_go",
    "ui.receiving.what_ledger",
)


class LedgerDialog(FormDialog):
    """Asks for a ledger and opens it. ``opened`` is what it holds, ``named`` what was typed."""

    def __init__(self, services: Services, reception: Reception, parent: QWidget | None) -> None:
        super().__init__(services, _CODES, parent)
        self._reception = reception
        self.opened: View | None = None
        self.named = ""
        say = self._texts.say
        self.place = PathLine(
            self._texts,
            "ui.receiving.ledger_where",
            "L",
            "save",
            "ledger",
            self,
            say("ui.receiving.ledger_files"),
            say("ui.receiving.ledger_name"),
        )
        self.body.addWidget(self.place)
        self.place.changed.connect(self._check_filled)
        self._check_filled()
        self._in_order(self.place.box, self.place.button)

    def act(self) -> bool:
        """Open it, or make it after a question. Raises as `open_ledger`; ``ui.receiving.ledger_relative``."""
        named, say = self.place.text, self._texts.say
        place = ledger_place(named)
        make = False
        if place.path is not None:
            if not place.path.is_absolute():
                raise UsageError("ui.receiving.ledger_relative", name=named)
            if not place.path.suffix:
                place = ledger_place(str(place.path) + ".ledger")
                named = place.shown
            make = not os.path.lexists(named)
        if make:
            words = say("ui.receiving.ledger_make", name=self._texts.cut(Path(named).name, 120))
            buttons = (say("ui.receiving.ledger_make_go"), say("ui.cancel"))
            if ask(self._texts, words, buttons, self) != 0:
                return False
        other = Reception(named, self._reception.catalogue, self._reception.clock)

        def job(progress: Progress) -> View:
            with other.open(make=make or place.path is None) as ledger:
                return read_view(ledger, other.catalogue, progress)

        self.opened = run_modal(self._texts, say("ui.receiving.reading"), job, self)
        self.named = named
        return True

    def _check_filled(self) -> None:
        self.go.setEnabled(bool(self.place.text))

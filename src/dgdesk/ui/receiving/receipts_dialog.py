"""Window, receiving, receipts dialog: the office signs that it received bundles, each of them checked once more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.bundle.signing.trust_list import Trusted
from dgdesk.errors import UsageError
from dgdesk.ui.identities.new_dialog import FormDialog
from dgdesk.ui.identities.picker import IdentityPicker
from dgdesk.ui.identities.secret import labelled
from dgdesk.ui.receiving.place_line import PlaceLine
from dgdesk.ui.receiving.work import Outcome, issue_all
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services

_LONGEST = 200
_CODES = (
    "ui.receiving.receipts_title",
    "ui.receiving.about_receipts",
    "ui.receiving.receipts_go",
    "ui.receiving.what_receipts",
)


class ReceiptsDialog(FormDialog):
    """Asks for signer, office and folder. ``outcome`` is what came of it."""

    def __init__(
        self,
        services: Services,
        wanted: Sequence[tuple[Path, str, str]],
        others: int,
        trusted: Trusted,
        parent: QWidget | None,
    ) -> None:
        """``wanted``: path, province's name and digest of each; ``others``: how many chosen files get no receipt."""
        super().__init__(services, _CODES, parent)
        self._wanted, self._trusted = tuple(wanted), trusted
        self.outcome: Outcome | None = None
        say = self._texts.say
        counted = say("ui.receiving.receipts_for", count=len(wanted), others=others)
        self.body.addWidget(WrapLabel(self._texts, counted, "text", self))
        self.signer = IdentityPicker(services, "", self)
        self.body.addWidget(self.signer)
        self.office = LineInput(self)
        self.office.setMaxLength(_LONGEST)
        self.body.addLayout(labelled(self._texts, "ui.receiving.office", "O", self.office, self))
        self.folder = PlaceLine(self._texts, "ui.receiving.folder", "F", "folder", self)
        self.body.addWidget(self.folder)
        self.signer.changed.connect(self._check_filled)
        self.office.textChanged.connect(lambda _: self._check_filled())
        self.folder.changed.connect(self._check_filled)
        self._check_filled()
        self._in_order(self.signer, self.office, self.folder.box, self.folder.button)

    def act(self) -> bool:
        """Sign and write. Raises as `IdentityPicker.identity`; ``receipt.bad_office``, ``extract.no_folder``."""
        folder, office = Path(self.folder.text), " ".join(self.office.text().split())
        if not office:
            raise UsageError("receipt.bad_office")
        if not folder.is_dir():
            raise UsageError("extract.no_folder", path=folder)
        identity = self.signer.identity()
        now, wanted, trusted = self._services.clock(), self._wanted, self._trusted
        self.outcome = run_modal(
            self._texts,
            self._texts.say("ui.receiving.issuing", count=len(wanted)),
            lambda progress: issue_all(wanted, folder, identity, office, trusted, now, progress),
            self,
        )
        return True

    def _check_filled(self) -> None:
        card = self.signer.card
        if card is not None and not self.office.isModified() and self.office.text() != card.province:
            self.office.setText(card.province)
        self.go.setEnabled(self.signer.ready() and bool(self.office.text().strip()) and bool(self.folder.text))
        self.follow()

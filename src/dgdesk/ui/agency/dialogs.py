"""The inbox's dialogs: sign receipts, decrypt bundles, create a key for encryption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.agency.receipts import Office
from dgdesk.bundle.encryption.age_keys import MOST_KEY_FILE, read_key_file, write_key
from dgdesk.bundle.report import printable
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.errors import UsageError
from dgdesk.system.progress import Progress
from dgdesk.system.targets import Target
from dgdesk.ui.agency.jobs import AgencyOutcome, Answering, decrypt_all, give_back, issue
from dgdesk.ui.agency.reception import Reception
from dgdesk.ui.identities.new_dialog import FormDialog
from dgdesk.ui.identities.picker import IdentityPicker
from dgdesk.ui.identities.secret import SecretInput, ShowLetters, labelled
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.clock import may_date
from dgdesk.ui.widgets.file_dialogs import Purpose, choose_file, choose_folder, choose_name
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.saving import agreed
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE

_LONGEST = 200
_LONGEST_REASON = 1000
_CODES = (
    "ui.receiving.receipts_title",
    "ui.receiving.about_receipts",
    "ui.receiving.receipts_go",
    "ui.receiving.what_receipts",
)

_RETURN = (
    "ui.receiving.return_title",
    "ui.receiving.about_return",
    "ui.receiving.return_go",
    "ui.receiving.what_return",
)


class Chosen(NamedTuple):
    """What is answered: the bundles of some ``digests`` (None: all that have no answer), or ``files`` to return.

    ``said``: how many, in words; ``names``: the respondents' names by digest.
    """

    said: str
    digests: frozenset[str] | None = None
    files: tuple[Path, ...] = ()
    names: Mapping[str, str] = {}


class PathLine(QWidget):
    """A labelled box for a file or folder with a button to choose one. ``changed``: its text changed."""

    changed = Signal()

    def __init__(
        self,
        texts: Texts,
        code: str,
        letter: str,
        ask: Literal["folder", "open", "save"],
        purpose: Purpose,
        parent: QWidget,
        kinds: str = "",
        suggested: str = "",
    ) -> None:
        """``kinds`` are filters of Qt's file dialog; ``suggested`` is the first name of a new file."""
        super().__init__(parent)
        self._title, self._ask, self._purpose = texts.say(code), ask, purpose
        self._kinds, self._suggested = kinds, suggested
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(WrapLabel(texts, self._title, "text", self))
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.box = LineInput(self)
        self.box.setAccessibleName(self._title)
        self.button = QPushButton(texts.say("ui.receiving.browse"), self)
        self.button.setAccessibleName(f"{self._title}: {texts.say('ui.receiving.browse')}")
        self.button.setAutoDefault(False)
        give_keys((self.button, letter))
        row.addWidget(self.box, 1)
        row.addWidget(self.button)
        layout.addLayout(row)
        self.button.clicked.connect(self.choose)
        self.box.textChanged.connect(lambda _: self.changed.emit())

    @property
    def text(self) -> str:
        """The typed path."""
        return self.box.text().strip()

    def choose(self) -> None:
        """Let the user choose a file or folder."""
        chosen: Path | str | None
        if self._ask == "folder":
            chosen = choose_folder(self, self._purpose, self._title, at=self.text)
        elif self._ask == "open":
            chosen = choose_file(self, self._purpose, self._title, self._kinds, at=self.text)
        else:
            chosen = choose_name(self, self._purpose, self._title, self._suggested, self._kinds, at=self.text)
        if chosen:
            self.box.setText(str(chosen))


class ReceiptsDialog(FormDialog):
    """Asks for signer, agency and folder, and writes receipts. ``outcome`` is the result.

    With ``returning`` it asks for a reason too, and writes why the files are returned.
    """

    def __init__(
        self,
        services: Services,
        reception: Reception,
        chosen: Chosen,
        parent: QWidget | None,
        *,
        returning: bool = False,
    ) -> None:
        super().__init__(services, _RETURN if returning else _CODES, parent)
        self._reception, self._chosen, self._returning = reception, chosen, returning
        self.outcome: AgencyOutcome | None = None
        self.reason = LineInput(self)
        self.body.addWidget(WrapLabel(self._texts, chosen.said, "text", self))
        self.signer = IdentityPicker(services, "", self)
        self.body.addWidget(self.signer)
        self.office = LineInput(self)
        self.office.setMaxLength(_LONGEST)
        self.body.addLayout(labelled(self._texts, "ui.receiving.office", "O", self.office, self))
        if returning:
            self.reason.setMaxLength(_LONGEST_REASON)
            self.body.addLayout(labelled(self._texts, "ui.receiving.reason", "R", self.reason, self))
        self.reason.setVisible(returning)
        self.folder = PathLine(self._texts, "ui.receiving.folder_or_beside", "F", "folder", "receipt", self)
        self.body.addWidget(self.folder)
        self.signer.changed.connect(self._check_filled)
        self.office.textChanged.connect(lambda _: self._check_filled())
        self.reason.textChanged.connect(lambda _: self._check_filled())
        self._check_filled()
        asked = (self.reason,) if returning else ()
        self._in_order(self.signer, self.office, *asked, self.folder.box, self.folder.button)

    def act(self) -> bool:
        """Sign and write. Raises as `IdentityPicker.identity`; ``receipt.bad_office``, ``extract.no_folder``."""
        office = " ".join(self.office.text().split())
        folder = Path(self.folder.text) if self.folder.text else None
        if not office:
            raise UsageError("receipt.bad_office")
        if folder is not None and not folder.is_dir():
            raise UsageError("extract.no_folder", path=folder)
        if not may_date(self._services, self):
            return False
        identity = self.signer.identity()
        given = Answering(Office(identity, office), folder, self._chosen.names, self._services.clock)
        chosen, reception, reason = self._chosen, self._reception, self.reason.text()

        def job(progress: Progress) -> AgencyOutcome:
            with reception.open() as ledger:
                if self._returning:
                    return give_back(ledger, chosen.files, reason, given, progress)
                return issue(ledger, chosen.digests, given, progress)

        self.outcome = run_modal(self._texts, self._texts.say("ui.receiving.issuing"), job, self)
        return True

    def _check_filled(self) -> None:
        card = self.signer.card
        if card is not None and not self.office.isModified() and self.office.text() != card.province:
            self.office.setText(card.province)
        reasoned = not self._returning or bool(self.reason.text().strip())
        self.go.setEnabled(self.signer.ready() and bool(self.office.text().strip()) and reasoned)
        self.follow()


_NAMED = 5
_UNSEAL = (
    "ui.receiving.unseal_title",
    "ui.receiving.about_unseal",
    "ui.receiving.unseal_go",
    "ui.receiving.what_unseal",
)
_KEY = ("ui.receiving.key_title", "ui.receiving.about_key", "ui.receiving.key_go", "ui.receiving.what_key")


class DecryptDialog(FormDialog):
    """Asks for key file, passphrase and, if copies are wanted, a folder; decrypts bundles.

    ``secrets`` are the keys that were read, ``outcome`` what came of the copies.
    """

    def __init__(self, services: Services, sources: Sequence[Path], parent: QWidget | None) -> None:
        super().__init__(services, _UNSEAL, parent)
        say = self._texts.say
        self._sources = tuple(sources)
        self.outcome: AgencyOutcome | None = None
        self.secrets: tuple[str, ...] = ()
        names = ", ".join(self._texts.cut(printable(one.name)) for one in sources[:_NAMED]) + (
            " …" if len(sources) > _NAMED else ""
        )
        self.body.addWidget(
            WrapLabel(self._texts, say("ui.receiving.unseal_files", count=len(sources), names=names), "text", self)
        )
        kinds = say("ui.receiving.key_files")
        self.key = PathLine(self._texts, "ui.receiving.key_file", "K", "open", "key", self, kinds)
        self.body.addWidget(self.key)
        self.passphrase = SecretInput(self)
        self.body.addLayout(labelled(self._texts, "ui.receiving.key_passphrase", "P", self.passphrase, self))
        shown = ShowLetters(self._texts, (self.passphrase,), self)
        self.body.addWidget(shown)
        self.folder = PathLine(self._texts, "ui.receiving.folder_copies", "F", "folder", "inbox", self)
        self.body.addWidget(self.folder)
        self._in_order(self.key.box, self.key.button, self.passphrase, shown, self.folder.box, self.folder.button)

    def act(self) -> bool:
        """Decrypt. Raises as `read_small` and `read_key_file`; ``ui.receiving.fill_all``."""
        if not self.key.text:
            raise UsageError("ui.receiving.fill_all")
        key, typed = Path(self.key.text), self.passphrase.text()
        folder = Path(self.folder.text) if self.folder.text else None
        if folder is not None and not folder.is_dir():
            raise UsageError("extract.no_folder", path=folder)
        content, sources = read_small(key, MOST_KEY_FILE), self._sources

        def job(progress: Progress) -> tuple[tuple[str, ...], AgencyOutcome | None]:
            secrets = read_key_file(content, typed or None, key.name)  # takes about a second, against guessing
            return tuple(secrets), decrypt_all(sources, folder, secrets, progress) if folder is not None else None

        count = self._texts.say("ui.receiving.unsealing", count=len(sources))
        self.secrets, self.outcome = run_modal(self._texts, count, job, self)
        return True


class KeyDialog(FormDialog):
    """Asks for the key's file and passphrase. ``made`` are the files of the secret and the public key."""

    def __init__(self, services: Services, parent: QWidget | None) -> None:
        super().__init__(services, _KEY, parent)
        say = self._texts.say
        self.made: tuple[Path, Path] | None = None
        self.key = PathLine(
            self._texts,
            "ui.receiving.key_where",
            "K",
            "save",
            "key",
            self,
            say("ui.receiving.key_files"),
            say("ui.receiving.key_name"),
        )
        self.body.addWidget(self.key)
        self.passphrase, self.again = SecretInput(self), SecretInput(self)
        self.body.addLayout(labelled(self._texts, "ui.receiving.key_new_passphrase", "P", self.passphrase, self))
        self.body.addLayout(labelled(self._texts, "ui.receiving.key_again", "A", self.again, self))
        shown = ShowLetters(self._texts, (self.passphrase, self.again), self)
        self.body.addWidget(shown)
        self._in_order(self.key.box, self.key.button, self.passphrase, self.again, shown)

    def act(self) -> bool:
        """Create it. Raises as `write_key`; ``ui.receiving.key_differs``, ``ui.receiving.key_choose_first``."""
        if not self.key.text:
            raise UsageError("ui.receiving.key_choose_first")
        typed = self.passphrase.text()
        if typed != self.again.text():
            raise UsageError("ui.receiving.key_differs")
        key = Path(self.key.text)
        public = key.with_name(self._texts.say("ui.receiving.key_public", stem=key.stem))
        if agreed(self._texts, self, [Target(key, "key", None), Target(public, "recipients", None)]) is None:
            return False
        run_modal(
            self._texts,
            self._texts.say("ui.receiving.making_key"),
            lambda progress: write_key(key, public, typed or None),
            self,
        )
        self.made = key, public
        return True

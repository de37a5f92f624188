"""Scans of the signed sheet: attached, and sent to the agency as a signed addendum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.bundle.addendum import AddendumVerdict
from dgdesk.bundle.signing.enrolment import groups
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.newest import newest_moment
from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
from dgdesk.submission.scans import Scanned, attach_scan, export_addendum
from dgdesk.system.progress import Progress
from dgdesk.system.targets import Target
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.identities.picker import IdentityPicker
from dgdesk.ui.register.busy_dialog import BusyDialog
from dgdesk.ui.register.entries import ExportEntry, grouped, text_of
from dgdesk.ui.widgets.buttons import give_keys, set_lettered_text, what_this_is
from dgdesk.ui.widgets.clock import may_date
from dgdesk.ui.widgets.fitting import ScrollBody
from dgdesk.ui.widgets.label import Texts, WrapLabel, copy_plain
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class ScanResults:
    """The result for each scan: what was kept, or why not. ``left`` counts those that a cancel left out."""

    files: tuple[tuple[Path, Scanned | DgdeskError], ...]
    left: int = 0

    @property
    def kept(self) -> tuple[Scanned, ...]:
        """The scans that are in the register now."""
        return tuple(result for _, result in self.files if isinstance(result, Scanned))

    @property
    def role(self) -> str:
        """The text role by the worst result."""
        if any(isinstance(result, DgdeskError) for _, result in self.files):
            return "error"
        doubtful = any(result.code != "match" or not result.pages.sound for result in self.kept)
        return "warning" if self.left or doubtful else "status"


def attach_scans(
    package: DraftFile,
    paths: Sequence[Path],
    chosen: str | None,
    documents: Documents,
    progress: Progress,
) -> ScanResults:
    """Attach scans one by one; a refused scan does not stop the others."""
    results: list[tuple[Path, Scanned | DgdeskError]] = []
    for number, path in enumerate(paths):
        if progress.cancelled:
            break
        progress.report(number, len(paths))
        try:
            results.append((path, attach_scan(package, path, chosen, documents)))
        except DgdeskError as error:
            results.append((path, error))
    return ScanResults(tuple(results), len(paths) - len(results))


def result_words(texts: Texts, results: ScanResults) -> str:
    """Return one line for each scan, the refused ones first."""
    in_order = sorted(results.files, key=lambda one: isinstance(one[1], Scanned))
    words = [_one(texts, path.name, result) for path, result in in_order]
    if len(words) > 1:
        words = [f"• {each}" for each in words]
    if results.left:
        words.append(texts.say("ui.register.scans_left", count=results.left))
    return "\n".join(words)


def _one(texts: Texts, name: str, result: Scanned | DgdeskError) -> str:
    if isinstance(result, DgdeskError):
        return texts.error(result)
    pages = [texts.say(code, **values) for code, values in result.pages.sentences()]
    if not result.new:
        return " ".join((texts.say("ui.register.scan_known", name=texts.cut(name, _LONGEST)), *pages))
    code = "scan.kept_match" if result.code == "match" else "scan.kept_unreadable"
    return " ".join((texts.say(code, name=texts.cut(name, _LONGEST), digest=grouped(result.digest)), *pages))


_SUFFIX = ".zip"
_MOST_LETTERS = 80


class AddendumDialog(BusyDialog):
    """Asks for signer and file, and writes the addendum. ``verdict`` is the result of reading it back."""

    def __init__(self, bridge: Bridge, services: Services, entry: ExportEntry, parent: QWidget | None) -> None:
        super().__init__(bridge, services.texts, parent)
        self._services, self._entry = services, entry
        self.verdict: AddendumVerdict | None = None
        say = self._texts.say
        self.setWindowTitle(say("ui.addendum.title"))
        self.setStyleSheet(sheet())
        self.resize(660, 0)
        self.area = ScrollBody(self)
        self.why = WrapLabel(self._texts, say("ui.addendum.why"), "text", self)
        names = [f"• {self._texts.cut(text_of(line, 'name'), _MOST_LETTERS)}" for line in entry.scans]
        about = say("ui.addendum.scans", file=self._texts.cut(entry.file, _MOST_LETTERS), count=len(entry.scans))
        self.scans = WrapLabel(self._texts, "\n".join((about, *names)), "text", self)
        self.signer = IdentityPicker(services, bridge.draft.respondent_name, self)
        self.other = WrapLabel(self._texts, "", "warning", self)
        self.copy, self.go, self.close_button = (
            QPushButton(say(code), self) for code in ("ui.register.copy", "ui.addendum.go", "ui.cancel")
        )
        self.go.setObjectName("primary")
        give_keys((self.copy, "Y"), (self.go, "G"), (self.close_button, "C"))
        self.copy.hide()
        self.go.setDefault(True)
        self._lay_out()
        self.signer.changed.connect(self.follow_work)
        self.copy.clicked.connect(self._copy)
        self.go.clicked.connect(self.make)
        self.close_button.clicked.connect(self.reject)
        self._choose_signer()
        self.follow_work()

    def _lay_out(self) -> None:
        for part in (self.why, self.scans, self.signer, self.other, self.outcome):
            self.area.column.addWidget(part)
        self.area.column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, SPACE + SPACE // 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.strip)
        below = QHBoxLayout()
        below.addWidget(what_this_is(self, self._texts, "ui.what.addendum"))
        below.addStretch(1)
        for button in (self.copy, self.go, self.close_button):
            below.addWidget(button)
        layout.addLayout(below)

    def fit(self) -> None:
        """Resize to the parts that are shown now."""
        self.area.updateGeometry()
        super().fit()

    def _choose_signer(self) -> None:
        """Select the signer of the bundle, if that identity is on this PC."""
        profile = self._services.profile
        kept = IdentityStore(profile.identity, profile.identities).kept()
        same = next((one for one in kept if one.card is not None and one.card.fingerprint == self._entry.signer), None)
        if same is not None:
            self.signer.fill(same.name)

    def follow_work(self) -> None:
        """Enable the button only for the signer of the bundle."""
        card = self.signer.card
        fits = card is not None and card.fingerprint == self._entry.signer
        fingerprint = f"{groups(self._entry.signer[:16])} …"
        self.other.set_text("" if fits else self._texts.say("ui.addendum.other_signer", fingerprint=fingerprint))
        self.other.setVisible(not fits and self.verdict is None)
        self.go.setEnabled(fits and self.signer.ready() and not self.at_work)
        self.signer.setEnabled(not self.at_work)

    def make(self) -> None:
        """Ask for the file, sign, write and verify it, then show the result."""
        if not may_date(self._services, self, newest_moment(self._bridge.draft)):
            return
        chosen = self._ask_where()
        if chosen is None:
            return
        target, replace = chosen.path, bool(chosen.replace)
        try:
            identity = self.signer.identity()
        except DgdeskError as error:
            self.tell_failure(error)
            return
        draft, now, digest = self._bridge.draft, self._services.clock(), self._entry.digest
        self.work(
            self._texts.say("ui.addendum.working"),
            lambda *_: export_addendum(
                draft, target, identity=identity, claimed_time=now, digest=digest, replace=replace
            ),
            lambda verdict: self._made(target, verdict),
        )

    def _ask_where(self) -> Target | None:
        """Return the file to write, and whether an existing one is to be replaced."""
        say, stem = self._texts.say, Path(self._entry.file).name.partition(".")[0]
        suggested = self._bridge.draft.path.with_name(say("ui.addendum.name", name=stem) + _SUFFIX)
        title, kinds, draft = say("ui.addendum.where"), say("ui.bundle_files"), self._bridge.draft.path
        return choose_target(self._texts, self, "bundle", title, suggested, kinds, "addendum", inputs=[draft])

    def _made(self, target: Path, verdict: AddendumVerdict) -> None:
        self.verdict = verdict
        say = self._texts.say
        for part in (self.why, self.scans, self.signer, self.other, self.go):
            part.hide()
        self.copy.show()
        set_lettered_text(self.close_button, say("ui.close"), "C")
        self.tell(
            "text",
            "\n".join(
                (
                    say("ui.addendum.done"),
                    say("ui.export.result_path", path=target),
                    say("ui.addendum.digest", digest=grouped(verdict.digest or "")),
                    say("ui.addendum.tied", digest=grouped(self._entry.digest)),
                    say("ui.addendum.next"),
                )
            ),
        )

    def _copy(self) -> None:
        if self.verdict is not None:
            copy_plain(self.verdict.digest or "")

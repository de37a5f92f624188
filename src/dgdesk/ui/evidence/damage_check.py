"""Checks the digests of all evidence while the program is idle, and shows damage in the bottom bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dgdesk.draft.file.store import DraftFile
from dgdesk.evidence.limits import in_units
from dgdesk.folders.import_folder import ImportedFolder
from dgdesk.folders.labels import SlotLabel, labels_of
from dgdesk.folders.plan import ImportPlan
from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import Facts
from dgdesk.text.collation import list_key
from dgdesk.ui.evidence.slot_chooser import slot_words
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.latest import LatestWins, Task
from dgdesk.ui.widgets.theme_file import SPACE


class DamageStrip(QWidget):
    """The line about damaged files; hidden if there are none. ``wanted`` asks to show them."""

    wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, texts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, SPACE)
        row.setSpacing(SPACE)
        self.words = WrapLabel(texts, "", "statusfailed", self)
        self.button = QPushButton(texts.say("ui.care.see_damaged"), self)
        give_keys((self.button, "D"))
        self.button.clicked.connect(self.wanted)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        bridge.damage_changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show how many files are damaged."""
        count = len(self._bridge.damaged)
        self.words.set_text(self._texts.say("ui.care.damaged_line", count=count) if count else "")
        self.setVisible(bool(count))


_QUIET = 3_000
"""Milliseconds after opening, so that the window can build its pages first."""
_GIVE_UP = 1.0
"""Seconds that closing waits for a check; one that hangs on a slow disk is abandoned."""


class DamageWatch(QObject):
    """Checks the evidence of one draft. ``found`` carries the SHA-256 of damaged files, in the GUI thread."""

    found = Signal(object)

    def __init__(self, package: DraftFile, busy: Callable[[], bool], parent: QObject) -> None:
        """Starts no check while ``busy`` returns True."""
        super().__init__(parent)
        self._package, self._busy = package, busy
        self._latest = LatestWins("dgdesk check of evidence", self)

    @property
    def at_work(self) -> bool:
        """Whether files are being read."""
        return self._latest.running

    def soon(self, after: int = _QUIET) -> None:
        """Start a check after some milliseconds."""
        if not self.at_work:
            self._latest.soon(after, self.look)

    def look(self) -> None:
        """Start a check now, unless one is running."""
        if self.at_work:
            return
        if self._busy():
            self.soon()
        else:
            self._latest.request(self._read, self.found.emit)

    def stop(self) -> None:
        """End the check for good; returns within a second."""
        self._latest.stop(_GIVE_UP)

    def _read(self, task: Task) -> frozenset[str]:
        progress = task.progress()
        damaged = set(self._package.damaged_files(progress=progress))
        if damaged:
            # a file that was replaced or removed while it was read is not damaged
            damaged &= set(self._package.damaged_files(progress=progress))
        return frozenset(damaged)


def result_rows(texts: Texts, labels: Mapping[str, SlotLabel], result: ImportedFolder) -> list[Sequence[str]]:
    """Return a row for each file that could not be attached: where it should go, and why it was refused."""
    return [
        (
            str(item.found.path),
            texts.say("ui.folder.at", place=slot_words(texts, labels[item.slot or ""])),
            texts.error(error),
        )
        for item, error in result.failed
    ]


def lost_rows(texts: Texts, plan: ImportPlan, result: ImportedFolder) -> list[Sequence[str]]:
    """Return a row for each sentence about what did not come back, or not as it was when the folder was exported."""
    rows: list[Sequence[str]] = [(texts.catalogue.text(one.code, **one.values),) for one in plan.issues]
    for item in result.attached:
        said = [texts.catalogue.text(one.code, **one.values) for one in item.issues]
        said += [texts.say("carry.changed_late", name=item.name)] if item in result.late else []
        rows += [(str(item.found.path), *said)] if said else []
    return rows


def damage_rows(texts: Texts, form: Form, facts: Facts, damaged: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return a row for each damaged file, sorted, by its SHA-256: its name, its size, and where it is used."""
    labels = labels_of(form, facts.answers)
    rows: dict[str, Sequence[str]] = {}
    for sha256 in damaged:
        used = [(slot, one) for slot, files in facts.evidence.items() for one in files if one.sha256 == sha256]
        if not used:
            rows[sha256] = (texts.say("ui.care.unused_file", digest=sha256[:12]), texts.say("ui.care.used_nowhere"))
            continue
        names = ", ".join(dict.fromkeys(one.name for _, one in used))
        lines = [texts.say("ui.folder.file", path=names, size=in_units(used[0][1].size))]
        lines += [
            texts.say("ui.folder.at", place=slot_words(texts, labels[slot])) for slot, _ in used if slot in labels
        ]
        rows[sha256] = lines
    return dict(sorted(rows.items(), key=lambda row: (list_key(row[1][0]), row[0])))


def new_files(result: ImportedFolder, before: Evidence, after: Evidence) -> frozenset[tuple[str, str]]:
    """Return slot and SHA-256 of every file that the import has attached."""
    slots = {item.slot for item in result.attached if item.slot is not None}
    there = {(slot, one.sha256) for slot in slots for one in before.get(slot, ())}
    return frozenset((slot, one.sha256) for slot in slots for one in after.get(slot, ())) - there

"""The files of the draft that were attached last, offered at an empty slot as buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from dgdesk.errors import DgdeskError
from dgdesk.survey.answers.attachments import Attachment, Evidence
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.icons import put_icon
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout, show_if
from dgdesk.ui.widgets.plain import set_tip

OFFERED: Final = 3
"""How many files are offered."""
_AROUND = 12
"""Pixels of a button above and below its text."""
_LETTERS = 24
"""Width of a name, in letters."""


def newest(
    order: Iterable[str], attached: Mapping[str, Attachment], damaged: frozenset[str], most: int = OFFERED
) -> tuple[Attachment, ...]:
    """Return the files attached last, without what was said of their key passages.

    ``order`` are SHA-256 sums, the last one attached at the end; damaged files, and those that are not ``attached`` any
    more, are left out.
    """
    found = [attached[sha256].bare() for sha256 in order if sha256 in attached and sha256 not in damaged]
    return tuple(found[: -most - 1 : -1])


class RecentFiles(QObject):
    """In which order the files of one draft were attached; a child of the bridge."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._order: dict[str, None] = {}
        self._seen: Evidence = bridge.state.facts.evidence
        if not bridge.jobs.busy:
            try:
                self._order = {one.sha256: None for one in bridge.draft.package.files()}
            except DgdeskError:  # the drive is gone; what is attached from now on is known
                self._order = {}

    def offered(self) -> tuple[Attachment, ...]:
        """Return the files to offer, the newest first."""
        self.follow()
        bridge = self._bridge
        attached: dict[str, Attachment] = {}
        for sha256 in list(self._order)[::-1]:
            if len(attached) > 2 * OFFERED:
                break
            for slot in bridge.uses(sha256)[:1]:
                attached[sha256] = next(one for one in bridge.state.facts.evidence[slot] if one.sha256 == sha256)
        return newest(self._order, attached, bridge.damaged)

    def follow(self) -> None:
        """Take in what was attached since; slots whose files are the same object as before have not changed."""
        before, self._seen = self._seen, self._bridge.state.facts.evidence
        for slot, files in self._seen.items():
            if before.get(slot) is not files:
                known = {one.sha256 for one in before.get(slot, ())}
                for one in files:
                    if one.sha256 not in known:
                        self._order.pop(one.sha256, None)
                        self._order[one.sha256] = None


def recent_of(bridge: Bridge) -> RecentFiles:
    """Return the order of a draft's files."""
    return bridge.findChild(RecentFiles) or RecentFiles(bridge)


class RecentChips(QWidget):
    """A button for each file that is offered, at a slot that is empty. ``chosen`` carries a tuple of one attachment."""

    chosen = Signal(object)

    def __init__(self, parts: PageContext, slot: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts, self._slot = parts, slot
        self._shown: tuple[Attachment, ...] = ()
        self.buttons: list[PageButton] = []
        self._flow: FlowLayout | None = None
        # A page with many empty places opens first.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._build)

    def follow(self) -> None:
        """Offer the files that are the newest now; nothing if the slot has files or the draft is read-only."""
        bridge = self._parts.bridge
        wanted = not bridge.read_only and not bridge.state.facts.evidence.get(self._slot)
        recent = recent_of(bridge)
        recent.follow()
        files = recent.offered() if wanted else ()
        if files != self._shown:
            self._shown = files
            self.setMinimumHeight(self.fontMetrics().height() + _AROUND if files else 0)
            self._later.start()
        show_if(self, bool(files))

    def _build(self) -> None:
        if self._flow is None:
            self._flow = FlowLayout(self)
            self._flow.addWidget(WrapLabel(self._parts.texts, self._parts.texts.say("ui.recent"), "hint", self))
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(one) for one in self._shown]
        for button in self.buttons:
            self._flow.addWidget(button)
            show_if(button, True)

    def _button(self, one: Attachment) -> PageButton:
        button = PageButton(self)
        metrics = button.fontMetrics()
        name = metrics.elidedText(one.name, Qt.TextElideMode.ElideMiddle, _LETTERS * metrics.averageCharWidth())
        button.setText(name.replace("&", "&&"))
        button.setObjectName("small")
        put_icon(button, self._parts.services.icons, "attach")
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        words = self._parts.texts.say("ui.recent.attach", name=one.name)
        button.setAccessibleName(words)
        set_tip(button, words)
        button.clicked.connect(lambda: self.chosen.emit((one,)))
        return button

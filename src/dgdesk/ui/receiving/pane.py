"""Window, receiving, pane: the plain report on the file that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dgdesk.ui.receiving.entries import Entry
from dgdesk.ui.receiving.report import entry_lines, verdict_words
from dgdesk.ui.widgets.label import Texts, WrapLabel


class ReportPane(QScrollArea):
    """The verdict in its colour, and a line for every fact."""

    def __init__(self, texts: Texts, provinces: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._texts, self._provinces = texts, provinces
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(texts.say("ui.receiving.details"))
        inner = QWidget(self)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        self.name = WrapLabel(texts, "", "question", inner)
        self.verdict = WrapLabel(texts, "", "question", inner)
        self.details = WrapLabel(texts, "", "text", inner)
        for part in (self.name, self.verdict, self.details):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setWidget(inner)

    def show_entries(self, chosen: Sequence[Entry], *, empty: bool) -> None:
        """Show the report on one file; of several, that they are several."""
        say = self._texts.say
        name, role, verdict, lines = "", "hint", "", ""
        if len(chosen) == 1:
            role, verdict = verdict_words(self._texts, chosen[0])
            name, lines = chosen[0].name, "\n".join(entry_lines(chosen[0], self._provinces, self._texts))
        elif chosen:
            verdict = say("ui.receiving.many_chosen", count=len(chosen))
        else:
            verdict = say("ui.receiving.empty" if empty else "ui.receiving.none_chosen")
        self.name.set_text(name)
        self.name.setVisible(bool(name))
        self.verdict.set_role(role)
        self.verdict.set_text(verdict)
        self.details.set_text(lines)
        self.setAccessibleDescription(" ".join(part for part in (name, verdict) if part))
        self.verticalScrollBar().setValue(0)

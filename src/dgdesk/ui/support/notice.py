"""The notice below the page, and the results of the PC check in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dgdesk.support.report import check_sentence
from dgdesk.system.check.clock import CheckResult
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.icons import OF_SEVERITY, status_pixmap
from dgdesk.ui.widgets.keyboard import has_focus
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.plain import plain_label
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel, sheet
from dgdesk.ui.widgets.theme_file import SPACE

_ONCE = frozenset({"office.from_internet", "office.zone_differs"})
"""Notes that are shown on opening nevertheless, once for each draft."""
_BEFORE_EXPORT = frozenset(
    {"office.disk_low", "office.clock_before_draft", "office.clock_after_draft", "office.clock_ahead"}
)
"""Warnings that can make an export fail, in addition to all errors."""


def to_show(findings: Sequence[CheckResult], quiet: Sequence[str], draft: str) -> tuple[CheckResult, ...]:
    """Return the findings for the notice: errors and warnings, except those dismissed for this draft."""
    return tuple(
        one for one in findings if (one.severity != "note" or one.code in _ONCE) and quiet_key(one, draft) not in quiet
    )


def shown_once(findings: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the findings that are shown only once."""
    return tuple(one for one in findings if one.code in _ONCE)


def against_export(findings: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the findings that the user should know before an export."""
    return tuple(one for one in findings if one.severity == "error" or one.code in _BEFORE_EXPORT)


def quiet_key(finding: CheckResult, draft: str) -> str:
    """Return the key by which the settings remember a finding dismissed for a draft."""
    return f"{finding.code} {draft}"


def strip_words(findings: Sequence[CheckResult], texts: Texts) -> str:
    """Return the line of the notice: the worst finding, and how many more there are."""
    first = title(findings[0], texts)
    more = len(findings) - 1
    return texts.say("ui.office.strip_more", first=first, more=more) if more else first


def title(finding: CheckResult, texts: Texts) -> str:
    """Return a finding in a few words."""
    return texts.say(f"ui.office.short_{finding.code.removeprefix('office.')}", **finding.values)


def lines(finding: CheckResult, texts: Texts) -> tuple[str, str]:
    """Return the heading of a finding, with its severity, and its whole sentence."""
    head = texts.say(
        "ui.office.head", severity=texts.say(f"ui.office.severity_{finding.severity}"), title=title(finding, texts)
    )
    return head, check_sentence(finding, texts.catalogue)


def as_text(findings: Sequence[CheckResult], texts: Texts, when: str) -> str:
    """Return all findings as plain text for the clipboard."""
    words = [f"{head}\n{whole}" for head, whole in (lines(one, texts) for one in findings)]
    return "\n\n".join((texts.say("ui.office.copied_head", time=when), *(words or [texts.say("office.all_well")])))


NoticeAction = tuple[str, str, Callable[[], object]]
"""A button's text, its Alt letter, and its handler."""


class Notice(QWidget):
    """A strip with a message and buttons. The last button also removes it.

    The strip deletes itself, so who keeps one forgets it at ``gone``.
    """

    gone = Signal()

    def __init__(
        self, services: Services, mark: str, words: str, actions: Sequence[NoticeAction], parent: QWidget
    ) -> None:
        """``mark`` is "error", "warning" or "note"."""
        super().__init__(parent)
        self.setStyleSheet(sheet())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE, SPACE, SPACE, SPACE // 2)
        ground = Panel("card", self)
        outer.addWidget(ground)
        row = QHBoxLayout(ground)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(mark_label(services, mark, ground), 0, Qt.AlignmentFlag.AlignVCenter)
        self.label = WrapLabel(services.texts, words, "status", ground)
        self.label.set_role("text")
        self.label.set_text(words)
        row.addWidget(self.label, 1)
        self._is_gone = False
        self.had_focus = False
        """Whether it had the focus when it was removed."""
        self.buttons: list[QPushButton] = []
        for text, letter, act in actions:
            button = QPushButton(text, ground)
            give_keys((button, letter))
            button.clicked.connect(act)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self.buttons.append(button)
        dismiss = self.buttons[-1]
        dismiss.setAccessibleName(services.texts.say("ui.office.dismiss", button=dismiss.text(), notice=words))
        dismiss.clicked.connect(self.go)

    def go(self) -> None:
        """Remove the notice; a second call does nothing."""
        if not self._is_gone:
            self._is_gone = True
            self.had_focus = has_focus(self)
            self.hide()
            self.deleteLater()
            self.gone.emit()


def mark_label(services: Services, mark: str, parent: QWidget) -> QLabel:
    """Return the icon of a severity; the text next to it says the same."""
    label = plain_label("", parent)
    label.setPixmap(status_pixmap(services.icons, OF_SEVERITY[mark], parent.devicePixelRatioF()))
    label.setAccessibleName(services.texts.say(f"ui.office.severity_{mark}"))
    return label

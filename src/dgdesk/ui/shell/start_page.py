"""The start page: continue, begin a survey, open a draft, verify a bundle, get help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dgdesk.system.settings import Settings
from dgdesk.text.dates import thai_day
from dgdesk.text.editions import EditionHead, edition_asks, edition_called, edition_respondents
from dgdesk.ui.editions.dropping import dropped_pack
from dgdesk.ui.form.editors.choices import STYLED_INDENT, SearchCombo
from dgdesk.ui.shell.edition_choice import EditionChoice
from dgdesk.ui.shell.hero_card import HeroCard
from dgdesk.ui.shell.new_survey import NewSurvey
from dgdesk.ui.shell.recent_list import RecentList
from dgdesk.ui.shell.start_foot import StartFoot
from dgdesk.ui.shell.start_notices import warn_of_expiry, warn_of_unusable
from dgdesk.ui.widgets.app_theme import POINTS
from dgdesk.ui.widgets.buttons import WhatButton, give_keys
from dgdesk.ui.widgets.icons import ACTIONS, put_icon
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout, column
from dgdesk.ui.widgets.plain import set_what
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel, sheet
from dgdesk.ui.widgets.theme_file import SPACE

_WIDEST = 1240
_NARROW = 720
"""Pixels at the normal text size."""


class StartPage(QScrollArea):
    """The start page.

    ``new_wanted`` carries a `NewSurvey`, ``recent_wanted`` and ``forget_wanted`` a path, ``named`` the user's name,
    ``asked`` the name of a menu action, ``edition_chosen`` the id of an edition, ``pack_dropped`` the path of its pack.
    """

    new_wanted = Signal(object)
    open_wanted = Signal()
    recent_wanted = Signal(str)
    forget_wanted = Signal(str)
    named = Signal(str)
    asked = Signal(str)
    edition_chosen = Signal(str)
    pack_dropped = Signal(object)

    def __init__(
        self,
        editions: Sequence[EditionHead],
        edition: str,
        services: Services,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        """``editions`` are those to choose from; ``edition`` is chosen at first."""
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._heads = {one.id: one for one in editions}
        self._edition = edition
        self.setObjectName("startpage")
        self.setStyleSheet(sheet())
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._services, self._settings = services, settings
        self._say = services.texts.say
        content = QWidget()
        content.setObjectName("startcontent")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QHBoxLayout(content)
        outer.setContentsMargins(3 * SPACE, SPACE + SPACE // 2, 3 * SPACE, SPACE + SPACE // 2)
        middle = QWidget(content)
        middle.setMaximumWidth(_WIDEST)
        outer.addWidget(middle)
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        self.title = WrapLabel(services.texts, "", "starttitle", middle)
        layout.addWidget(self.title)
        layout.addWidget(WrapLabel(services.texts, self._say("ui.start.intro"), "text", middle))
        self.foot = StartFoot(self, lambda height: self.setViewportMargins(0, 0, 0, height))
        self.notice = WrapLabel(services.texts, "", "warning", self.foot)
        self.notice.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self.notice.hide()
        self.foot.add(self.notice)
        self.ending = warn_of_expiry(services, self.note, self)
        self.litter = warn_of_unusable(services, self.note, self)
        self.hero = self._hero(middle)
        self.go_on_button = self.hero.open_button if self.hero is not None else None
        if self.hero is not None:
            layout.addWidget(self.hero)
        halves = self._halves = QHBoxLayout()
        halves.setSpacing(2 * SPACE)
        left, right = QVBoxLayout(), QVBoxLayout()
        for half in (left, right):
            half.setSpacing(SPACE + SPACE // 2)
            halves.addLayout(half, 1)
        layout.addLayout(halves)
        layout.addStretch(1)
        if self.hero is None:
            self._offer_new(left, middle)
            self._offer_drafts(right, middle)
        else:
            self._offer_drafts(left, middle)
            self._offer_new(right, middle)
        self._offer_more(right, middle)
        left.addStretch(1)
        right.addStretch(1)
        self._follow_edition()
        self.setWidget(content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < _NARROW * self.font().pointSizeF() / POINTS
        direction = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._halves.setDirection(direction)
        super().resizeEvent(event)

    def show_notice(self, strip: QWidget) -> None:
        """Show a notice at the lower edge."""
        self.foot.add(strip)

    def focus_first(self) -> None:
        """Set the focus to the most likely next step."""
        first: QWidget = self.go_on_button or (self.respondent if self.who.text() else self.who)
        first.setFocus()

    def enter(self) -> None:
        """Give the focus to the most likely next step."""
        self.focus_first()

    def begin_new(self) -> None:
        """Unfold the form for a new survey, and set the focus to its first empty box."""
        self.unfold.hide()
        self.form.show()
        (self.respondent.box if self.who.text() else self.who).setFocus()

    def ask_respondent(self) -> None:
        """Mark the box of the respondent, which a new survey needs, and say so below it."""
        self.begin_new()
        self.wrong.set_text(self._say("ui.start.choose_respondent", called=self._called, count=len(self._names)))
        self.wrong.show()
        self.respondent.box.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_pack(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept: a scroll area refuses what moves over it."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (pack := dropped_pack(event.mimeData())) is not None:
            event.acceptProposedAction()
            self.pack_dropped.emit(pack)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.recents.read_again()

    def typed(self) -> NewSurvey:
        """Return the fields for a new survey."""
        return NewSurvey(*(box.text().strip() for box in self._boxes()))

    def fill(self, wanted: NewSurvey) -> None:
        """Fill in the fields for a new survey."""
        for box, text in zip(self._boxes(), astuple(wanted), strict=True):
            box.setText(text)

    def note(self, words: str) -> None:
        """Show a sentence at the lower edge, below those before."""
        self.notice.set_text("\n".join(part for part in (self.notice.plain_text(), words) if part))
        self.notice.show()
        self.foot.follow()

    def _boxes(self) -> tuple[LineInput, ...]:
        return self.respondent.box, self.address, self.first_name, self.last_name

    def _hero(self, owner: QWidget) -> HeroCard | None:
        """The draft to go on with: the one that was not closed, else the one that was open last."""
        settings = self._settings
        last = settings.recent(settings.open_draft) or next(iter(settings.recents), None)
        if last is None:
            return None
        hero = HeroCard(last, self._services.texts, thai_day(self._services.clock()), owner)
        set_what(hero, self._services.texts, self._say("ui.what.last"))
        give_keys((hero.open_button, "G"))
        return hero

    def _offer_new(self, half: QVBoxLayout, owner: QWidget) -> None:
        outer = self._card(half, self._say("ui.start.new"), "", owner, "ui.what.new")
        self.new_hint = outer.findChildren(WrapLabel)[-1]
        self.unfold = _button(self._say("ui.start.unfold_new"), outer, "plain")
        self.unfold.clicked.connect(self.begin_new)
        self.unfold.setVisible(self.hero is not None)
        give_keys((self.unfold, "W"))
        _add_row(outer, self.unfold)
        card = self.form = QFrame(outer)
        column(card, SPACE).setContentsMargins(0, 0, 0, 0)
        card.setVisible(self.hero is None)
        _inner(outer).addWidget(card)
        today = thai_day(self._services.clock())
        self.choice = EditionChoice(tuple(self._heads.values()), self._edition, self._services.texts, today, card)
        self.choice.chosen.connect(self._choose)
        _inner(card).addWidget(self.choice)
        self.who = self._line(card, "ui.start.who", self._services.who)
        self.who.editingFinished.connect(lambda: self.named.emit(self.who.text()))
        self._names: tuple[str, ...] = ()
        self.respondent = SearchCombo([], card, STYLED_INDENT)
        self.respondent.box.setPlaceholderText(self._say("ui.search_list"))
        self.respondent_label = self._labelled(card, "", self.respondent)
        self.wrong = WrapLabel(self._services.texts, "", "error", card)
        self.wrong.hide()
        _inner(card).addWidget(self.wrong)
        self.respondent.box.textChanged.connect(lambda _: self.wrong.hide())
        self.address = LineInput(card)
        self.address.setAccessibleName(self._say("ui.start.address"))
        self._facts: dict[str, tuple[QWidget, ...]] = {
            "address": (self.address, self._labelled(card, self._say("ui.start.address"), self.address))
        }
        names = QGridLayout()
        names.setHorizontalSpacing(SPACE)
        names.setVerticalSpacing(SPACE // 2)
        self.first_name, self.last_name = LineInput(card), LineInput(card)
        boxes = ((self.first_name, "ui.start.first_name"), (self.last_name, "ui.start.last_name"))
        facts = ("first_name", "last_name")
        for number, ((box, code), fact) in enumerate(zip(boxes, facts, strict=True)):
            label = WrapLabel(self._services.texts, self._say(code), "hint", card)
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            names.addWidget(label, 0, number)
            names.addWidget(box, 1, number)
            names.setColumnStretch(number, 1)
            box.setAccessibleName(self._say(code))
            self._facts[fact] = (box, label)
        _inner(card).addLayout(names)
        self.new_button = _button(
            self._say("ui.start.new_button"), card, "primary" if self.go_on_button is None else "plain"
        )
        self.new_button.clicked.connect(lambda: self.new_wanted.emit(self.typed()))
        give_keys((self.new_button, "B"))
        put_icon(self.new_button, self._services.icons, ACTIONS["start"], chief=self.go_on_button is None)
        _add_row(card, self.new_button)

    def _choose(self, edition: str) -> None:
        self._edition = edition
        self._follow_edition()
        self.edition_chosen.emit(edition)

    def _follow_edition(self) -> None:
        """Speak of the edition that is chosen: who answers it, and what it asks of them."""
        edition = self._edition
        self._called = edition_called(self._say, edition)
        # with several editions the page is not that of one of them
        self.title.set_text(self._heads[edition].title if len(self._heads) == 1 else self._say("ui.program"))
        self.new_hint.set_text(self._say("ui.start.new_hint", called=self._called))
        self.respondent_label.set_text(self._called)
        self.respondent.setAccessibleName(self._called)
        self.wrong.hide()
        names = tuple(edition_respondents(edition).values())
        if names != self._names:
            self._names = names
            self.respondent.offer(list(names))
        asked = edition_asks(edition)
        for fact, parts in self._facts.items():
            for part in parts:
                part.setVisible(fact in asked)

    def _offer_drafts(self, half: QVBoxLayout, owner: QWidget) -> None:
        card = self._card(half, self._say("ui.start.open"), self._say("ui.start.open_hint"), owner, "ui.what.recents")
        self.recents = RecentList(
            self._settings.recents, self._services.clock, self._services.texts, card, first=self.hero
        )
        self.recents.open_wanted.connect(self.recent_wanted)
        self.recents.removal_wanted.connect(self.forget_wanted)
        _inner(card).addWidget(self.recents)
        self.recents.setVisible(len(self._settings.recents) > (self.hero is not None))
        self.open_button = _button(self._say("ui.start.open_button"), card, "plain")
        self.open_button.clicked.connect(self.open_wanted)
        give_keys((self.open_button, "O"))
        put_icon(self.open_button, self._services.icons, ACTIONS["open"])
        _add_row(card, self.open_button)

    def _offer_more(self, half: QVBoxLayout, owner: QWidget) -> None:
        card = self._card(half, self._say("ui.start.more"), self._say("ui.start.more_hint"), owner, "ui.what.more")
        self.more: dict[str, QPushButton] = {}
        holder = QWidget(card)
        row = FlowLayout(holder, SPACE)
        letters = {"editions": "I", "check": "C", "help": "U", "settings": "S", "language": "L"}
        for name, letter in letters.items():
            self.more[name] = _button(self._say(f"ui.start.{name}"), holder, "plain")
            give_keys((self.more[name], letter))
            put_icon(self.more[name], self._services.icons, ACTIONS[name])
            self.more[name].clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            row.addWidget(self.more[name])
        _inner(card).addWidget(holder)

    def _line(self, card: QFrame, code: str, text: str = "") -> LineInput:
        box = LineInput(card)
        box.setText(text)
        box.setAccessibleName(self._say(code))
        self._labelled(card, self._say(code), box)
        return box

    def _labelled(self, card: QFrame, words: str, box: QWidget) -> WrapLabel:
        both = QVBoxLayout()
        both.setSpacing(SPACE // 2)
        label = WrapLabel(self._services.texts, words, "hint", card)
        both.addWidget(label)
        both.addWidget(box)
        _inner(card).addLayout(both)
        return label

    def _card(self, layout: QVBoxLayout, title: str, hint: str, owner: QWidget, what: str) -> QFrame:
        card, texts = Panel("card", owner), self._services.texts
        set_what(card, texts, self._say(what))
        inner = column(card, SPACE)
        inner.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, 2 * SPACE)
        head = QHBoxLayout()
        head.addWidget(WrapLabel(texts, title, "question", card), 1)
        head.addWidget(WhatButton(texts, title, lambda: card, card))
        inner.addLayout(head)
        inner.addWidget(WrapLabel(texts, hint, "hint", card))
        layout.addWidget(card)
        return card


def _inner(card: QFrame) -> QVBoxLayout:
    layout = card.layout()
    assert isinstance(layout, QVBoxLayout)
    return layout


def _button(text: str, owner: QWidget, role: str) -> QPushButton:
    button = QPushButton(text, owner)
    button.setObjectName(role)
    return button


def _add_row(card: QFrame, *widgets: QWidget) -> None:
    row = QHBoxLayout()
    row.setSpacing(SPACE)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    _inner(card).addLayout(row)

"""Inputs for passphrases: hidden letters, and a new passphrase typed twice."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from dgdesk.bundle.signing.keyfile import strength
from dgdesk.errors import UsageError
from dgdesk.ui.identities.wording import strength_words
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.letters import letter_label
from dgdesk.ui.widgets.plain import plain_label
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme_file import SPACE


def labelled(texts: Texts, code: str, letter: str, box: QWidget, owner: QWidget) -> QVBoxLayout:
    """Return a layout of label and box; the label is also the box's accessible name."""
    words = texts.say(code)
    box.setAccessibleName(words)
    label = plain_label(words, owner)
    letter_label(label, letter, box)
    column = QVBoxLayout()
    column.setSpacing(SPACE // 2)
    column.addWidget(label)
    column.addWidget(box)
    return column


_LONGEST = 1024


class SecretInput(LineInput):
    """A box for a passphrase. Its letters are hidden, and input methods do not learn them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(_LONGEST)
        self.show_letters(False)

    def clear(self) -> None:
        """Clear the text so that undo cannot bring it back."""
        self.setText("")

    def show_letters(self, shown: bool) -> None:
        """Show or hide the letters."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self.setInputMethodHints(hints.ImhSensitiveData | hints.ImhNoPredictiveText | hints.ImhNoAutoUppercase)


class ShowLetters(CheckRow):
    """The check box that shows the letters of passphrase boxes."""

    def __init__(self, texts: Texts, boxes: Collection[SecretInput], parent: QWidget) -> None:
        super().__init__(texts, (Run(texts.say("ui.secret.show")),), parent)
        self._boxes = tuple(boxes)
        self.toggled.connect(self._follow)

    def _follow(self, shown: bool) -> None:
        for box in self._boxes:
            box.show_letters(shown)


class NewSecret(QWidget):
    """A new passphrase, typed twice, or explicitly none. ``known`` returns names that are easy to guess.

    ``others`` are boxes whose letters are shown and hidden together with these.
    """

    changed = Signal()

    def __init__(
        self,
        texts: Texts,
        known: Callable[[], Collection[str]],
        parent: QWidget,
        *,
        others: Collection[SecretInput] = (),
    ) -> None:
        super().__init__(parent)
        self._texts, self._known = texts, known
        self.first, self.again = SecretInput(self), SecretInput(self)
        self.hint, self.differs = WrapLabel(texts, "", "hint", self), WrapLabel(texts, "", "warning", self)
        self.differs.set_text(texts.say("ui.secret.differs"))
        self.show_row = ShowLetters(texts, (*others, self.first, self.again), self)
        self.without: CheckRow = CheckRow(texts, (Run(texts.say("ui.signer.without")),), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(labelled(texts, "ui.secret.new", "P", self.first, self))
        layout.addWidget(self.hint)
        layout.addLayout(labelled(texts, "ui.signer.again", "A", self.again, self))
        layout.addWidget(self.differs)
        layout.addWidget(self.show_row)
        layout.addWidget(self.without)
        for box in (self.first, self.again):
            box.textChanged.connect(lambda _: self._follow())
        self.without.toggled.connect(lambda _: self._follow())
        self._follow()

    def parts(self) -> tuple[QWidget, ...]:
        """The widgets that take the focus, from top to bottom."""
        return self.first, self.again, self.show_row, self.without

    def filled(self) -> bool:
        """Whether both boxes are filled in, or no passphrase is wanted."""
        return self.without.isChecked() or bool(self.first.text().strip() and self.again.text())

    def value(self) -> str | None:
        """Return the passphrase, or None if none is wanted.

        Raises:
            UsageError: ``ui.signer_no_passphrase``, ``ui.signer_differs``.
        """
        if self.without.isChecked():
            return None
        if not self.first.text().strip():
            raise UsageError("ui.signer_no_passphrase")
        if self.first.text() != self.again.text():
            raise UsageError("ui.signer_differs")
        return self.first.text()

    def clear(self) -> None:
        """Clear both boxes."""
        self.first.clear()
        self.again.clear()
        self.show_row.setChecked(False)

    def _follow(self) -> None:
        without = self.without.isChecked()
        for part in (self.first, self.again, self.show_row):
            part.setEnabled(not without)
        typed = self.first.text()
        if without:
            self.hint.set_role("warning")
            self.hint.set_text(self._texts.say("ui.secret.without_means"))
        elif not typed:
            self.hint.set_role("hint")
            self.hint.set_text(self._texts.say("ui.secret.advice"))
        else:
            hint = strength(typed, known=tuple(self._known()))
            role, words = strength_words(self._texts, hint)
            self.hint.set_role(role)
            self.hint.set_text(words)
        differs = bool(self.again.text()) and self.again.text() != typed and not without
        self.differs.setVisible(differs)
        self.again.setAccessibleDescription(self.differs.plain_text() if differs else "")
        self.first.setAccessibleDescription(self.hint.plain_text())
        self.changed.emit()

"""Window, choice row: the buttons of a dialog that ends with the number of the one pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dgdesk.ui.mnemonic import deal_keys
from dgdesk.ui.text import Texts


def fill_row(
    row: QHBoxLayout,
    texts: Texts,
    buttons: Sequence[str],
    chosen: Callable[[int], None],
    owner: QWidget,
    *,
    letters: Sequence[tuple[str, str]] = (),
) -> list[QPushButton]:
    """Add a button for each of the words, with a letter of its own; ``chosen`` is called with the number pressed.

    ``letters`` gives words, beside "OK" and "cancel", that always have the same letter.
    """
    made = []
    fixed = [(texts.say("ui.ok"), "O"), (texts.say("ui.cancel"), "C"), *letters]
    for number, (words, keyed) in enumerate(zip(buttons, deal_keys(buttons, fixed), strict=True)):
        button = QPushButton(keyed, owner)
        button.setAccessibleName(words)
        button.clicked.connect(lambda _=False, number=number: chosen(number))
        row.addWidget(button)
        made.append(button)
    return made

"""The arrangement of a dialog that manages a list: the list on the left, what can be done with it on the right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.ui.widgets.theme_file import SPACE


def arrange_list(
    dialog: QWidget,
    above: Sequence[QWidget],
    listed: QWidget,
    groups: Sequence[Sequence[QWidget]],
    below: tuple[QWidget, QWidget],
) -> None:
    """Lay out a dialog, and let Tab go through it in reading order.

    ``above`` is said over the list; ``groups`` are the buttons, with a gap between groups; ``below`` them come the "?"
    and the button that closes.
    """
    layout = QHBoxLayout(dialog)
    layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
    layout.setSpacing(2 * SPACE)
    left = QVBoxLayout()
    left.setSpacing(SPACE)
    for one in above:
        left.addWidget(one)
    left.addWidget(listed, 1)
    layout.addLayout(left, 1)
    right = QVBoxLayout()
    right.setSpacing(SPACE)
    for number, group in enumerate(groups):
        if number:
            right.addSpacing(2 * SPACE)
        for button in group:
            right.addWidget(button)
    right.addStretch(1)
    about, close = below
    last = QHBoxLayout()
    last.addWidget(about)
    last.addStretch(1)
    last.addWidget(close)
    right.addLayout(last)
    layout.addLayout(right)
    buttons = [button for group in groups for button in group]
    for one, other in pairwise((listed, *buttons, about, close)):
        dialog.setTabOrder(one, other)

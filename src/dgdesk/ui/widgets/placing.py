"""Where a window opens on the screens that there are now. Pure; imported before the first frame is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ORDINARY: Final = (1360, 820)
LEAST: Final = (900, 600)
TITLE_BAR: Final = 30
"""Height of the title bar that the window system adds, in pixels."""
FRAME: Final = 4
"""Width of its frame at each side; at a scaling of 150 % a screen's width is no whole number of pixels either."""


@dataclass(frozen=True, slots=True)
class ScreenBox:
    """A rectangle in pixels: a screen without its task bar, or the content of a window."""

    x: int
    y: int
    width: int
    height: int

    def common(self, other: ScreenBox) -> int:
        """Return the area that both rectangles share, in pixels."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(across, 0) * max(down, 0)


def place_window(size: tuple[int, int], corner: tuple[int, int] | None, screens: Sequence[ScreenBox]) -> ScreenBox:
    """Return where to open a window of ``size`` (``(0, 0)``: never opened before) that was closed at ``corner``.

    The first screen is the main one. The window, including its frame, always fits on one screen: since last time, the
    screen may have become smaller or been removed.
    """
    width, height = size if size[0] else ORDINARY
    wanted = None if corner is None else ScreenBox(*corner, width, height)
    screen = screens[0] if wanted is None else max(screens, key=wanted.common)
    width, height = min(width, screen.width), min(height, screen.height - TITLE_BAR)
    if wanted is None or not wanted.common(screen):
        # centred on the screen
        x, y = screen.x + (screen.width - width) // 2, screen.y + TITLE_BAR + (screen.height - TITLE_BAR - height) // 2
    else:
        x = min(max(wanted.x, screen.x), screen.x + screen.width - width)
        y = min(max(wanted.y, screen.y + TITLE_BAR), screen.y + screen.height - height)
    return ScreenBox(x, y, width, height)

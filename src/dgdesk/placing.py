"""Placing: where a window goes on the screens that are there now. Pure; pixels as the screens count them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ORDINARY: Final = (1360, 820)
LEAST: Final = (900, 600)
TITLE_BAR: Final = 30
"""What the window system's frame takes above a window."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: a screen without its task bar, or a window's content."""

    x: int
    y: int
    width: int
    height: int

    def common(self, other: Box) -> int:
        """Return the area of both together."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(across, 0) * max(down, 0)


def place_window(size: tuple[int, int], corner: tuple[int, int] | None, screens: Sequence[Box]) -> Box:
    """Return where a window stands that was left at ``corner`` in ``size`` ((0, 0): never).

    The first screen is the main one. The window is never larger than its screen, and stands on it whole, its frame
    above it too: the screen may have become smaller, or have gone.
    """
    width, height = size if size[0] else ORDINARY
    wanted = None if corner is None else Box(*corner, width, height)
    screen = screens[0] if wanted is None else max(screens, key=wanted.common)
    width, height = min(width, screen.width), min(height, screen.height - TITLE_BAR)
    if wanted is None or not wanted.common(screen):
        # in the middle
        x, y = screen.x + (screen.width - width) // 2, screen.y + TITLE_BAR + (screen.height - TITLE_BAR - height) // 2
    else:
        x = min(max(wanted.x, screen.x), screen.x + screen.width - width)
        y = min(max(wanted.y, screen.y + TITLE_BAR), screen.y + screen.height - height)
    return Box(x, y, width, height)

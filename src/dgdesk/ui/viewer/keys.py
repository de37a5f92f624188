"""Window, viewer, keys: the viewer's keys, by what they do; the viewer obeys them, the list of keys shows them."""

from __future__ import annotations

from typing import Final

KEYS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("find", ("Ctrl+F",)),
    ("find_next", ("F3", "Ctrl+G")),
    ("find_previous", ("Shift+F3", "Ctrl+Shift+G")),
    ("larger", ("Ctrl++", "Ctrl+=")),
    ("smaller", ("Ctrl+-",)),
    ("fit_width", ("Ctrl+0",)),
    ("fit_page", ("Ctrl+9",)),
    ("real_size", ("Ctrl+1",)),
    ("rotate", ("Ctrl+R",)),
    ("page_next", ("Ctrl+PgDown",)),
    ("page_previous", ("Ctrl+PgUp",)),
    ("file_next", ("Alt+PgDown",)),
    ("file_previous", ("Alt+PgUp",)),
    ("mark", ("Ctrl+M",)),
    ("undo", ("Ctrl+Z",)),
    ("redo", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ("copy", ("Ctrl+C",)),
)
"""Names, and the keys; obeyed wherever the focus is in the viewer."""

ON_PAGE: Final[tuple[tuple[str, str], ...]] = (
    ("Insert", "add"),
    ("Space / Shift+Space", "choose"),
    ("← ↑ → ↓ / Ctrl+← ↑ → ↓", "move"),
    ("Shift+← ↑ → ↓", "resize"),
    ("Delete", "remove"),
)
"""Keys as they are shown, and names; obeyed while the page has the focus."""

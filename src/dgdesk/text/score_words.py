"""The three figures of a score in words, which are the same in the window, in print and on the command line."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[..., str]
"""Returns the text of a code of the catalogue, as `dgdesk.text.messages.Catalogue.text` does."""


def figures_line(say: Say, low: object, claimed: object, high: object) -> str:
    """Return in one line what has evidence (``low``), what is ``claimed``, and the range from ``low`` to ``high``."""
    figures = (
        (say("score.defensible"), low),
        (say("score.claimed"), claimed),
        (say("score.range"), say("score.from_to", low=low, high=high)),
    )
    return " · ".join(f"{name} {figure}" for name, figure in figures)

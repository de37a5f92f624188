"""What of a question stays together on a page, and the line that names it where it has to be parted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.pagination import Continued
from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.context import PrintContext
from dgdesk.printing.tagged import Repeated, tagged
from dgdesk.printing.tags import Part, item
from dgdesk.printing.ties import Tie, kept, owner_of, tie_of, together, trail_of
from dgdesk.text.breaks import thai_breaker

_SHORT: Final = 8  # blocks; what an option opens stays on one page if it is not more than this
_OWNER: Final = 60  # characters of a question, and of the options below which its rest stands
_TRAIL: Final = 45


def headed(head: Iterable[Block], body: Iterable[Block]) -> Iterator[Block]:
    """A question's heading and notes with the beginning of its answer, which they are never parted from."""
    inside = list(body)
    yield from together(head, Tie.WHOLE, last=bool(inside))
    yield from inside


def option_unit(label: Block, below: Sequence[Block], words: str, options: Part, *, loose: bool = False) -> list[Block]:
    """An option with what it opened: whole if that is short, else never parted from the first and last of it.

    All of it is one item of the list of ``options``. If ``loose``, a page may end between any two of its parts: on a
    form to be filled in by hand all options are open.
    """
    own = item(alone=not below)
    label = tagged(label, options, own)
    if not below:
        return [label]
    assert own.body is not None
    below = [tagged(block, options, own, own.body) for block in below]
    tie = Tie.PART if loose and len(below) > 2 else Tie.WHOLE if len(below) <= _SHORT else Tie.INSIDE
    tied = [kept(block, Tie.FREE, option=words) for block in together(below, tie)]
    if len(tied) > 1:
        tied[-2] = kept(tied[-2], Tie.WHOLE)
    return [kept(label, Tie.ALWAYS), *tied]


def choice_units(units: Sequence[Sequence[Block]], *, opened: bool) -> Iterator[Block]:
    """The options of a choice: whole, unless it is ``opened``, so that a page may end between two of them."""
    for number, unit in enumerate(units, start=1):
        tied = list(unit if opened else map(_inside_closed, unit))
        between = Tie.PART if opened else Tie.CHOICE
        tied[-1] = kept(unit[-1], between) if number < len(units) else unit[-1]
        yield from tied


def _inside_closed(block: Block) -> Block:
    """A part of an option in a choice that stays whole: where that is too long, what belongs together more is not."""
    return kept(block, Tie.CHOICE if tie_of(block) < Tie.CHOICE else Tie.WHOLE)


def item_unit(blocks: Iterable[Block], *, last: bool) -> Iterator[Block]:
    """The parts of an item of a repeat: whole if they are few. A page may end after all but the ``last``."""
    parts = list(blocks)
    tied = list(together(parts, Tie.WHOLE if len(parts) <= _SHORT else Tie.INSIDE))
    if tied and not last:
        tied[-1] = kept(tied[-1], Tie.PART)
    return iter(tied)


def owned(blocks: Iterable[Block], owner: str) -> Iterator[Block]:
    """``blocks`` as parts of a question, if they are no parts of one inside it."""
    return (kept(block, Tie.FREE, owner) for block in blocks)


def continued_line(context: PrintContext) -> Continued:
    """Gives "(ต่อ) P2.4 …" with the option under which the page begins."""

    def line(block: Block) -> Block | None:
        words = _cut(owner_of(block), _OWNER)
        runs = [TextRun(f"{context.say('print.continued')} ", bold=True), TextRun(words)]
        trail = trail_of(block)
        if trail:
            runs.append(TextRun(f" – {_cut(' – '.join(trail[-2:]), _TRAIL)}"))
        return Repeated(context.text(runs, context.styles.style(9, after=3)))

    return line


def _cut(text: str, longest: int) -> str:
    """The words of ``text`` up to about ``longest`` characters."""
    if len(text) <= longest:
        return text
    words = thai_breaker().segments(text)
    ends = [end for end in accumulate(map(len, words)) if end <= longest]
    return (text[: ends[-1]].rstrip() if ends else "") + " …"

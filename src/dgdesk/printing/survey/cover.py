"""Printing, survey: the cover: whose answers these are, as of when, and the digest that ties paper to bundle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dgdesk.printing.blocks import Block, Space
from dgdesk.printing.pen import Pen, Piece
from dgdesk.printing.style import Run
from dgdesk.printing.survey.boxes import Band, Drawn
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.evidence import handed_in
from dgdesk.printing.survey.looks import LINE
from dgdesk.printing.survey.sections import Part
from dgdesk.printing.tables import Grid, Table, TableRow, row

_NAMES = ("general.first_name", "general.last_name")


def cover(desk: Desk, parts: Sequence[Part], pages: Mapping[str, int]) -> Iterator[Block]:
    """The cover; ``pages`` is filled with the page of every part before it is drawn."""
    scale = desk.looks.scale
    yield Space(46 * scale)
    yield desk.text(desk.form.definition.title, desk.looks.title)
    variant = desk.choices.variant
    name = "blank" if desk.blank else "ready" if variant == "final" else variant
    yield desk.text(desk.say(f"print.kind.{name}"), desk.looks.style(12.5, after=10))
    if not desk.blank:
        yield Table(Grid((32, 68), line=0.4, colour=LINE), tuple(_facts(desk)), before=6, after=10)
        yield from _digest(desk)
    else:
        yield from _to_fill(desk)
    yield desk.text(desk.say("print.contents"), desk.looks.page, keep=True)
    for part in parts:
        yield _line(desk, part, pages)
    if variant in ("final", "draft"):
        legend = ["print.legend", *(["print.legend.pale"] if desk.choices.whole_form else [])]
        yield desk.text(" ".join(map(desk.say, legend)), desk.looks.style(9, before=12))


def digest_words(digest: str) -> str:
    """A digest in groups of eight, to be compared by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _facts(desk: Desk) -> Iterator[TableRow]:
    state = desk.source.state
    assert state is not None
    files = {attachment.sha256 for _, attachment in handed_in(desk.form, state)}
    rows = {
        "province": desk.source.province or desk.say("print.not_answered"),
        "edition": desk.form.definition.edition,
        "coordinator": _coordinator(desk),
        "printed": (desk.date if desk.choices.variant == "final" else desk.time)(desk.source.claimed),
        "state": desk.say(
            "print.state.ready" if state.ready else "print.state.open",
            count=desk.number(sum(one.severity == "error" for one in state.problems)),
        ),
        "answers": desk.say(
            "print.count", done=desk.number(state.whole.answers_done), asked=desk.number(state.whole.answers_asked)
        ),
        "evidence": desk.say("print.files", count=desk.number(len(files))),
    }
    for name, text in rows.items():
        label = desk.text(desk.say(f"print.cover.{name}"), desk.looks.style())
        yield row((label,), (desk.text(text, desk.looks.style(bold=name == "province")),))


def _digest(desk: Desk) -> Iterator[Block]:
    digest = desk.source.answers_digest
    if digest is None:
        yield Band((desk.text(desk.say("print.no_digest"), desk.looks.small),), tint=None, after=8)
        return
    yield Band(
        (
            desk.text((Run(desk.say("print.digest"), bold=True),), desk.looks.style()),
            desk.text(digest_words(digest), desk.looks.style(11, bold=True)),
            desk.text(desk.say("print.digest.means"), desk.looks.small),
        ),
        after=8,
    )


def _to_fill(desk: Desk) -> Iterator[Block]:
    yield Band((desk.text(desk.say("print.blank.how"), desk.looks.small),), tint=None, after=8)


def _coordinator(desk: Desk) -> str:
    names = " ".join(text for one in _NAMES if isinstance(text := desk.answers.get(one), str))
    position = desk.answers.get("general.position")
    phone = desk.answers.get("general.mobile")
    parts = [names, *(part for part in (position, phone) if isinstance(part, str))]
    return " · ".join(part for part in parts if part) or "–"


def _line(desk: Desk, part: Part, pages: Mapping[str, int]) -> Block:
    """A line of the contents: the title, which links to the part, dots, and the page."""
    size = 10 * desk.looks.scale
    high = size * 1.75

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        y = top - high * 0.7
        number = pen.piece(desk.digits(str(pages[part.key])) if part.key in pages else "", size)
        title = _fitting(pen, part.title, size, width - number.width - 14, f"#{part.key}")
        pen.line(x, y, (title,))
        dot = pen.piece(" .", size)
        count = int((width - title.width - number.width - 8) / dot.width)
        if count > 0:
            pen.line(x + width - number.width - 4 - count * dot.width, y, (dot,) * count)
        pen.line(x + width - number.width, y, (number,))

    return Drawn(high, paint)


def _fitting(pen: Pen, title: str, size: float, width: float, link: str) -> Piece:
    """The title, smaller where it would not fit on the line."""
    piece = pen.piece(title, size)
    scaled = size if piece.width <= width else size * width / piece.width
    return Piece(piece.text, scaled, piece.bold, piece.colour, link)

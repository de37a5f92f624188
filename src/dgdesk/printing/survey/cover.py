"""The cover, short digests, and the word across the pages of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import cos, pi, sin

from dgdesk.printing.blocks import Block, Space
from dgdesk.printing.document import SheetSize
from dgdesk.printing.pen import Pen, PenPiece
from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.boxes import Band, Drawn
from dgdesk.printing.survey.context import LINE, WATER, PrintContext
from dgdesk.printing.survey.evidence import handed_in
from dgdesk.printing.survey.sections import SurveyPart
from dgdesk.printing.tables import Grid, PrintRow, Table, row
from dgdesk.text.editions import edition_words

_NAMES = ("general.first_name", "general.last_name")


def cover(context: PrintContext, parts: Sequence[SurveyPart], pages: Mapping[str, int]) -> Iterator[Block]:
    """The cover; ``pages`` is filled with the page of every part before it is drawn."""
    scale = context.styles.scale
    yield Space(46 * scale)
    yield context.text(context.form.definition.title, context.styles.title)
    variant = context.choices.variant
    name = "blank" if context.blank else "ready" if variant == "final" else variant
    yield context.text(context.say(f"print.kind.{name}"), context.styles.style(12.5, after=10))
    if not context.blank:
        yield Table(Grid((32, 68), line=0.4, colour=LINE), tuple(_facts(context)), before=6, after=10)
        yield from _digest(context)
    else:
        yield from _to_fill(context)
    yield context.text(context.say("print.contents"), context.styles.page, keep=True)
    for part in parts:
        yield _line(context, part, pages)
    if variant in ("final", "draft"):
        legend = ["print.legend", *(["print.legend.pale"] if context.choices.whole_form else [])]
        yield context.text(" ".join(map(context.say, legend)), context.styles.style(9, before=12))
    about = " ".join(map(context.say, ("print.form.law", "print.form.as_printed")))
    yield context.text(about, context.styles.style(9, before=12 if variant not in ("final", "draft") else 4))


def digest_words(digest: str) -> str:
    """A digest in groups of eight, to be compared by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _facts(context: PrintContext) -> Iterator[PrintRow]:
    state = context.source.state
    assert state is not None
    files = {attachment.sha256 for _, attachment in handed_in(context.form, state)}
    rows = {
        "province": context.source.province or context.say("print.not_answered"),
        "edition": edition_words(context.say, context.form.definition.edition),
        "coordinator": _coordinator(context),
        "printed": (context.date if context.choices.variant == "final" else context.time)(context.source.claimed),
        "state": context.say(
            "print.state.ready" if state.ready else "print.state.open",
            count=context.number(sum(one.severity == "error" for one in state.problems)),
        ),
        "answers": context.say(
            "print.count",
            done=context.number(state.whole.answers_done),
            asked=context.number(state.whole.answers_asked),
        ),
        "evidence": context.say("print.files", count=context.number(len(files))),
    }
    for name, text in rows.items():
        label = context.text(context.say(f"print.cover.{name}"), context.styles.style())
        yield row((label,), (context.text(text, context.styles.style(bold=name == "province")),))


def _digest(context: PrintContext) -> Iterator[Block]:
    digest = context.source.answers_digest
    if digest is None:
        yield Band((context.text(context.say("print.no_digest"), context.styles.small),), tint=None, after=8)
        return
    yield Band(
        (
            context.text((TextRun(context.say("print.digest"), bold=True),), context.styles.style()),
            context.text(digest_words(digest), context.styles.style(11, bold=True)),
            context.text(context.say("print.digest.means"), context.styles.small),
        ),
        after=8,
    )


def _to_fill(context: PrintContext) -> Iterator[Block]:
    yield Band((context.text(context.say("print.blank.how"), context.styles.small),), tint=None, after=8)


def _coordinator(context: PrintContext) -> str:
    names = " ".join(text for one in _NAMES if isinstance(text := context.answers.get(one), str))
    position = context.answers.get("general.position")
    phone = context.answers.get("general.mobile")
    parts = [names, *(part for part in (position, phone) if isinstance(part, str))]
    return " · ".join(part for part in parts if part) or "–"


def _line(context: PrintContext, part: SurveyPart, pages: Mapping[str, int]) -> Block:
    """A line of the contents: the title, which links to the part, dots, and the page."""
    size = 10 * context.styles.scale
    high = size * 1.75

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        y = top - high * 0.7
        number = pen.piece(context.digits(str(pages[part.key])) if part.key in pages else "", size)
        title = _fitting(pen, part.title, size, width - number.width - 14, f"#{part.key}")
        pen.line(x, y, (title,))
        dot = pen.piece(" .", size)
        count = int((width - title.width - number.width - 8) / dot.width)
        if count > 0:
            pen.line(x + width - number.width - 4 - count * dot.width, y, (dot,) * count)
        pen.line(x + width - number.width, y, (number,))

    return Drawn(high, paint)


def _fitting(pen: Pen, title: str, size: float, width: float, link: str) -> PenPiece:
    """The title, in a smaller size if it does not fit on the line."""
    piece = pen.piece(title, size)
    scaled = size if piece.width <= width else size * width / piece.width
    return PenPiece(piece.text, scaled, piece.bold, piece.colour, link)


_SHORT = 16
_STROKE = 1.1  # points


def draw_watermark(pen: Pen, sheet: SheetSize, word: str) -> None:
    """Draw the outline of one word across the page, over everything that is there: no fill can cover it."""
    turn = pi / 4
    matrix = (cos(turn), sin(turn), -sin(turn), cos(turn))
    pen.outline(sheet.width / 2, sheet.height / 2, word, 210, matrix, WATER, _STROKE)


def short_digest(digest: str) -> str:
    """The first sixteen digits of a digest in groups of four: enough to distinguish two prints by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, _SHORT, 4))

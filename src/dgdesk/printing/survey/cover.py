"""The cover, short digests, and the word across the pages of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import cos, pi, sin

from dgdesk.draft.drafts import contact_of, issued_of
from dgdesk.printing.blocks import Block, Space
from dgdesk.printing.document import SheetSize
from dgdesk.printing.paragraph import BASELINE, Paragraph
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.boxes import Band
from dgdesk.printing.survey.context import LINE, WATER, PrintContext
from dgdesk.printing.survey.evidence import handed_in
from dgdesk.printing.survey.sections import SurveyPart
from dgdesk.printing.survey.writing import Gap, write_in
from dgdesk.printing.tables import Grid, PrintRow, Table, row
from dgdesk.printing.tagged import tagged
from dgdesk.printing.tags import Part
from dgdesk.survey.definition.respondent import in_words
from dgdesk.text.editions import edition_words


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
    contents = Part("TOC")
    for part in parts:
        yield tagged(_ContentsLine(context, part, pages), contents, Part("TOCI"), Part("Reference"))
    if variant in ("final", "draft"):
        legend = ["print.legend", *(["print.legend.pale"] if context.choices.whole_form else [])]
        yield context.text(" ".join(map(context.say, legend)), context.styles.style(9, before=12))
    if about := " ".join(_about(context)):
        yield context.text(about, context.styles.style(9, before=12 if variant not in ("final", "draft") else 4))


def _about(context: PrintContext) -> Iterator[str]:
    """Say by what law the survey is made, and whose words the form has, as far as the edition says it."""
    issued = issued_of(context.form)
    for name in ("law", "original") if issued is not None else ():
        words = getattr(issued, name)
        if words is not None:
            yield context.say(f"print.form.{name}", **{name: in_words(words, context.say)})


def digest_words(digest: str) -> str:
    """A digest in groups of eight, to be compared by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _facts(context: PrintContext) -> Iterator[PrintRow]:
    state = context.source.state
    assert state is not None
    files = {attachment.sha256 for _, attachment in handed_in(context.form, state)}
    rows = {
        "respondent": context.source.respondent_name or context.say("print.not_answered"),
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
        code = "day" if name == "printed" and context.choices.variant == "final" else name
        words = context.called if name == "respondent" else context.say(f"print.cover.{code}")
        label = context.text(words, context.styles.style())
        run = TextRun(text, bold=name == "respondent", typed=name in ("respondent", "coordinator"))
        yield row((label,), (context.text((run,), context.styles.style()),))


def _digest(context: PrintContext) -> Iterator[Block]:
    digest = context.source.answers_digest
    if digest is None:
        yield Band((context.text(context.say("print.no_digest"), context.styles.small),), tint=None, after=8)
        return
    yield Band(
        (
            context.text((TextRun(context.say("print.digest"), bold=True),), context.styles.style()),
            context.text((TextRun(digest_words(digest), typed=True),), context.styles.style(11, bold=True)),
            context.text(context.say("print.digest.means"), context.styles.small),
        ),
        after=8,
    )


def _to_fill(context: PrintContext) -> Iterator[Block]:
    """Who fills in the form, for which office and when; and what each place to write in holds."""
    style = context.styles.style()
    person, position, date = (
        (TextRun(f"{context.say(f'print.blank.{name}')} "),) for name in ("person", "position", "date")
    )
    yield write_in(context, ((TextRun(f"{context.called} "),), Gap()), style)
    yield write_in(context, (person, Gap()), style)
    yield write_in(context, (position, Gap(), date, Gap(90.0, 150.0)), style)
    yield Space(8)
    for name in ("how", "holds", "evidence"):
        yield Band((context.text(context.say(f"print.blank.{name}"), context.styles.small),), tint=None)


def _coordinator(context: PrintContext) -> str:
    contact = contact_of(context.form)
    first, last, position, phone = (
        text if isinstance(text := context.answers.get(one or ""), str) else ""
        for one in (contact.first_name, contact.last_name, contact.position, contact.mobile)
    )
    names = " ".join(filter(None, (first, last)))
    return " · ".join(filter(None, (names, position, phone))) or "–"


class _ContentsLine:
    """A line of the contents: the title, which links to the part, dots, and the page. A long title takes two lines."""

    keep_with_next = False
    before = after = 0.0

    def __init__(self, context: PrintContext, part: SurveyPart, pages: Mapping[str, int]) -> None:
        self._context, self._part, self._pages = context, part, pages
        self._style = context.styles.style(10)
        self._title = Paragraph(context.setter, (TextRun(part.title, link=f"#{part.key}"),), self._style)

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return self._title.height(self._title_width(width)) + 1.5

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """None: the block is never split."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        size, inner = self._style.size, self._title_width(width)
        owner, pen.alone = pen.owner, True
        self._title.draw(pen, x, top, inner)
        pen.alone = False
        lines = self._title.lines(inner)
        y = top - self._title.line_height * (len(lines) - 1 + BASELINE)
        page = self._pages.get(self._part.key)
        number = pen.piece(self._context.digits(str(page)) if page is not None else "", size)
        dot = pen.piece(" .", size)
        count = int((width - lines[-1].width - number.width - 8) / dot.width)
        if count > 0:
            pen.owner = None  # the dots only lead the eye
            pen.line(x + width - number.width - 4 - count * dot.width, y, (dot,) * count)
        pen.owner = owner
        pen.line(x + width - number.width, y, (number,))

    def _title_width(self, width: float) -> float:
        return width - 4 * self._style.size


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

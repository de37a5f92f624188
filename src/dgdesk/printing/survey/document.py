"""The printed survey: its parts put together, and the file."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from dgdesk.printing.blocks import Block, PageBreak
from dgdesk.printing.document import MM, Pages, Printed, SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.pagination import PartBegin, pages
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.pen import PlacePen
from dgdesk.printing.survey.boxes import Named
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.compact import compact_blocks, compact_parts
from dgdesk.printing.survey.context import COMPACT, LARGE, PrintContext, PrintSource, PrintStyles
from dgdesk.printing.survey.cover import cover
from dgdesk.printing.survey.evidence import index
from dgdesk.printing.survey.frame import RunningTitle, frame
from dgdesk.printing.survey.keeps import continued_line
from dgdesk.printing.survey.problem_list import problem_list
from dgdesk.printing.survey.prose import ProseBreaker
from dgdesk.printing.survey.question_parts import field_place, skip_reasons
from dgdesk.printing.survey.score_sheet import score_sheet
from dgdesk.printing.survey.sections import SurveyPart, parts_of, section_blocks
from dgdesk.printing.survey.signing_set import SigningPapers, papers_before
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.breaks import WordBreaker, thai_breaker
from dgdesk.text.dates import thai_time
from dgdesk.text.line_ends import LineEndCosts
from dgdesk.text.messages import Catalogue

_INDEX = "part-evidence"
_SCORE = "part-score"
_FULL = 0.62  # of a page: if more of it is used, the next section begins a new page where it can
_FULL_BLANK = 0.95  # the same on the form to be filled in by hand, which is copied for many people


def print_survey(
    source: PrintSource,
    choices: PrintChoices,
    catalogue: Catalogue,
    *,
    breaker: WordBreaker | None = None,
    line_ends: LineEndCosts | None = None,
    progress: Progress = NO_PROGRESS,
) -> Printed:
    """Print the survey, always in Thai. The same source and choices give the same bytes.

    ``breaker`` and ``line_ends`` are the program's own unless others are given.

    ``progress`` is called after each page with its number and the number of pages; if cancelled, the printing ends.

    Raises:
        ValueError: the form has no section of the name that was chosen.
    """
    if choices.section is not None and choices.section not in {one.id for one in source.form.definition.sections}:
        raise ValueError(f"no section {choices.section!r}")
    with _without_collecting():
        return _print(source, choices, catalogue, breaker, line_ends, progress, None)


def print_signing_set(
    source: PrintSource,
    choices: PrintChoices,
    papers: SigningPapers,
    catalogue: Catalogue,
    *,
    breaker: WordBreaker | None = None,
    progress: Progress = NO_PROGRESS,
) -> Printed:
    """Print the memo, the summary, the sign-off sheet and the survey as one document, with running page numbers.

    The same source, choices and papers give the same bytes. The pages of the survey are counted here.
    """
    with _without_collecting():
        return _print(
            source, choices._replace(variant="final", section=None), catalogue, breaker, None, progress, papers
        )


def _print(
    source: PrintSource,
    choices: PrintChoices,
    catalogue: Catalogue,
    breaker: WordBreaker | None,
    line_ends: LineEndCosts | None,
    progress: Progress,
    papers: SigningPapers | None,
) -> Printed:
    if choices.variant == "final":
        # signed prints have the day without the time, like the bag: exports of one day differ only in their signatures
        source = replace(source, claimed=_begin_of_day(source.claimed))
    fonts = Fonts()
    prose = ProseBreaker(fonts, breaker or thai_breaker(), line_ends, thai_digits=choices.thai_digits)
    context = _context(source, choices, catalogue, prose)
    sheet, title = _sheet(choices), _title(context)
    numbers: dict[str, int] = {}
    titles: list[RunningTitle] = []
    blocks = list(_blocks(context, numbers))
    if papers is not None:
        blocks = _with_papers(context, papers, blocks, sheet)
        title = f"{context.say('ui.printing.name.signing')} – {title}"

    def laid_out(laid: Pages) -> None:
        begins = _begins(laid)
        numbers.update({key: one.page for key, one in begins.items()})
        titles.extend(_running_titles(context, begins))

    return typeset(
        blocks,
        fonts,
        PdfFacts(
            title,
            context.named or title,
            source.claimed,
        ),
        sheet,
        continued=continued_line(context),
        laid_out=laid_out,
        describe=context.describe,
        decorate=frame(context, sheet, titles, cover=choices.section is None and choices.variant != "problems"),
        progress=progress,
    )


def _with_papers(context: PrintContext, papers: SigningPapers, survey: list[Block], sheet: SheetSize) -> list[Block]:
    """Return the papers and the survey, whose pages are counted first: what is signed says how many there are."""
    count = len(pages(survey, sheet.inner_width, sheet.inner_height, continued_line(context)))
    counts = papers.seal.counts
    if counts is not None:
        papers = papers._replace(seal=papers.seal._replace(counts=counts._replace(pages=count)))
    return [*papers_before(context, papers, count, sheet.inner_width, sheet.inner_height), *survey]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Switch off the garbage collector: a print makes 100,000 objects and no garbage in a second."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _begin_of_day(moment: datetime) -> datetime:
    return thai_time(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def _context(source: PrintSource, choices: PrintChoices, catalogue: Catalogue, setter: LineBreaker) -> PrintContext:
    thai = replace(catalogue, language="th")
    blank = choices.variant == "blank" or source.state is None
    reasons = {} if blank or source.state is None else skip_reasons(source.form, source.state, thai)
    return PrintContext(source, choices, setter, PrintStyles(_scale(choices, blank)), thai, reasons=reasons)


def _scale(choices: PrintChoices, blank: bool) -> float:
    if choices.large:
        return LARGE
    return COMPACT if blank or choices.variant == "compact" else 1.0


def _blocks(context: PrintContext, numbers: dict[str, int]) -> Iterator[Block]:
    if context.choices.variant == "problems":
        yield from problem_list(context, _pages_of_answers(context))
        return
    if context.choices.variant == "compact" and not context.blank:
        yield from _compact(context, numbers)
        return
    parts = parts_of(context)
    ends = _ends(context)
    begin: Block = PartBegin(_FULL_BLANK if context.blank else _FULL)
    if context.choices.section is None:
        first = list(cover(context, [*parts, *(part for part, _ in ends)], numbers))
        yield from first
        yield begin if context.blank or _runs_over(first, _sheet(context.choices)) else PageBreak()
    for number, blocks in enumerate(chain(section_blocks(context), (_end(context, part, make) for part, make in ends))):
        if number:
            yield begin
        yield from blocks


def _runs_over(blocks: Sequence[Block], sheet: SheetSize) -> bool:
    return len(pages(blocks, sheet.inner_width, sheet.inner_height)) > 1


def _pages_of_answers(context: PrintContext) -> dict[str, int]:
    """The page of every address in the full print of the same answers; of a place without a page, that around it."""
    full = replace(context, choices=context.choices._replace(variant="final", section=None), anchored=set(), spots=True)
    sheet, pen = SheetSize(), PlacePen(context.setter.fonts)
    laid = pages(list(_blocks(full, {})), sheet.inner_width, sheet.inner_height, continued_line(full))
    for number, placed in enumerate(laid, start=1):
        pen.page = number
        for block, down in placed:
            block.draw(pen, 0.0, sheet.inner_height - down, sheet.inner_width)
    found: dict[str, int] = {}
    for node in context.form.nodes:
        own = pen.places.get(field_place(node.address))
        around = found.get(context.form.nodes[node.parent].address) if node.parent >= 0 else None
        if (page := own if own is not None else around) is not None:
            found[node.address] = page
    return found


def _compact(context: PrintContext, numbers: dict[str, int]) -> Iterator[Block]:
    """The copy for whoever approves, without page breaks."""
    ends = _ends(context)
    if context.choices.section is None:
        yield from cover(context, [*compact_parts(context), *(part for part, _ in ends)], numbers)
    yield from compact_blocks(context)
    for part, make in ends:
        yield from _end(context, part, make)


def _end(context: PrintContext, part: SurveyPart, make: Callable[[PrintContext], Iterator[Block]]) -> list[Block]:
    title = Named(context.text(part.title, context.styles.section, keep=True), part.key, part.title, 0)
    # The score sheet begins a page of its own: it is no part of what is signed.
    return [*([PageBreak()] if part.key == _SCORE else []), title, *make(context)]


def _ends(context: PrintContext) -> Sequence[tuple[SurveyPart, Callable[[PrintContext], Iterator[Block]]]]:
    """The parts after the sections: the evidence index and the score sheet, if there are answers."""
    if context.blank or context.choices.section is not None:
        return ()
    ends: list[tuple[SurveyPart, Callable[[PrintContext], Iterator[Block]]]] = [
        (SurveyPart(_INDEX, context.say("print.index")), index)
    ]
    if context.choices.variant not in ("answers", "compact", "final"):  # nobody signs the program's estimate
        ends.append((SurveyPart(_SCORE, context.say("print.score")), score_sheet))
    return ends


class _Begin(NamedTuple):
    """Where a named block begins: its page, and whether nothing is above it there."""

    page: int
    at_top: bool


def _begins(laid: Pages) -> dict[str, _Begin]:
    """Where each named block begins, by its key."""
    found: dict[str, _Begin] = {}
    for number, placed in enumerate(laid, start=1):
        for block, down in placed:
            if isinstance(block, Named):
                found.setdefault(block.key, _Begin(number, down == 0))
    return found


def _running_titles(context: PrintContext, begins: Mapping[str, _Begin]) -> list[RunningTitle]:
    """The parts of the print in the order of their pages."""
    if context.choices.variant == "problems":
        return [RunningTitle(1, context.say("print.problems"))]
    compact = context.choices.variant == "compact" and not context.blank
    sections = compact_parts(context) if compact else parts_of(context)
    parts = [*sections, *(part for part, _ in _ends(context))]
    found = [(begins[part.key], part.title) for part in parts if part.key in begins]
    return [RunningTitle(begin.page, title, begin.at_top) for begin, title in found]


def _sheet(choices: PrintChoices) -> SheetSize:
    """The paper of a print. The form to be filled in by hand is copied for many people: its margins are narrower."""
    if choices.variant == "blank":
        return SheetSize(left=22 * MM, right=16 * MM, mirrored=choices.duplex)
    return SheetSize(mirrored=choices.duplex)


def _title(context: PrintContext) -> str:
    title = context.form.definition.title
    name = context.source.respondent_name
    return f"{title} – {name}" if name else title

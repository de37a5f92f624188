"""The printed survey: its parts put together, and the file."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain

from dgdesk.printing.blocks import Block, PageBreak, pages
from dgdesk.printing.document import Pages, Printed, SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.survey.boxes import Drawn, Named
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.context import LARGE, PrintContext, PrintSource, PrintStyles
from dgdesk.printing.survey.cover import cover, footer, watermark
from dgdesk.printing.survey.evidence import index
from dgdesk.printing.survey.question_parts import skip_reasons
from dgdesk.printing.survey.score_sheet import problem_list, score_sheet
from dgdesk.printing.survey.sections import SurveyPart, parts_of, section_blocks
from dgdesk.printing.survey.signing_set import SigningPapers, papers_before
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.breaks import WordBreaker, thai_breaker
from dgdesk.text.dates import thai_time
from dgdesk.text.editions import edition_words
from dgdesk.text.messages import Catalogue

_INDEX = "part-evidence"
_SCORE = "part-score"
_FULL = 0.62  # of a page: if more of it is used, the next section begins a new page


def print_survey(
    source: PrintSource,
    choices: PrintChoices,
    catalogue: Catalogue,
    *,
    breaker: WordBreaker | None = None,
    progress: Progress = NO_PROGRESS,
) -> Printed:
    """Print the survey, always in Thai. The same source and choices give the same bytes.

    ``progress`` is called after each page with its number and the number of pages; if cancelled, the printing ends.

    Raises:
        ValueError: the form has no section of the name that was chosen.
    """
    if choices.section is not None and choices.section not in {one.id for one in source.form.definition.sections}:
        raise ValueError(f"no section {choices.section!r}")
    with _without_collecting():
        return _print(source, choices, catalogue, breaker, progress, None)


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
        return _print(source, replace(choices, variant="final", section=None), catalogue, breaker, progress, papers)


def _print(
    source: PrintSource,
    choices: PrintChoices,
    catalogue: Catalogue,
    breaker: WordBreaker | None,
    progress: Progress,
    papers: SigningPapers | None,
) -> Printed:
    if choices.variant == "final":
        # signed prints have the day without the time, like the bag: exports of one day differ only in their signatures
        source = replace(source, claimed=_begin_of_day(source.claimed))
    fonts = Fonts()
    context = _context(source, choices, catalogue, LineBreaker(fonts, breaker or thai_breaker()))
    sheet, edition = SheetSize(), edition_words(context.say, source.form.definition.edition)
    numbers: dict[str, int] = {}
    blocks = list(_blocks(context, numbers))
    if papers is not None:
        blocks = _with_papers(context, papers, blocks, sheet)
    return typeset(
        blocks,
        fonts,
        PdfFacts(
            _title(context) if papers is None else f"{context.say('ui.printing.name.signing')} – {_title(context)}",
            source.province or edition,
            source.claimed,
        ),
        sheet,
        laid_out=lambda laid: numbers.update(_page_numbers(laid)),
        underlay=watermark(context, sheet) if choices.variant == "draft" else None,
        decorate=footer(context, sheet),
        progress=progress,
    )


def _with_papers(context: PrintContext, papers: SigningPapers, survey: list[Block], sheet: SheetSize) -> list[Block]:
    """Return the papers and the survey, whose pages are counted first: what is signed says how many there are."""
    count = len(pages(survey, sheet.inner_width, sheet.inner_height))
    counts = papers.seal.counts
    if counts is not None:
        papers = replace(papers, seal=replace(papers.seal, counts=replace(counts, pages=count)))
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
    return PrintContext(source, choices, setter, PrintStyles(LARGE if choices.large else 1.0), thai, reasons=reasons)


def _blocks(context: PrintContext, numbers: dict[str, int]) -> Iterator[Block]:
    if context.choices.variant == "problems":
        yield from problem_list(context)
        return
    parts = parts_of(context)
    ends = _ends(context)
    if context.choices.section is None:
        yield from cover(context, [*parts, *(part for part, _ in ends)], numbers)
    sheet = SheetSize()
    everything = chain(section_blocks(context), (_end(context, part, make) for part, make in ends))
    yield from paged(everything, sheet.inner_width, sheet.inner_height)


def _end(context: PrintContext, part: SurveyPart, make: Callable[[PrintContext], Iterator[Block]]) -> list[Block]:
    title = Named(context.text(part.title, context.styles.section, keep=True), part.key, part.title, 0)
    # The score sheet fits on one page and must not be split.
    return [*([PageBreak()] if part.key == _SCORE else []), title, *make(context)]


def paged(parts: Iterable[Sequence[Block]], width: float, height: float) -> Iterator[Block]:
    """The blocks of all parts; a part begins a new page unless enough of the page is left (`_FULL`)."""
    used = height
    for blocks in parts:
        if used > height * _FULL:
            yield PageBreak()
            used = 0.0
        yield from blocks
        laid = pages((Drawn(used, lambda pen, x, top, width: None), *blocks), width, height)
        if laid:
            last = laid[-1][-1]
            used = last.down + last.block.height(width)


def _ends(context: PrintContext) -> Sequence[tuple[SurveyPart, Callable[[PrintContext], Iterator[Block]]]]:
    """The parts after the sections: the evidence index and the score sheet, if there are answers."""
    if context.blank or context.choices.section is not None:
        return ()
    ends: list[tuple[SurveyPart, Callable[[PrintContext], Iterator[Block]]]] = [
        (SurveyPart(_INDEX, context.say("print.index")), index)
    ]
    if context.choices.variant not in ("answers", "final"):  # nobody signs the program's estimate
        ends.append((SurveyPart(_SCORE, context.say("print.score")), score_sheet))
    return ends


def _page_numbers(laid: Pages) -> dict[str, int]:
    """The page on which each named block begins, by its key."""
    found: dict[str, int] = {}
    for number, placed in enumerate(laid, start=1):
        for block, _ in placed:
            if isinstance(block, Named):
                found.setdefault(block.key, number)
    return found


def _title(context: PrintContext) -> str:
    title = context.form.definition.title
    return f"{title} – {context.source.province}" if context.source.province else title

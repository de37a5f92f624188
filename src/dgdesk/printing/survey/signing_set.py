"""What stands before the survey in a signing set: memo, summary on one page, sign-off sheet and its back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from dgdesk.draft.signatories import Memo, SigningTexts
from dgdesk.printing.blocks import Block, Group, PageBreak, RuleLine
from dgdesk.printing.pagination import pages
from dgdesk.printing.signatures import SideBySide, SignatureForm
from dgdesk.printing.signoff import Seal, SheetMaker
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.context import HEAD, LARGE, LINE, PrintContext, PrintStyles
from dgdesk.printing.survey.evidence import handed_in
from dgdesk.printing.tables import Grid, PrintRow, Table, row
from dgdesk.printing.tagged import listed
from dgdesk.survey.answers.values import has
from dgdesk.survey.definition.models import SignOff
from dgdesk.survey.rules.bulk_edits import negative_answer
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.places import full_name
from dgdesk.survey.rules.state import State

_INDENT: Final = " " * 16
"""Before the first line of a paragraph of the memo; about 25 mm."""
_NOTHING: Final = "–"
_LONGEST: Final = 110
"""Characters of a question in the summary."""
_STEPS: Final = (10_000, 24, 16, 8, 0)
"""How many questions the summary names in words; as many as one page can hold."""
_SCALES: Final = (LARGE, 1.15, 1.0)
"""Sizes of the summary's text; in large print the largest with which it fits on one page."""


class SigningPapers(NamedTuple):
    """What a signing set needs besides the survey."""

    signoff: SignOff
    seal: Seal
    texts: SigningTexts


def papers_before(
    context: PrintContext, papers: SigningPapers, survey_pages: int, width: float, height: float
) -> list[Block]:
    """Return the papers before the survey, which has ``survey_pages`` pages; the survey must begin a new page."""
    maker = SheetMaker(
        papers.signoff, papers.seal, context.catalogue, context.setter, thai_digits=context.choices.thai_digits
    )
    summary = _summary(context, papers, width, height)
    sheet: list[Block] = [*maker.front(), PageBreak(), *maker.back()]
    counts = (len(pages(summary, width, height)), len(pages(sheet, width, height)), survey_pages)
    memo = list(_memo(context, papers.texts, counts))
    return [*memo, PageBreak(), *summary, PageBreak(), *sheet, PageBreak()]


def questions_answered_no(context: PrintContext, state: State) -> tuple[int, ...]:
    """Return the positions of the questions that are asked and answered by the option that says "no"."""
    found = []
    for at, node in enumerate(context.form.nodes):
        answer = negative_answer(node) if state.shown[at] else None
        if answer is None:
            continue
        wanted = answer[0] if isinstance(answer, list) else str(answer)
        if has(state.facts.answers.get(node.address), str(wanted)):
            found.append(at)
    return tuple(found)


def _memo(context: PrintContext, texts: SigningTexts, counts: tuple[int, int, int]) -> Iterator[Block]:
    memo, styles, say = texts.memo, context.styles, context.say
    yield context.text(say("signing.memo"), styles.style(20, bold=True, after=8, rank=1)._replace(align="centre"))
    yield _labelled(context, "office", memo.office)
    yield SideBySide((_labelled(context, "number", memo.number), _labelled(context, "date", memo.date)))
    yield _labelled(context, "subject", memo.subject)
    yield RuleLine(0.6)
    yield _labelled(context, "to", memo.to)
    yield from _body(context, memo)
    yield context.text(say("signing.memo.with"), styles.style(11, bold=True, before=10, rank=2), keep=True)
    yield from listed(_papers(context, counts), "Decimal")
    form = SignatureForm(context.setter, say, context.digits)
    if texts.signatories:
        yield SideBySide((Group(()), form.block(texts.signatories[0], dated=False)), before=10)


def _papers(context: PrintContext, counts: tuple[int, int, int]) -> Iterator[Block]:
    """What the memo is sent with, and how many pages each has."""
    style = context.styles.style(11)._replace(hang=context.styles.indent)
    for number, (name, count) in enumerate(zip(("summary", "sheet", "survey"), counts, strict=True), start=1):
        words = context.say(f"signing.memo.with.{name}", pages=context.digits(str(count)))
        yield context.text(words, style, label=context.digits(f"{number}."), keep=True)


def _body(context: PrintContext, memo: Memo) -> Iterator[Block]:
    style = context.styles.style(11, before=5)
    for paragraph in memo.body.split("\n"):
        yield context.text(context.digits(paragraph), style, label=_INDENT)


def _labelled(context: PrintContext, name: str, text: str) -> Block:
    label = TextRun(context.say(f"signing.memo.label.{name}") + "  ", bold=True, size=12 * context.styles.scale)
    blank = TextRun("." * 40, said=context.read("blank"))
    words = TextRun(context.digits(text)) if text else blank
    return context.text((label, words), context.styles.style(11, after=1))


def _summary(context: PrintContext, papers: SigningPapers, width: float, height: float) -> list[Block]:
    state = context.source.state
    assert state is not None
    positions = questions_answered_no(context, state)
    found: list[Block] = []
    for scale in dict.fromkeys(min(context.styles.scale, one) for one in _SCALES):
        sized = replace(context, styles=PrintStyles(scale))
        head = list(_figures(sized, papers, state, positions))
        for most in _STEPS:
            found = [*head, *_answered_no(sized, positions, most)]
            if len(pages(found, width, height)) == 1:
                return found
    return found


def _figures(context: PrintContext, papers: SigningPapers, state: State, positions: Sequence[int]) -> Iterator[Block]:
    say, styles, number = context.say, context.styles, context.number
    files = {attachment.sha256 for _, attachment in handed_in(context.form, state)}
    whole = state.whole
    yield context.text(say("signing.summary"), styles.style(16, bold=True, rank=1)._replace(align="centre"))
    yield context.text(
        context.digits(context.form.definition.title), styles.style(11, after=4)._replace(align="centre")
    )
    if context.named:
        yield context.text(context.named, styles.style(11, bold=True, after=4)._replace(align="centre"))
    lines = (
        say("signing.summary.answered", done=number(whole.answers_done), asked=number(whole.answers_asked)),
        say(
            "signing.summary.evidence",
            done=number(whole.evidence_done),
            asked=number(whole.evidence_asked),
            files=number(len(files)),
        ),
        say("signing.summary.exported", time=context.time(papers.seal.claimed)),
    )
    yield from listed((context.text(line, styles.style()._replace(hang=10), label="•") for line in lines), "Disc")
    names = ("section", "answers", "places", "no")
    head = row(*(context.text(say(f"signing.summary.{name}"), styles.head) for name in names), fill=HEAD)
    grid = Grid((58, 15, 15, 12), padding=2, colour=LINE)
    yield Table(grid, tuple(_rows(context, state, positions)), (head,), before=8, after=8)


def _rows(context: PrintContext, state: State, positions: Sequence[int]) -> Iterator[PrintRow]:
    form, cell = context.form, context.styles.cell
    of_page = {page: section.id for section in form.definition.sections for page in (one.id for one in section.pages)}
    sections = [of_page.get(form.nodes[at].page, "") for at in positions]
    parts = [(one.title, state.sections[one.id], sections.count(one.id)) for one in form.definition.sections]
    for title, done, noes in (*parts, (context.say("signing.summary.whole"), state.whole, len(positions))):
        figures = (
            _of(context, done.answers_done, done.answers_asked),
            _of(context, done.evidence_done, done.evidence_asked),
            context.number(noes) if noes else _NOTHING,
        )
        words = context.text(context.digits(title) if done is state.whole else title, cell)
        yield row(words, *(context.text(one, cell) for one in figures))


def _of(context: PrintContext, done: int, asked: int) -> str:
    if not asked:
        return _NOTHING
    return context.say("signing.summary.of", done=context.number(done), asked=context.number(asked))


def _answered_no(context: PrintContext, positions: Sequence[int], most: int) -> Iterator[Block]:
    say, styles, form = context.say, context.styles, context.form
    if not positions:
        yield context.text(say("signing.summary.no_none"), styles.style())
        return
    yield context.text(
        say("signing.summary.no_head", count=context.number(len(positions))),
        styles.style(bold=True, after=2, rank=2),
        keep=True,
    )
    style: ParagraphStyle = styles.small._replace(hang=10)
    names = (
        full_name(form, form.nodes[at].address, None, context.answers).line(longest=_LONGEST) for at in positions[:most]
    )
    yield from listed((context.text(name, style, label="•") for name in names), "Disc")
    rest = positions[most:]
    if rest:
        codes = ", ".join(dict.fromkeys(nearest_code(form, form.nodes[at].address) or _NOTHING for at in rest))
        count = context.number(len(rest))
        yield context.text(say("signing.summary.no_more", count=count, codes=codes), styles.small)

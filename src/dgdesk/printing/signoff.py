"""The sign-off sheet: a page for ink signatures that belongs to one bundle, and its back with all that is technical.

The bundle digest exists only after the bundle is made, so the sheet cannot be inside: it is a file next to the bundle,
and a part of the signing set. The survey inside has the answers digest on every page; the sheet has both digests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from dgdesk.draft.signatories import Signatory
from dgdesk.printing.blocks import Block, Group, PageBreak
from dgdesk.printing.document import MM, Printed, SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.pen import Pen
from dgdesk.printing.qr import QrCode, base32
from dgdesk.printing.signatures import SideBySide, SignatureForm
from dgdesk.printing.style import GREY, ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band, Drawn
from dgdesk.printing.survey.cover import digest_words, draw_watermark, short_digest
from dgdesk.printing.tagged import listed
from dgdesk.printing.tags import Part
from dgdesk.survey.definition.models import RespondentField, SignOff
from dgdesk.survey.definition.respondent import called, named
from dgdesk.survey.respondents import Respondent
from dgdesk.text.breaks import WordBreaker, thai_breaker
from dgdesk.text.dates import format_date, format_time, thai_time
from dgdesk.text.digits import to_thai
from dgdesk.text.line_ends import LineEndCosts
from dgdesk.text.messages import Catalogue

QR_SIZE: Final = 60 * MM
"""With its quiet zone; the code itself is 50 mm or more in every version that the text can need."""
_STAMP: Final = 120.0
_TITLE: Final = ParagraphStyle(16, bold=True, align="centre", rank=1)
_CENTRED: Final = ParagraphStyle(11, align="centre")
_SMALL: Final = ParagraphStyle(9.5, before=1)


class Counts(NamedTuple):
    """What is signed for: pages of the survey, evidence files, and how many of the answers asked for are there."""

    pages: int
    files: int
    answered: int
    asked: int


class Seal(NamedTuple):
    """What the signatures certify. Digests and the fingerprint of the signer's certificate are hex SHA-256.

    ``declared`` has the words for such a respondent; ``bundle`` is the name of the bundle's file; ``signer`` is
    empty if it is not known who signed the bundle; ``counts`` is None if nothing was counted. ``revision`` is 2 for the
    first correction; then ``reason`` says why, and ``replaced`` when what it replaces was signed, if that is known.
    """

    title: str
    edition: str
    respondent: Respondent | None
    declared: RespondentField | None
    bundle: str
    signer: str
    claimed: datetime
    answers_digest: str
    bundle_digest: str
    fingerprint: str
    draft: bool = False
    signatories: tuple[Signatory, ...] = ()
    counts: Counts | None = None
    revision: int = 1
    reason: str = ""
    replaced: datetime | None = None

    @property
    def name(self) -> str:
        """The name of who answers; empty if it is not said."""
        return self.respondent.name if self.respondent is not None else ""

    @property
    def text(self) -> str:
        """The text of the QR code: capital letters, figures and colons only, which makes its modules larger."""
        parts = (
            "TSB1",
            self.respondent.key if self.respondent is not None else "",
            self.edition,
            base32(self.bundle_digest),
            base32(self.fingerprint),
        )
        number = (str(self.revision),) if self.revision > 1 else ()
        return ":".join((*parts, *number)).upper()


def print_signoff(
    signoff: SignOff,
    seal: Seal,
    catalogue: Catalogue,
    *,
    breaker: WordBreaker | None = None,
    line_ends: LineEndCosts | None = None,
    thai_digits: bool = False,
) -> Printed:
    """Print the sheet and its back, in Thai. The same seal gives the same bytes.

    ``breaker`` and ``line_ends`` are the program's own unless others are given.
    """
    fonts = Fonts()
    sheet = SheetSize()
    thai = replace(catalogue, language="th")
    setter = LineBreaker(fonts, breaker or thai_breaker(), line_ends)
    maker = SheetMaker(signoff, seal, thai, setter, thai_digits=thai_digits)

    def footer(pen: Pen, page: int, pages: int) -> None:
        words = thai.text("print.foot.digest", digest=short_digest(seal.answers_digest))
        number = thai.text("print.foot.page", page=maker.digits(str(page)), pages=maker.digits(str(pages)))
        pen.text(sheet.left, sheet.foot - 22, f"{words} ", 8.5)
        if seal.draft:
            draw_watermark(pen, sheet, thai.text("print.watermark"))
        pen.text_right(sheet.width - sheet.right, sheet.foot - 22, number, 8.5)

    title = f"{thai.text('print.signoff')} – {seal.name}"
    facts = PdfFacts(title, seal.name, seal.claimed)
    return typeset([*maker.front(), PageBreak(), *maker.back()], fonts, facts, sheet, decorate=footer)


class SheetMaker:
    """Makes the blocks of one sheet: its front and its back. ``digits`` writes figures in the chosen digits."""

    def __init__(
        self, signoff: SignOff, seal: Seal, catalogue: Catalogue, setter: LineBreaker, *, thai_digits: bool = False
    ) -> None:
        self._signoff, self._seal, self._say, self._setter = signoff, seal, catalogue.text, setter
        self.digits = to_thai if thai_digits else str

    def front(self) -> Iterator[Block]:
        """What is signed: what for, who, a corner for the stamp, and the code that ties a scan to the bundle."""
        seal, say = self._seal, self._say
        yield self._text(say("print.signoff"), _TITLE)
        yield self._text(self.digits(seal.title), _CENTRED)
        if seal.name:
            yield self._text(named(seal.declared, seal.name, say), _CENTRED._replace(bold=True))
        if seal.revision > 1:
            yield self._text(self._correction(), _CENTRED)
        if seal.counts is not None:
            yield self._text(self._counts(seal.counts), _CENTRED._replace(before=2, after=2))
        yield self._text(self.digits(self._signoff.certification), ParagraphStyle(11, before=10, after=4), indent=True)
        yield from self._signatures()
        yield self._tie()

    def back(self) -> Iterator[Block]:
        """The digests, the text of the code, and how to check them."""
        seal, say = self._seal, self._say
        moment = thai_time(seal.claimed)
        yield self._text(say("signing.back"), ParagraphStyle(14, bold=True, after=4, rank=2))
        facts = (
            (called(seal.declared, say), seal.name),
            (say("print.signoff.bundle"), seal.bundle),
            (say("print.signoff.signer"), seal.signer),
            (say("print.signoff.time"), self.digits(f"{format_date(moment.date())} {format_time(moment)}")),
        )
        for label, value in facts:
            if value:
                yield self._text((TextRun(label + "  "), TextRun(value, bold=True)), ParagraphStyle(10.5))
        texts: list[Block] = []
        for name, value in {
            "answers": seal.answers_digest,
            "digest": seal.bundle_digest,
            "key": seal.fingerprint,
        }.items():
            texts.append(self._text(say(f"print.signoff.{name}"), ParagraphStyle(10, before=3), keep=True))
            texts.append(self._text((TextRun(_in_two_lines(value), bold=True),), ParagraphStyle(10.5)))
        texts.append(self._text(say("signing.back.code"), ParagraphStyle(10, before=3), keep=True))
        texts.append(self._text(seal.text, ParagraphStyle(8)))
        yield Band(texts, before=8, after=8)
        yield self._text(say("print.signoff.check"), ParagraphStyle(10.5, bold=True, before=4, rank=3), keep=True)
        yield from listed((self._check(number) for number in ("1", "2", "3")), "Decimal")

    def _correction(self) -> str:
        """Which correction it is, what it replaces, and why."""
        seal = self._seal
        code = "print.signoff.correction" if seal.replaced is not None else "print.signoff.correction_undated"
        day = format_date(thai_time(seal.replaced).date()) if seal.replaced is not None else ""
        # a reason is typed text, whose figures stay as they are
        return (
            self.digits(self._say(code, number=seal.revision, day=day))
            + "\n"
            + self._say("print.signoff.reason", reason=seal.reason)
        )

    def _check(self, number: str) -> Block:
        """One step of how the digests are checked."""
        words = self._say(f"print.signoff.check{number}")
        # a command is typed as it stands
        words = words if "sha256sum" in words else self.digits(words)
        return self._text(words, _SMALL._replace(hang=14), label=self.digits(f"{number}."))

    def _counts(self, counts: Counts) -> str:
        return self._say(
            "signing.sheet.counts",
            pages=self.digits(f"{counts.pages:,}"),
            files=self.digits(f"{counts.files:,}"),
            done=self.digits(f"{counts.answered:,}"),
            asked=self.digits(f"{counts.asked:,}"),
        )

    def _signatures(self) -> Iterator[Block]:
        """Two signatories beside each other; the last one, who certifies, beside the corner for the stamp."""
        form = SignatureForm(self._setter, self._say, self.digits)
        made = [form.block(one) for one in self._seal.signatories]
        if not made:
            return
        *others, last = made
        for at in range(0, len(others), 2):
            pair = others[at : at + 2]
            yield SideBySide(pair if len(pair) == 2 else (pair[0], Group(())), before=4)
        yield SideBySide((self._stamp(), last), before=14, after=10)

    def _stamp(self) -> Block:
        words = self._say("signing.sheet.stamp", called=called(self._seal.declared, self._say))

        def draw(pen: Pen, x: float, top: float, width: float) -> None:
            left = x + (width - _STAMP) / 2
            pen.box(left, top - 14 - _STAMP, _STAMP, _STAMP, 0.4, GREY)
            piece = pen.piece(words, 8.5, colour=GREY)
            pen.line(left + (_STAMP - piece.width) / 2, top - 8 - _STAMP, (piece,))

        return Drawn(_STAMP + 14, draw, Part("Figure", said=self._say("print.read.stamp")))

    def _tie(self) -> Block:
        """The QR code, and in words what ties the sheet to the bundle."""
        code = QrCode(self._seal.text)

        def draw(pen: Pen, x: float, top: float, width: float) -> None:
            code.draw(pen, x, top - QR_SIZE, QR_SIZE)

        figure = Part("Figure", said=self._say("print.read.code"))
        texts = (
            self._text(self.digits(self._say("signing.sheet.digest")), ParagraphStyle(10, before=8), keep=True),
            self._text((TextRun(short_digest(self._seal.answers_digest), bold=True),), ParagraphStyle(12), keep=True),
            self._text(self._say("signing.sheet.scan"), ParagraphStyle(9.5, before=4)),
        )
        return SideBySide((Drawn(QR_SIZE, draw, figure), Group(texts, keep=True)), gap=6, before=4)

    def _text(
        self,
        text: str | tuple[TextRun, ...],
        style: ParagraphStyle,
        *,
        label: str = "",
        keep: bool = False,
        indent: bool = False,
    ) -> Paragraph:
        return Paragraph(self._setter, text, style, label=" " * 12 if indent else label, keep_with_next=keep)


def _in_two_lines(digest: str) -> str:
    half = len(digest) // 2
    return f"{digest_words(digest[:half])}\n{digest_words(digest[half:])}"

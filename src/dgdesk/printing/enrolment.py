"""The enrolment card: one printed page with which a receiver checks a signer's certificate.

The certificate is sent as a file and this page by another channel, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.document import MM, Printed, SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.pen import Pen
from dgdesk.printing.qr import QrCode
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band, Drawn
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table
from dgdesk.printing.tagged import listed
from dgdesk.printing.tags import Part
from dgdesk.text.breaks import WordBreaker, thai_breaker
from dgdesk.text.dates import format_date, thai_day
from dgdesk.text.messages import Catalogue

QR_SIZE: Final = 44 * MM
_FACT: Final = ParagraphStyle(11, before=2, after=2)


@dataclass(frozen=True)
class EnrolmentCard:
    """The contents of the card. ``rows`` are the lines of the fingerprint, ``code`` is the text of the QR code."""

    signer: str
    province: str
    origin: str
    last: date
    rows: tuple[str, ...]
    code: str
    printed: datetime


def print_enrolment(card: EnrolmentCard, catalogue: Catalogue, *, breaker: WordBreaker | None = None) -> Printed:
    """Print the card, in Thai. The same card gives the same bytes."""
    fonts = Fonts()
    thai = replace(catalogue, language="th")
    maker = _Maker(card, thai, LineBreaker(fonts, breaker or thai_breaker()))
    facts = PdfFacts(f"{thai.text('print.enrolment')} – {card.signer}", card.province or card.signer, card.printed)
    return typeset(list(maker.blocks()), fonts, facts, SheetSize(top=16 * MM, foot=18 * MM))


class _Maker:
    """Makes the blocks of one card."""

    def __init__(self, card: EnrolmentCard, catalogue: Catalogue, setter: LineBreaker) -> None:
        self._card, self._say, self._setter = card, catalogue.text, setter

    def blocks(self) -> Iterator[Block]:
        """Everything on the card, from top to foot."""
        card = self._card
        yield self._text(self._say("print.enrolment"), ParagraphStyle(17, bold=True, rank=1))
        yield self._text(self._say("print.enrolment.about"), ParagraphStyle(11, after=4))
        for name, value in {
            "signer": card.signer,
            "province": card.province or "–",
            "last": format_date(card.last),
            "printed": format_date(thai_day(card.printed)),
        }.items():
            yield self._text((TextRun(self._say(f"print.enrolment.{name}") + "  "), TextRun(value, bold=True)), _FACT)
        yield self._text(card.origin, _FACT)
        yield self._fingerprint()
        yield self._text(self._say("print.enrolment.steps"), ParagraphStyle(11, bold=True, before=6, rank=2), keep=True)
        steps = (
            self._text(self._say(f"print.enrolment.step_{number}"), ParagraphStyle(10.5, hang=14), label=f"{number}.")
            for number in ("1", "2", "3")
        )
        yield from listed(steps, "Decimal")

    def _fingerprint(self) -> Block:
        code = QrCode(self._card.code)

        def draw(pen: Pen, x: float, top: float, width: float) -> None:
            code.draw(pen, x, top - QR_SIZE, QR_SIZE)

        texts: list[Block] = [
            self._text(self._say("print.signoff.key"), ParagraphStyle(10, before=2), keep=True),
            self._text((TextRun("\n".join(self._card.rows), bold=True),), ParagraphStyle(13, before=2)),
            self._text(self._card.code, ParagraphStyle(6.5, before=3)),
        ]
        figure = Part("Figure", said=self._say("print.read.fingerprint"))
        row = PrintRow((PrintCell((Drawn(QR_SIZE, draw, figure),)), PrintCell((Band(texts),))))
        return Table(Grid((30, 70), padding=4, line=0.5), (row,), cells="frame")

    def _text(
        self, text: str | tuple[TextRun, ...], style: ParagraphStyle, *, label: str = "", keep: bool = False
    ) -> Paragraph:
        return Paragraph(self._setter, text, style, label=label, keep_with_next=keep)

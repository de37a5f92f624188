"""The sign-off sheet: a page for ink signatures that belongs to one bundle. It is a file next to the bundle.

The bundle digest exists only after the bundle is made, so the sheet cannot be inside. The survey inside has the answers
digest on every page; this sheet has both digests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.document import MM, Printed, SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.pen import Pen
from dgdesk.printing.qr import QrCode, base32
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band, Drawn
from dgdesk.printing.survey.cover import digest_words, draw_watermark, short_digest
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table
from dgdesk.survey.definition.models import SignOff
from dgdesk.text.breaks import WordBreaker, thai_breaker
from dgdesk.text.dates import format_date, format_time, thai_time
from dgdesk.text.messages import Catalogue

QR_SIZE: Final = 44 * MM
_BODY: Final = ParagraphStyle(10.5, before=2, after=2)
_SMALL: Final = ParagraphStyle(8.8, before=1)


@dataclass(frozen=True)
class Seal:
    """What the signatures certify. Digests and the fingerprint of the signer's certificate are hex SHA-256.

    ``province`` is the Thai name, ``code`` its code (TH-50); ``bundle`` is the name of the bundle's file.
    """

    title: str
    edition: str
    province: str
    code: str
    bundle: str
    signer: str
    claimed: datetime
    answers_digest: str
    bundle_digest: str
    fingerprint: str
    draft: bool = False

    @property
    def text(self) -> str:
        """The text of the QR code."""
        parts = ("TSB1", self.code, self.edition, base32(self.bundle_digest), base32(self.fingerprint))
        return ":".join(parts)


def print_signoff(signoff: SignOff, seal: Seal, catalogue: Catalogue, *, breaker: WordBreaker | None = None) -> Printed:
    """Print the sheet, in Thai. The same seal gives the same bytes."""
    fonts = Fonts()
    sheet = SheetSize(top=16 * MM, foot=18 * MM)
    thai = replace(catalogue, language="th")
    maker = _Maker(signoff, seal, thai, LineBreaker(fonts, breaker or thai_breaker()))

    def footer(pen: Pen, page: int, pages: int) -> None:
        words = thai.text("print.foot.digest", digest=short_digest(seal.answers_digest))
        pen.text(sheet.left, 30, f"{words} ", 8)
        if seal.draft:
            draw_watermark(pen, sheet, thai.text("print.watermark"))
        pen.text_right(sheet.width - sheet.right, 30, thai.text("print.foot.page", page=page, pages=pages), 8)

    title = f"{thai.text('print.signoff')} – {seal.province}"
    facts = PdfFacts(title, seal.province, seal.claimed)
    return typeset(list(maker.blocks()), fonts, facts, sheet, decorate=footer)


class _Maker:
    """Makes the blocks of one sheet."""

    def __init__(self, signoff: SignOff, seal: Seal, catalogue: Catalogue, setter: LineBreaker) -> None:
        self._signoff, self._seal, self._say, self._setter = signoff, seal, catalogue.text, setter

    def blocks(self) -> Iterator[Block]:
        """Everything on the sheet, from top to foot."""
        seal = self._seal
        moment = thai_time(seal.claimed)
        day = f"{format_date(moment.date())} {format_time(moment)}"
        yield self._text(self._say("print.signoff"), ParagraphStyle(17, bold=True))
        yield self._text(seal.title, ParagraphStyle(11.5, after=4))
        facts = {"province": seal.province, "bundle": seal.bundle, "signer": seal.signer, "time": day}
        for name, value in facts.items():
            yield self._text(
                (TextRun(self._say(f"print.signoff.{name}") + "  "), TextRun(value, bold=True)), ParagraphStyle(10)
            )
        yield self._text(self._signoff.certification, ParagraphStyle(11, before=8, after=4))
        yield Table(Grid((1.0,), padding=6), tuple(self._signature(role.title) for role in self._signoff.roles))
        yield self._digests()
        yield self._text(self._say("print.signoff.check"), ParagraphStyle(10.5, bold=True, before=4), keep=True)
        for number in ("1", "2", "3"):
            yield self._text(self._say(f"print.signoff.check{number}"), replace(_SMALL, hang=12), label=f"{number}.")

    def _signature(self, title: str) -> PrintRow:
        """The lines of one role: signature and name, position, date."""
        sign, date = self._say("print.signoff.sign"), self._say("print.signoff.date")

        def lines(pen: Pen, x: float, top: float, width: float) -> None:
            y = top - 32
            end = pen.text(x, y, f"{sign} ", 10.5)
            pen.rule(end, y - 2, x + width * 0.56, y - 2, 0.6)
            end = pen.text(x + width * 0.6, y, f"{date} ", 10.5)
            pen.rule(end, y - 2, x + width, y - 2, 0.6)
            y -= 23
            start = pen.text(x, y, f"{self._say('print.signoff.name')} ", 10.5)
            pen.rule(start, y - 2, x + width * 0.56, y - 2, 0.6)

        position = self._text(
            (TextRun(self._say("print.signoff.position") + "  "), TextRun(title, bold=True)), ParagraphStyle(10.5)
        )
        return PrintRow((PrintCell((Group((Drawn(61, lines), position), keep=True),)),))

    def _digests(self) -> Block:
        seal = self._seal
        code = QrCode(seal.text)

        def draw(pen: Pen, x: float, top: float, width: float) -> None:
            code.draw(pen, x, top - QR_SIZE, QR_SIZE)

        texts: list[Block] = []
        for name, value in {
            "answers": seal.answers_digest,
            "digest": seal.bundle_digest,
            "key": seal.fingerprint,
        }.items():
            texts.append(
                self._text((TextRun(self._say(f"print.signoff.{name}")),), ParagraphStyle(9.5, before=2), keep=True)
            )
            texts.append(self._text((TextRun(_in_two_lines(value), bold=True),), ParagraphStyle(9.5)))
        texts.append(self._text(seal.text, ParagraphStyle(6.5, before=3)))
        row = PrintRow((PrintCell((Drawn(QR_SIZE, draw),)), PrintCell((Band(texts),))))
        return Table(Grid((30, 70), padding=4, line=0.5), (row,))

    def _text(
        self, text: str | tuple[TextRun, ...], style: ParagraphStyle, *, label: str = "", keep: bool = False
    ) -> Paragraph:
        return Paragraph(self._setter, text, style, label=label, keep_with_next=keep)


def _in_two_lines(digest: str) -> str:
    half = len(digest) // 2
    return f"{digest_words(digest[:half])}\n{digest_words(digest[half:])}"

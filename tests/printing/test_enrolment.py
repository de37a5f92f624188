"""The enrolment card on paper: one page, its fingerprint as text and as a code that a scanner reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from dgdesk.bundle.signing.enrolment import fingerprint_qr, groups
from dgdesk.evidence.pages.pdf import PdfFile
from dgdesk.evidence.pages.scan_code import codes
from dgdesk.printing.enrolment import EnrolmentCard, print_enrolment
from dgdesk.text.messages import load_catalogue

FINGERPRINT = "0123456789abcdef" * 4
CARD = EnrolmentCard(
    signer="นางสาวกัญญารัตน์ ศรีสุวรรณวงศ์พาณิชย์ ณ อยุธยา",
    province="สำนักงานพัฒนารัฐบาลดิจิทัล (องค์การมหาชน)",
    origin="ใบรับรองสร้างด้วยโปรแกรมนี้",
    last=date(2031, 11, 24),
    rows=tuple(groups(FINGERPRINT)[at : at + 19] for at in range(0, 79, 20)),
    code=fingerprint_qr(FINGERPRINT),
    printed=datetime(2026, 11, 20, 22, 0, tzinfo=UTC),
)


def test_a_scanner_reads_the_fingerprint() -> None:
    printed = print_enrolment(CARD, load_catalogue())
    (text,) = codes(printed.data, "application/pdf").texts
    assert printed.pages == 1 and text == fingerprint_qr(FINGERPRINT)


def test_the_words_can_be_copied_and_days_are_buddhist() -> None:
    file = PdfFile(print_enrolment(CARD, load_catalogue()).data)
    words = "".join(file.letters(0).split())
    file.close()
    for part in (CARD.signer, CARD.province, groups(FINGERPRINT), "24 พฤศจิกายน 2574", "21 พฤศจิกายน 2569"):
        assert "".join(part.split()) in words
    assert "2031" not in words


def test_a_certificate_without_an_office_and_the_other_language_print_too() -> None:
    plain = print_enrolment(replace(CARD, province=""), load_catalogue("en"))
    assert plain.data == print_enrolment(replace(CARD, province=""), load_catalogue("th")).data

"""The sign-off sheet: who signs, what for, and how it is tied to one bundle."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from dgdesk.draft.signatories import Signatory
from dgdesk.evidence.pages.scan_code import codes as scan_codes
from dgdesk.printing.document import MM
from dgdesk.printing.qr import QUIET, QrCode, base32
from dgdesk.printing.signoff import QR_SIZE, Counts, Seal, print_signoff
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import SignOff
from dgdesk.survey.respondents import ISO_3166_2, Respondent
from dgdesk.text.messages import load_catalogue
from printing.conforming import findings
from printing.extracting import READERS
from scenario import form

__all__ = ["form"]

GOVERNOR = "ผู้ว่าราชการจังหวัดเชียงใหม่"
SEAL = Seal(
    title="แบบสำรวจระดับความพร้อม",
    edition="th-province-2568",
    respondent=Respondent(ISO_3166_2, "TH-50", "เชียงใหม่"),
    declared=None,
    bundle="เชียงใหม่.zip",
    signer="สมชาย มีสุข",
    claimed=datetime(2025, 8, 1, 20, 30, tzinfo=UTC),
    answers_digest="a1" * 32,
    bundle_digest="b2" * 32,
    fingerprint="c3" * 32,
    signatories=(
        Signatory("coordinator", "prepares", "ผู้ประสานงาน", "สมหญิง ใจดี", "นักวิเคราะห์"),
        Signatory("pcio", "checks", "ผู้บริหารเทคโนโลยีสารสนเทศ (PCIO)"),
        Signatory("governor", "certifies", GOVERNOR, "นายก้อง ข", GOVERNOR),
    ),
    counts=Counts(51, 116, 228, 230),
)


def text_of(signoff: SignOff, seal: Seal, *, thai_digits: bool = False) -> str:
    made = print_signoff(signoff, seal, load_catalogue(), thai_digits=thai_digits)
    return "".join(READERS["pdftotext"](made.data).split())


@pytest.fixture
def signoff(form: Form) -> SignOff:
    found = form.definition.signoff
    assert found is not None
    return found


def codes(data: bytes, scale: float) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [one.text for one in zxingcpp.read_barcodes(document[0].render(scale=scale).to_pil())]
    finally:
        document.close()


@pytest.mark.parametrize("scale", [1.5, 2, 4.17])
def test_an_independent_reader_decodes_the_code(signoff: SignOff, scale: float) -> None:
    result = print_signoff(signoff, SEAL, load_catalogue())
    assert codes(result.data, scale) == [SEAL.text]


@pytest.mark.parametrize("angle", [0, 1, -2, 3])
@pytest.mark.parametrize("blur", [0.0, 0.8, 1.2, 1.6])
def test_a_poor_scan_of_the_sheet_is_read(signoff: SignOff, angle: float, blur: float) -> None:
    """150 dots an inch, turned, blurred, and as JPEG of quality 50: an ordinary office scanner."""
    document = pypdfium2.PdfDocument(print_signoff(signoff, SEAL, load_catalogue()).data)
    try:
        page = document[0].render(scale=150 / 72).to_pil().convert("L")
    finally:
        document.close()
    scan = page.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    scan.filter(ImageFilter.GaussianBlur(blur)).save(stream, "JPEG", quality=50)
    assert scan_codes(stream.getvalue(), "image/jpeg").texts == (SEAL.text,)


def test_the_code_has_large_modules() -> None:
    made = QrCode(SEAL.text)
    assert made.modules - 2 * QUIET <= 41, "version 6 or less"
    assert QR_SIZE * (made.modules - 2 * QUIET) / made.modules >= 48 * MM and QR_SIZE >= 50 * MM


def test_the_code_says_edition_bundle_and_key() -> None:
    mark, code, edition, digest, key = SEAL.text.split(":")
    assert (mark, code, edition) == ("TSB1", "TH-50", "TH-PROVINCE-2568")
    assert base64.b32decode(digest + "====").hex() == SEAL.bundle_digest
    assert base64.b32decode(key + "====").hex() == SEAL.fingerprint
    assert base32("00" * 32) == "A" * 52


def test_two_checkers_find_nothing_against_pdfa_and_pdfua(signoff: SignOff) -> None:
    assert findings(print_signoff(signoff, SEAL, load_catalogue()).data) == []


@pytest.mark.parametrize("reader", READERS)
def test_the_front_is_for_signatures_and_the_back_for_all_that_is_technical(signoff: SignOff, reader: str) -> None:
    result = print_signoff(signoff, SEAL, load_catalogue())
    assert result.pages == 2 and not result.missing
    whole = "".join(READERS[reader](result.data).split())
    front, back = whole.split("ด้านหลังใบลงนามรับรอง")
    for digest in (SEAL.answers_digest, SEAL.bundle_digest, SEAL.fingerprint):
        assert digest not in front and digest in back
    for words in (SEAL.bundle, SEAL.signer, SEAL.text, "2สิงหาคม256803:30น.", "sha256sum"):
        assert "".join(words.split()) in back and "".join(words.split()) not in front, words
    for words in (SEAL.name, signoff.certification, "51หน้า", "116ไฟล์", "228จาก230ช่อง", "ที่ประทับตรา"):
        assert "".join(words.split()) in front, words
    assert front.count("(ลงชื่อ)") == front.count("พ.ศ.....") == 3
    for words in ("ผู้จัดทำ(สมหญิงใจดี)ตำแหน่งนักวิเคราะห์", "(นายก้องข)ตำแหน่งผู้ว่าราชการจังหวัดเชียงใหม่"):
        assert words in front or reader != "pdftotext"


def test_who_signs_for_the_governor_is_said(signoff: SignOff) -> None:
    *others, governor = SEAL.signatories
    for acting, words in (("acting", "รักษาราชการแทน"), ("on_behalf", "ปฏิบัติราชการแทน")):
        deputy = governor._replace(position="รองผู้ว่าราชการจังหวัดเชียงใหม่", acting=acting)
        text = text_of(signoff, SEAL._replace(signatories=(*others, deputy)))
        assert f"ตำแหน่งรองผู้ว่าราชการจังหวัดเชียงใหม่{words}ผู้ว่าราชการจังหวัดเชียงใหม่" in text
        assert "รักษาราชการแทน" not in text_of(signoff, SEAL)


def test_what_is_not_known_is_left_to_be_written_by_hand(signoff: SignOff) -> None:
    nobody = tuple(one._replace(name="", position="") for one in SEAL.signatories)
    text = text_of(signoff, SEAL._replace(signatories=nobody))
    assert text.count("(......") == 3 and text.count("ตำแหน่ง......") == 3


def test_the_longest_names_stay_on_the_front(signoff: SignOff) -> None:
    long = tuple(one._replace(name="ก้" * 60, position="ผู้" * 53) for one in SEAL.signatories)
    assert print_signoff(signoff, SEAL._replace(signatories=long), load_catalogue()).pages == 2


def test_digits_are_thai_where_chosen_but_in_what_is_compared_letter_by_letter(signoff: SignOff) -> None:
    thai = text_of(signoff, SEAL, thai_digits=True)
    assert "๕๑หน้า" in thai and "๒สิงหาคม๒๕๖๘๐๓:๓๐น." in thai and "หน้า๑จาก๒" in thai
    assert SEAL.bundle_digest in thai and SEAL.text in thai and "sha256sum" in thai


def test_the_edition_names_coordinator_pcio_and_governor(signoff: SignOff) -> None:
    assert [role.id for role in signoff.roles] == ["coordinator", "pcio", "governor"]
    assert signoff.roles[2].title == "ผู้ว่าราชการจังหวัด"


def test_the_same_seal_gives_the_same_bytes_and_a_draft_another_sheet(signoff: SignOff) -> None:
    first = print_signoff(signoff, SEAL, load_catalogue())
    assert first.data == print_signoff(signoff, SEAL, load_catalogue("en")).data, "the sheet is always Thai"
    draft = print_signoff(signoff, SEAL._replace(draft=True), load_catalogue())
    assert draft.data != first.data and codes(draft.data, 2) == [SEAL.text]


def test_more_roles_take_another_page_without_parting_a_signature(signoff: SignOff) -> None:
    result = print_signoff(signoff, SEAL._replace(signatories=SEAL.signatories * 4), load_catalogue())
    assert result.pages >= 3
    texts = READERS["pdftotext"](result.data).split("\f")
    signatures = [page.count("(ลงชื่อ)") for page in texts[: result.pages]]
    assert signatures == [page.count("พ.ศ. ....") for page in texts[: result.pages]]
    assert sum(signatures) == 12

"""The sign-off sheet: who signs, what for, and how it is tied to one bundle."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pikepdf.pdfa
import pypdfium2
import pytest
import zxingcpp

from dgdesk.printing.qr import base32
from dgdesk.printing.signoff import Seal, print_signoff
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import SignOff
from dgdesk.text.messages import load_catalogue
from printing.extracting import READERS
from scenario import form

__all__ = ["form"]

SEAL = Seal(
    title="แบบสำรวจระดับความพร้อม",
    edition="th-province-2568",
    province="เชียงใหม่",
    code="TH-50",
    bundle="เชียงใหม่.zip",
    signer="สมหญิง ใจดี",
    claimed=datetime(2025, 8, 1, 20, 30, tzinfo=UTC),
    answers_digest="a1" * 32,
    bundle_digest="b2" * 32,
    fingerprint="c3" * 32,
)


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


def test_the_code_says_edition_bundle_and_key() -> None:
    mark, code, edition, digest, key = SEAL.text.split(":")
    assert (mark, code, edition) == ("TSB1", "TH-50", "th-province-2568")
    assert base64.b32decode(digest + "====").hex() == SEAL.bundle_digest
    assert base64.b32decode(key + "====").hex() == SEAL.fingerprint
    assert base32("00" * 32) == "A" * 52


def test_it_is_pdfa_by_pikepdfs_check(signoff: SignOff) -> None:
    with pikepdf.open(io.BytesIO(print_signoff(signoff, SEAL, load_catalogue()).data)) as pdf:
        assert pikepdf.pdfa.check(pdf, "2b").findings == []


@pytest.mark.parametrize("reader", READERS)
def test_all_that_must_be_there_stands_on_one_page(signoff: SignOff, reader: str) -> None:
    result = print_signoff(signoff, SEAL, load_catalogue())
    assert result.pages == 1 and not result.missing
    text = "".join(READERS[reader](result.data).split())
    for digest in (SEAL.answers_digest, SEAL.bundle_digest, SEAL.fingerprint):
        assert digest in text
    for words in (SEAL.province, SEAL.bundle, SEAL.signer, SEAL.text, signoff.certification, "2สิงหาคม256803:30น."):
        assert "".join(words.split()) in text, words
    for role in signoff.roles:
        assert f"ตำแหน่ง{''.join(role.title.split())}" in text
    assert text.count("ลงชื่อ") >= len(signoff.roles) and "sha256sum" in text


def test_the_edition_names_coordinator_pcio_and_governor(signoff: SignOff) -> None:
    assert [role.id for role in signoff.roles] == ["coordinator", "pcio", "governor"]
    assert signoff.roles[2].title == "ผู้ว่าราชการจังหวัด"


def test_the_same_seal_gives_the_same_bytes_and_a_draft_another_sheet(signoff: SignOff) -> None:
    first = print_signoff(signoff, SEAL, load_catalogue())
    assert first.data == print_signoff(signoff, SEAL, load_catalogue("en")).data, "the sheet is always Thai"
    draft = print_signoff(signoff, replace(SEAL, draft=True), load_catalogue())
    assert draft.data != first.data and codes(draft.data, 2) == [SEAL.text]


def test_more_roles_take_another_page_without_parting_a_signature(signoff: SignOff) -> None:
    many = SignOff(certification=signoff.certification, roles=signoff.roles * 4)
    result = print_signoff(many, SEAL, load_catalogue())
    assert result.pages >= 2
    texts = READERS["pdftotext"](result.data).split("\f")
    signatures = [page.count("ลงชื่อ") for page in texts[: result.pages]]
    assert signatures == [page.count("วันที่") for page in texts[: result.pages]]
    assert sum(signatures) >= len(many.roles)

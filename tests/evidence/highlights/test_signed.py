"""The marked copy of a signed PDF: no broken signature in it, its picture stays, and the original is untouched."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers

from dgdesk.evidence.highlights.copies import make_marked_copy
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.survey.answers.marks import Mark, Rect
from evidence.highlights.signing import make_signer, signed
from evidence.inspection.looking import look, pdf
from tools import needs

MARKS = [PlacedMark("P1.4", Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),), "ข้อ 2"))]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> signers.SimpleSigner:
    return make_signer(tmp_path_factory.mktemp("signer"))


def with_a_box(document: pikepdf.Pdf) -> None:
    box = document.make_indirect(
        pikepdf.Dictionary(
            FT=Name.Tx, T=pikepdf.String("name"), Subtype=Name.Widget, Type=Name.Annot, Rect=[300, 300, 400, 320]
        )
    )
    document.pages[0].Annots = pikepdf.Array([box])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([box]))


@pytest.mark.parametrize(
    ("names", "options", "certify"),
    [
        (("หนึ่ง",), {}, False),
        (("one", "two", "three"), {}, False),
        (("one",), {"object_stream_mode": pikepdf.ObjectStreamMode.disable}, True),
        (("form.a.b",), {}, False),
    ],
)
def test_signatures_are_taken_out_of_the_copy_and_their_pictures_stay(tmp_path, signer, names, options, certify):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    whole = signed(pdf(3, with_a_box, **options), signer, *names, certify=certify)
    source.write_bytes(whole)
    looked = look(whole, "ก.pdf")
    assert looked.signed and looked.findings == ()
    made = make_marked_copy(source, target, "application/pdf", MARKS)
    assert made.unsigned and made.missing == ()
    assert source.read_bytes() == whole
    assert len(PdfFileReader(io.BytesIO(whole)).embedded_signatures) == len(names)
    assert not PdfFileReader(io.BytesIO(target.read_bytes())).embedded_signatures
    with pikepdf.open(target) as copy:
        assert not look(target.read_bytes(), "ก.pdf").signed
        shown = [str(one.Subtype) for one in copy.pages[0].Annots]
        assert sorted(shown) == sorted(["/Widget", "/Highlight", *["/Stamp"] * len(names)])
        stamps = [one for one in copy.pages[0].Annots if one.Subtype == "/Stamp"]
        assert all("/AP" in one and "/V" not in one and "/FT" not in one for one in stamps)
        assert [str(one.T) for one in copy.Root.AcroForm.Fields if "/FT" in one] == ["name"]
        assert "/SigFlags" not in copy.Root.AcroForm and "/Perms" not in copy.Root
        (highlight,) = (one for one in copy.pages[0].Annots if one.Subtype == "/Highlight")
        assert "ไม่มีลายมือชื่อดิจิทัล" in str(highlight.Contents)
        assert copy.check_pdf_syntax() == []


def test_the_same_signed_file_and_marks_give_the_same_copy(tmp_path, signer):
    source = tmp_path / "a.pdf"
    source.write_bytes(signed(pdf(2), signer, "one"))
    copies = []
    for name in ("b.pdf", "c.pdf"):
        make_marked_copy(source, tmp_path / name, "application/pdf", MARKS)
        copies.append((tmp_path / name).read_bytes())
    assert copies[0] == copies[1]


def test_a_file_without_a_signature_is_not_said_to_have_lost_one(tmp_path):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"

    def empty_field(document: pikepdf.Pdf) -> None:
        with_a_box(document)
        document.pages[0].Annots[0].FT = Name.Sig  # a place to sign, and nobody did

    for content in (pdf(2), pdf(2, with_a_box), pdf(2, empty_field)):
        source.write_bytes(content)
        assert not make_marked_copy(source, target, "application/pdf", MARKS).unsigned
        with pikepdf.open(target) as copy:
            assert "ลายมือชื่อ" not in str(copy.pages[0].Annots[-1].Contents)


@needs("pdfsig")
def test_another_program_finds_no_signature_in_the_copy(tmp_path: Path, signer):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(signed(pdf(2), signer, "one"))
    make_marked_copy(source, target, "application/pdf", MARKS)
    said = subprocess.run(["pdfsig", "-nocert", str(target)], capture_output=True, text=True, check=False).stdout
    assert "does not contain any signatures" in said

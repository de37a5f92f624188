"""Paper: what is printed of a draft, what lies in the bundle, and the sheet beside it."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pypdf
import pypdfium2
import pytest
import zxingcpp

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.printing.qr import base32
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.evidence import file_numbers
from dgdesk.submission.export import digest_for_signature, export_draft
from dgdesk.submission.gather import gather
from dgdesk.submission.survey_pdf import print_draft, signoff_path, write_print

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


@pytest.fixture
def finished(desk, ready):
    """A person at work with a draft that is ready."""
    desk.close()
    shutil.copyfile(ready, desk.path)
    return desk


def exported(desk, signer, **options):
    report = export_draft(desk.draft, desk.folder / "ส่ง.zip", identity=signer, claimed_time=NOW, **options)
    with zipfile.ZipFile(report.path) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    return report, files


def text_of(data):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def test_the_survey_lies_in_the_bundle_and_carries_the_answers_digest(finished, signer):
    report, files = exported(finished, signer)
    assert verify_bundle(report.path, trusted=[signer.certificate_pem]).ok
    digest = sha256(files["data/submission.json"]).hexdigest()
    assert digest == report.answers_digest == digest_for_signature(finished.draft)
    survey = files["data/survey.pdf"]
    pages = pypdf.PdfReader(io.BytesIO(survey)).pages
    assert len(pages) > 35
    short = " ".join(digest[at : at + 4] for at in range(0, 16, 4))
    assert all(short in " ".join(page.extract_text().split()) for page in pages)
    assert digest in text_of(survey).replace(" ", "")
    # The bundle digest exists only once the bundle does.
    assert report.digest[:16] not in text_of(survey).replace(" ", "")


def test_the_print_for_signature_is_the_one_in_the_bundle(finished, signer):
    report, files = exported(finished, signer)
    again = print_draft(finished.draft, PrintChoices(), claimed=NOW, answers_digest=report.answers_digest)
    assert again.data == files["data/survey.pdf"] and not again.missing


def test_another_time_changes_the_print_and_nothing_that_was_answered(finished, signer):
    _, first = exported(finished, signer)
    _, second = exported(finished, signer, replace=True, never_sent=True)
    assert first["data/survey.pdf"] == second["data/survey.pdf"]
    later = print_draft(finished.draft, PrintChoices(), claimed=NOW.replace(hour=5)).data
    assert later != first["data/survey.pdf"]


def test_the_sign_off_sheet_lies_beside_the_bundle_and_never_inside(finished, signer):
    report, files = exported(finished, signer)
    assert report.signoff == finished.folder / "ส่ง.signoff.pdf" == signoff_path(report.path)
    assert not [name for name in files if "signoff" in name]
    sheet = report.signoff.read_bytes()
    text = text_of(sheet).replace(" ", "")
    assert report.digest in text and report.answers_digest in text and signer.fingerprint in text
    document = pypdfium2.PdfDocument(sheet)
    try:
        (code,) = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    finally:
        document.close()
    assert code.text == f"TSB1:TH-50:TH-PROVINCE-2568:{base32(report.digest)}:{base32(signer.fingerprint)}"


def test_a_bundle_that_is_a_draft_says_so_on_paper(desk, signer):
    desk.session.answer_all({"general.province": "TH-55", "g1": "no"})
    _, files = exported(desk, signer, as_draft=True)
    assert "ฉบับร่าง" in text_of(files["data/survey.pdf"])


def test_files_carry_the_same_numbers_on_paper_and_in_the_bundle(finished):
    session = finished.session
    gathered = gather(finished.draft)
    items = gathered.submission.evidence
    named = {item.sha256: item.file.removeprefix("evidence/").partition(".")[0] for item in items}
    assert file_numbers(session.form, session.state) == named


def test_points_entered_from_elsewhere_are_not_handed_in(finished):
    before = print_draft(finished.draft, PrintChoices(), claimed=NOW).data
    finished.session.set_external("4.3", Decimal(5))
    assert print_draft(finished.draft, PrintChoices(), claimed=NOW).data == before


def test_only_what_is_ready_is_printed_for_signature(desk, refused):
    desk.session.answer_all({"general.province": "TH-55"})
    with refused("print.not_ready"):
        digest_for_signature(desk.draft)


def test_an_unknown_section_is_refused(desk, refused):
    with refused("print.no_section"):
        print_draft(desk.draft, PrintChoices(section="p9"), claimed=NOW)


def test_a_pdf_is_replaced_when_asked_and_nothing_else(tmp_path, refused):
    target = tmp_path / "พิมพ์.pdf"
    one, two = (b"%%PDF-1.7 <xmp:CreatorTool>dgdesk %d %%%%EOF" % number for number in (1, 2))
    write_print(target, one)
    with refused("print.exists"):
        write_print(target, two)
    write_print(target, two, replace=True)
    assert target.read_bytes() == two
    target.write_bytes(b"%PDF-1.7 a scan %%EOF")
    with refused("target.is_other_pdf"):
        write_print(target, one, replace=True)
    target.write_bytes(b"a thesis")
    with refused("target.is_text"):
        write_print(target, b"%PDF-1.7 three", replace=True)
    assert target.read_bytes() == b"a thesis"
    with refused("target.no_folder"):
        write_print(tmp_path / "gone" / "x.pdf", b"%PDF")
    assert os.listdir(tmp_path) == [target.name]


def test_a_sheet_that_cannot_be_written_is_told_and_the_bundle_stays(finished, signer, refused):
    (finished.folder / "ส่ง.signoff.pdf").write_bytes(b"not a print")
    with refused("print.signoff_not_written"):
        exported(finished, signer)
    assert verify_bundle(finished.folder / "ส่ง.zip", trusted=[signer.certificate_pem]).ok


def test_the_sheet_names_who_signed(finished, tmp_path):
    other = create_identity(tmp_path / "id", person="มานี มีตา", province="TH-50", passphrase=None, now=NOW)
    report, _ = exported(finished, other)
    assert "มานี มีตา" in text_of(report.signoff.read_bytes())

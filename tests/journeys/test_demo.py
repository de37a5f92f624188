"""The demo: the main job with no display, on the real survey; what it makes stands before public tools."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pypdf
import pypdfium2
import pytest
from PIL import Image

from cli.support import Result, listing, result_of, start
from dgdesk.demo.files import makers
from dgdesk.draft.drafts import open_draft
from dgdesk.evidence.media import media_type
from tools import needs

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "integrators.md"
SCHEMA = Path(__file__).parents[2] / "docs" / "submission.schema.json"
OPENSSL = (
    "openssl cms -verify -cades -binary -inform DER -in signatures/tagmanifest-sha256.txt.p7s "
    "-content tagmanifest-sha256.txt -CAfile ../signer.pem -no-CApath -no-CAstore -purpose any -out ../out"
)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The folder of a demo that ran in its own process, with no display and a home that does not exist."""
    folder = tmp_path_factory.mktemp("demo") / "ตัวอย่าง จังหวัด"
    home = folder.parent / "home"
    process = start("demo", folder, "--json", HOME=str(home), QT_QPA_PLATFORM="offscreen")
    assert not home.exists()  # the demo's identity is its own: nothing goes into the person's profile
    return folder, result_of(process)


@pytest.fixture(scope="module")
def bag(demo: tuple[Path, Result]) -> Path:
    """The bundle, unpacked by Python's own reader."""
    folder, _ = demo
    target = folder.parent / "unpacked"
    with zipfile.ZipFile(folder / "demo.zip") as archive:
        archive.extractall(target)
    shutil.copy(folder / "signer.pem", target)
    (bag,) = [path for path in target.iterdir() if path.is_dir()]
    return bag


def public(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def evidence(bag: Path, suffix: str) -> list[Path]:
    found = sorted((bag / "data" / "evidence").glob(f"*.{suffix}"))
    assert len(found) > 20
    return found


def test_it_does_the_whole_job_and_says_where(demo):
    folder, result = demo
    assert (result.code, result.err) == (0, "")
    report = result.json
    assert report["verified"] is True and report["evidence"] > 100 and report["answers"] > 400
    made = [Path(report[key]) for key in ("draft", "bundle", "survey", "signoff", "certificate", "trust")]
    names = ("demo.dgdesk", "demo.zip", "demo.pdf", "demo.signoff.pdf", "signer.pem", "trust.csv")
    assert made == [folder / name for name in names]
    assert all(path.is_file() for path in made)
    total = report["score"]["total"]
    assert total["open"] == total["waiting"] == 0 and 60 < total["earned"] < 78.33
    assert not list(folder.rglob("*.part")) and not list(folder.rglob("*.lock"))


def test_the_print_is_the_one_in_the_bundle(demo, bag):
    folder, _ = demo
    assert (folder / "demo.pdf").read_bytes() == (bag / "data" / "survey.pdf").read_bytes()


def test_the_draft_reopens_ready_with_evidence_that_is_whole(demo):
    folder, result = demo
    with open_draft(folder / "demo.dgdesk", clock=lambda: JANUARY, who="-", read_only=True) as draft:
        assert draft.respondent_name == "เชียงใหม่"
        assert draft.session.state.ready and draft.session.state.whole.percent == 100
        assert draft.package.check() == ()
        (export,) = draft.package.exports()
        assert export.record["digest"] == result.json["digest"] and export.record["draft"] is False
        assert len(draft.package.files()) == len({file.sha256 for file in draft.package.files()})


def test_the_bundle_verifies_by_our_own_command(demo):
    folder, result = demo
    verdict = result_of(start("verify", folder / "demo.zip", "--trust", folder / "signer.pem", "--json"))
    assert verdict.code == 0 and verdict.json["ok"] and verdict.json["digest"] == result.json["digest"]


def test_the_list_beside_it_binds_the_signer_so_that_there_is_no_warning_who_it_is(demo):
    folder, _ = demo
    verdict = result_of(start("verify", folder / "demo.zip", "--trust", folder / "trust.csv", "--json"))
    codes = {one["code"] for one in verdict.json["warnings"]}
    assert verdict.json["ok"] and not codes & {"verify.not_bound", "verify.organisation_differs"}
    assert verdict.json["signed_by"]["organisation"] == "เชียงใหม่"


@needs("openssl")
def test_openssl_accepts_the_signature(bag):
    done = public(OPENSSL.split(), bag)
    assert (done.returncode, done.stderr.strip()) == (0, "CAdES Verification successful"), done.stderr


@needs("sha256sum")
def test_sha256sum_accepts_the_tag_files(bag):
    done = public(["sha256sum", "--strict", "-c", "tagmanifest-sha256.txt"], bag)
    assert done.returncode == 0, done.stderr


def test_bagit_accepts_the_bag(bag):
    done = public([sys.executable, "-m", "bagit", "--validate", "."], bag)
    assert done.returncode == 0, done.stderr


def test_the_submission_fits_the_published_schema(bag):
    document = json.loads((bag / "data" / "submission.json").read_bytes())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    listed = {item["file"] for item in document["evidence"]}
    assert listed == {f"evidence/{path.name}" for path in (bag / "data" / "evidence").iterdir()}
    for item in document["evidence"]:
        content = (bag / "data" / item["file"]).read_bytes()
        assert item["media_type"] == media_type(content[:4096])
        assert item["pages"] and item["passages"] and item["name"].startswith("หลักฐาน ")


def test_the_pictures_are_pictures(bag):
    for path in evidence(bag, "jpg"):
        with Image.open(path) as picture:
            assert picture.format == "JPEG" and picture.size == (640, 480)
            picture.load()


def test_the_word_files_hold_their_text(bag):
    for path in evidence(bag, "docx"):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            assert {"[Content_Types].xml", "_rels/.rels", "word/document.xml"} == set(archive.namelist())
            for name in archive.namelist():
                tree = ElementTree.fromstring(archive.read(name))
        words = [element.text for element in tree.iter(WORD)]
        assert "เอกสารหลักฐานของจังหวัด" in words and len(words) == 3


def test_the_pdf_files_are_pdf_files(bag):
    for path in evidence(bag, "pdf"):
        content = path.read_bytes()
        assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
        (page,) = pypdf.PdfReader(path).pages
        assert all("/ToUnicode" in font.get_object() for font in page["/Resources"]["/Font"].values())


def test_the_pdf_files_hold_their_text(bag):
    with pypdfium2.PdfDocument(evidence(bag, "pdf")[0]) as document:
        page = document[0].get_textpage()
        text = page.get_text_range()
        page.close()
    assert "เอกสารหลักฐานของจังหวัด" in text


@needs("pdftotext")
def test_pdftotext_reads_the_same_text(bag):
    text = public(["pdftotext", "-enc", "UTF-8", str(evidence(bag, "pdf")[0]), "-"], bag).stdout
    assert "เอกสารหลักฐานของจังหวัด" in text


def test_the_marks_are_seen_in_copies_and_the_originals_have_none(bag):
    document = json.loads((bag / "data" / "submission.json").read_bytes())
    marked = {item["marked_file"]: item for item in document["evidence"] if "marked_file" in item}
    assert {f"marked/{path.name}" for path in (bag / "data" / "marked").iterdir()} == marked.keys()
    assert len(marked) == len(evidence(bag, "pdf")) + len(evidence(bag, "jpg"))
    first = next(item for name, item in marked.items() if name.endswith(".pdf"))
    (page,) = pypdf.PdfReader(bag / "data" / first["marked_file"]).pages
    (highlight,) = [one.get_object() for one in page["/Annots"]]
    assert highlight["/Contents"].endswith(first["marks"][0]["note"])
    across = [float(number) for number in highlight["/Rect"]]
    with pypdfium2.PdfDocument(bag / "data" / first["marked_file"]) as pdf:
        text = pdf[0].get_textpage()
        assert "เอกสาร" not in text.get_text_bounded(*across) and len(text.get_text_bounded(*across).strip()) > 10
        text.close()
    assert "/Annots" not in pypdf.PdfReader(bag / "data" / first["file"]).pages[0]
    name = next(name for name in marked if name.endswith(".jpg"))
    with Image.open(bag / "data" / name) as copy, Image.open(bag / "data" / marked[name]["file"]) as original:
        assert copy.size == original.size
        (left, top, right, bottom) = marked[name]["marks"][0]["rects"][0]
        inside = tuple(round(part * side) for part, side in zip((right - 0.03, top + 0.03), copy.size, strict=True))
        assert copy.getpixel(inside)[2] < original.getpixel(inside)[2] - 60
        assert bottom < 0.5 and left > 0


def test_a_second_demo_in_the_same_folder_is_refused_and_changes_nothing(demo):
    folder, _ = demo
    before = listing(folder)
    for json_too in ([], ["--json"]):
        sentence = result_of(start("demo", folder, *json_too)).refusal(3)
        assert "demo.dgdesk" in sentence and "มีไฟล์" in sentence
    assert listing(folder) == before


def test_the_page_for_integrators_lists_every_file_of_the_bundle(bag):
    """Evidence and marked copies are numbered: the page names the first of each kind."""
    (layout,) = re.findall(r"```\n<edition>-<province>/\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    named = [line.split()[0] for line in layout.splitlines()]
    real = {re.sub(r"/E\d{4}\.\w+$", "/E0001.pdf", name) for name in listing(bag)}
    assert sorted(named) == sorted(real)


@pytest.mark.parametrize("name", ["demo.dgdesk", "demo.zip", "signer.pem", "trust.csv", "identity"])
def test_anything_in_the_way_is_kept(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    assert name in result_of(start("demo", tmp_path)).refusal(3)
    assert listing(tmp_path) == {name: b"mine"}


def test_its_files_are_the_same_every_time_and_each_its_own():
    for suffix, make in makers():
        lines = ("น้ำ & <ไฟ>", "บรรทัด")
        assert make("P1.1 / 1", lines) == make("P1.1 / 1", lines)
        assert make("P1.1 / 1", lines) != make("P1.1 / 2", lines), suffix
    with zipfile.ZipFile(io.BytesIO(dict(makers())["docx"]("G1", ("<&>",)))) as archive:
        assert "&lt;&amp;&gt;" in archive.read("word/document.xml").decode()

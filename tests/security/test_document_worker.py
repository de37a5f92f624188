"""Evidence of strangers: what it does to whoever reads it, it does to a worker with limits, never to the program."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from dgdesk.demo.files import make_docx
from dgdesk.errors import CheckFailed, FileError
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.evidence.inspection.inspect import look_at_file
from dgdesk.evidence.inspection.issue import Content
from dgdesk.evidence.media import media_type
from dgdesk.evidence.pages.geometry import Piece
from dgdesk.evidence.worker.process import DocumentWorker
from dgdesk.survey.answers.marks import Mark, Rect
from evidence.pages.pdfs import thai_pdf
from parsed import nodes_of
from security.bombs import BOMBS

SOURCE = Path(__file__).parents[2] / "src"
FOREIGN = {"pypdfium2", "pypdfium2_raw", "pikepdf", "PIL", "olefile", "zxingcpp", "pi_heif"}
MARKS = [PlacedMark("P1.4", Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),)))]
MOST_TIME, MOST_MEMORY = 16.0, 16 << 20
"""Seconds for a question (ten, and a loaded machine), bytes in the program."""


@pytest.fixture(scope="module")
def worker() -> Iterator[DocumentWorker]:
    made = DocumentWorker()
    yield made
    made.close()


def seen(documents: Documents, path: Path, kind: str) -> object:
    """Show the first page, and search."""
    document = documents.open(path, kind)
    try:
        size = document.size(0)
        width, height = 500, max(1, min(1000, round(500 * size.height / size.width)))
        document.render(Piece(0, width, height, 0, 0, width, height), memoryview(bytearray(width * height * 4)), never)
        return document.search("needle", 0, 100)
    finally:
        document.close()


def never() -> bool:
    return False


STEPS = {
    "inspect": lambda documents, path, kind: documents.inspect(path, None),
    "see": seen,
    "codes": lambda documents, path, kind: documents.codes(path, kind),
    "mark": lambda documents, path, kind: documents.mark(path, path.with_name("copy"), kind, MARKS),
}
# Some of each kind that are told within a second; `benchmarks` and the fault runs take all.
QUICK = (
    *(("contents.pdf", "see"), ("ascii85.pdf", "see"), ("jbig2.pdf", "see"), ("deep array.pdf", "inspect")),
    *(("flate image.pdf", "codes"), ("profile.png", "see"), ("itxt.png", "inspect"), ("more pixels.png", "see")),
    *(("more pixels.png", "mark"), ("more packed.tif", "see"), ("points.jpg", "see"), ("points.jpg", "mark")),
    *(("unfolding.docx", "inspect"), ("entities.docx", "inspect"), ("loop.doc", "inspect")),
)


@pytest.mark.parametrize(("name", "step"), QUICK, ids=str)
def test_a_bomb_is_told_within_bounds_and_the_next_file_is_read(
    worker: DocumentWorker, tmp_path: Path, name: str, step: str
) -> None:
    documents, path = Documents(worker), tmp_path / name
    path.write_bytes(BOMBS[name]())
    kind = media_type(path.read_bytes()[:4096])
    tracemalloc.start()
    try:
        began = time.monotonic()
        try:
            STEPS[step](documents, path, kind)
        except (FileError, CheckFailed) as error:
            assert error.code.startswith(("viewer.", "marking."))
        took, peak = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < MOST_TIME and peak < MOST_MEMORY
    sound = tmp_path / "sound.pdf"
    sound.write_bytes(thai_pdf(["น้ำ"]))
    assert documents.inspect(sound, None).findings == ()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bound memory in other ways")
def test_the_worker_never_holds_more_than_its_limit(tmp_path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
documents, path = Documents(), Path(sys.argv[1])
try:
    documents.open(path, "application/pdf").text(0)
except DgdeskError as error:
    print(error.code)
documents.close()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
print(int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) >> 10)
"""
    path = tmp_path / "a.pdf"
    path.write_bytes(BOMBS["contents.pdf"]())
    done = subprocess.run([sys.executable, "-P", "-c", code, str(path)], capture_output=True, text=True, check=True)
    told, child, own = done.stdout.split()
    assert told == "viewer.not_shown" and 100 < int(child) <= 512 and int(own) < 100


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="on Windows a job does this; reads /proc")
def test_a_worker_in_the_middle_of_a_bomb_goes_with_its_program(tmp_path: Path) -> None:
    code = """
import sys, threading, time, os
from pathlib import Path
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.worker.process import DocumentWorker
worker = DocumentWorker()
documents = Documents(worker)
documents.prepare().join()
threading.Thread(target=lambda: documents.inspect(Path(sys.argv[1]), None), daemon=True).start()
time.sleep(0.5)
print(worker.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    path = tmp_path / "kids.pdf"  # five seconds of work
    path.write_bytes(BOMBS["kids.pdf"]())
    done = subprocess.run([sys.executable, "-P", "-c", code, str(path)], capture_output=True, text=True)
    status = Path(f"/proc/{int(done.stdout)}/stat")
    end = time.monotonic() + 2
    while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z" and time.monotonic() < end:
        time.sleep(0.01)
    assert time.monotonic() < end


def test_a_person_who_closes_the_viewer_need_not_wait_for_a_bomb(worker: DocumentWorker, tmp_path: Path) -> None:
    path = tmp_path / "laughs.pdf"
    path.write_bytes(BOMBS["laughs.pdf"]())
    document = Documents(worker).open(path, "application/pdf")
    began = time.monotonic()
    piece, pixels = Piece(0, 500, 500, 0, 0, 500, 500), bytearray(1_000_000)
    drawn = document.render(piece, memoryview(pixels), lambda: time.monotonic() - began > 0.2)
    assert not drawn and time.monotonic() - began < 8
    document.close()


PARSERS = {
    *(
        "dgdesk.evidence.inspection.parse",
        "dgdesk.evidence.inspection.ole_file",
        "dgdesk.evidence.inspection.zip_file",
        "dgdesk.evidence.pages.pictures",
    ),
    *("dgdesk.evidence.inspection.pdf", "dgdesk.evidence.inspection.pictures"),
    *("dgdesk.evidence.inspection.pdf_contents", "dgdesk.evidence.inspection.jpeg"),
    "dgdesk.evidence.inspection.pdf_streams",
    *("dgdesk.evidence.highlights.pdf", "dgdesk.evidence.highlights.pictures", "dgdesk.evidence.highlights.copies"),
    *("dgdesk.evidence.pages.pdf", "dgdesk.evidence.pages.scan_code", "dgdesk.evidence.worker.actions"),
    "dgdesk.evidence.inspection.workbook_cells",
}
# Who reads only what dgdesk itself has made, and what for; and names that parse nothing.
OWN = {
    "ui/widgets/printer.py": "the survey's own PDF goes to a printer",
    "printing/pdffile.py": "packs the objects of the survey's own PDF",
    "printing/qr.py": "draws codes of the program's own texts",
    "agency/tables/workbook.py": "writes the agency's workbook",
    "demo/files.py": "makes the demo's evidence",
    "selftest.py": "names the libraries' versions",
    "system/check/gather.py": "tries whether the libraries can be loaded",
    "support/report.py": "names the libraries' versions",
    "support/gather.py": "writes the help desk's zip",
}
HARMLESS = {"marked_suffix", "read_scan", "LARGEST"}


@cache
def outside_the_worker() -> list[tuple[str, ast.AST]]:
    """Every import, call and name of the program's code that runs in the program itself."""
    found: list[tuple[str, ast.AST]] = []
    for path in sorted((SOURCE / "dgdesk").rglob("*.py")):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        name = path.relative_to(SOURCE / "dgdesk").as_posix()
        if module not in PARSERS and name not in OWN:
            nodes = nodes_of(path.read_text(encoding="utf-8"))
            kinds = (ast.Import, ast.ImportFrom, ast.Call, ast.Name, ast.Attribute)
            found += [(name, node) for node in nodes if isinstance(node, kinds)]
    return found


def test_only_the_worker_imports_what_parses() -> None:
    wrong = []
    for name, node in outside_the_worker():
        if isinstance(node, ast.Import):
            found = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found = [module, *(f"{module}.{one.name}" for one in node.names if one.name not in HARMLESS)]
            if module in PARSERS and HARMLESS.issuperset(one.name for one in node.names):
                found = []
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        else:
            continue
        bad = [one for one in found if one in PARSERS or one.partition(".")[0] in FOREIGN | {"zipfile"}]
        if bad and name != "evidence/worker/child.py":
            wrong.append((name, bad))
    assert wrong == []


def test_qt_reads_no_picture_of_a_stranger() -> None:
    """Qt's readers run in the program. It draws its own icons and help pictures; what is pasted comes as pixels."""
    readers = {"QImageReader", "QMovie", "QPdfDocument", "QPictureIO", "loadFromData", "fromData"}
    used = {
        (name, named)
        for name, node in outside_the_worker()
        if (named := getattr(node, "id", getattr(node, "attr", ""))) in readers
    }
    assert used == {("ui/selftest.py", "QImageReader")}  # asks which formats there are


def test_the_program_parses_nothing_of_a_file_that_has_a_structure(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    asked: list[str] = []
    for content in (b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"II*\0"):
        path.write_bytes(content + bytes(100))
        look_at_file(path, None, lambda kind, name: asked.append(kind) or Content(kind))
    assert len(asked) == 5


WORK = """
import json, sys, zipfile
from datetime import datetime, timezone
from pathlib import Path

folder = Path(sys.argv[1])
zips = []
zipfile.ZipFile = lambda *given, **named: zips.append(1)  # pydantic loads the module; nobody opens anything with it
now = lambda: datetime(2026, 11, 20, tzinfo=timezone.utc)

from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.folders.import_folder import plan_folder
from dgdesk.draft.drafts import new_draft
from dgdesk.submission.export import make_copies, wanted_copies
from dgdesk.submission.gather import gather
from dgdesk.text.normalise import fold

marks = [Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),), "มติ")]
with new_draft(folder / "a.dgdesk", clock=now, who="x", respondent="TH-55") as draft:
    session = draft.session
    session.answer_all({"g1": "yes", "g2": "yes"})
    told = {}
    for name in ("a.pdf", "a.png", "a.docx", "a.doc"):
        told[name] = [one.code for one in session.look(folder / "files" / name).findings]
        session.attach("g1/yes", folder / "files" / name, marks=marks)
    plan_folder(session, folder / "files")
    document = session.documents.open(folder / "files" / "a.pdf", "application/pdf")
    told["text"] = document.text(0).text
    told["hits"] = len(document.search(fold("น้ำ"), 0, 10)[1])
    document.close()
    told["codes"] = list(session.documents.codes(folder / "files" / "a.png", "image/png"))
    (folder / "copies").mkdir()
    copies = make_copies(wanted_copies(draft, gather(draft)), folder / "copies", session.documents.mark)
    told["copies"] = sorted(path.name for path in copies.files.values())
    told["flaws"] = dict(copies.flaws)
told["zips"] = zips
told["modules"] = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps(told))
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(thai_pdf(["น้ำท่วม"]))
    Image.new("RGB", (60, 40), "red").save(folder / "a.png")
    (folder / "a.docx").write_bytes(make_docx("P1.4", ("น้ำ",)))
    (folder / "a.doc").write_bytes(BOMBS["loop.doc"]())
    return folder


def test_no_library_that_reads_foreign_formats_is_loaded_by_the_program(files: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", "-c", WORK, str(files.parent)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["a.pdf"], told["a.png"], told["a.docx"]) == ([], [], []) and told["a.doc"]
    assert "น้ำท่วม" in told["text"] and told["hits"] == 1 and told["codes"] == []
    assert len(told["copies"]) == 2 and told["flaws"] == {}
    assert FOREIGN & {*told["modules"]} == set() and told["zips"] == []

"""Documents as the program uses them: through the worker, with a sentence for whatever goes wrong there."""

from __future__ import annotations

import errno
import io
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from dgdesk.errors import CheckFailed, FileError
from dgdesk.evidence import media
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.highlights.geometry import CopyMade, PlacedMark
from dgdesk.evidence.opening import DocumentLost
from dgdesk.evidence.pages.geometry import Piece
from dgdesk.evidence.worker.process import DocumentWorker
from dgdesk.evidence.worker.protocol import WorkerAnswer, WorkerLost, WorkerMissing
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.text.normalise import fold
from evidence.pages.pdfs import bare_pdf, thai_pdf

MARKS = [PlacedMark("P1.4", Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),), "มติ"))]
GARBLED = Path(__file__).parent / "worker" / "garbled.py"


@pytest.fixture(scope="module")
def documents() -> Iterator[Documents]:
    made = Documents()
    yield made
    made.close()


@dataclass
class Broken:
    """A channel that answers nothing but an error; ``asked`` counts."""

    error: Exception
    asked: list[object] = field(default_factory=list)

    def ask(self, request, content=b"", **options) -> WorkerAnswer:
        self.asked.append(request["do"])
        raise self.error

    def close(self) -> None:
        """Nothing to end."""


@dataclass
class Scripted:
    """A channel with answers that are given one after the other; None: the worker is gone."""

    answers: list
    asked: list[object] = field(default_factory=list)

    def ask(self, request, content=b"", **options) -> WorkerAnswer:
        self.asked.append(request["do"])
        answer = self.answers.pop(0)
        if answer is None:
            raise WorkerLost("died")
        return WorkerAnswer(answer, b"")

    def close(self) -> None:
        """Nothing to end."""


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def garbled(how: str, more: bytes = b"") -> Documents:
    return Documents(DocumentWorker([sys.executable, "-S", str(GARBLED), how, more.hex()]))


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", size, "red").save(into, "PNG")
    return into.getvalue()


def test_a_file_is_inspected_shown_searched_and_marked(documents: Documents, thai_path: Path) -> None:
    path = written(thai_path / "คำสั่ง.pdf", thai_pdf(["หน้าแรก"], ["เรื่อง น้ำท่วม", "ข้อ ๒ น้ำท่วม"]))
    assert documents.inspect(path, None).findings == ()
    document = documents.open(path, media.PDF)
    size = document.size(1)
    assert document.count == 2 and (round(size.width), round(size.height)) == (595, 842)
    pixels = bytearray(60 * 80 * 4)
    assert document.render(Piece(1, 60, 80, 0, 0, 60, 80), memoryview(pixels), lambda: False)
    assert set(pixels) > {255}
    text = document.text(1)
    start = text.text.index("น้ำ")
    box = text.boxes[start]
    assert box is not None and 0 < box[0] < box[2] < 1 and len(text.boxes) == len(text.text)
    following, hits = document.search(fold("น้ำท่วม"), 0, 100)
    while following < document.count:
        following, more = document.search(fold("น้ำท่วม"), following, 100)
        hits += more
    assert [page for page, _ in hits] == [1, 1] and all(rects for _, rects in hits)
    document.close()
    target = thai_path / "สำเนา.pdf"
    assert documents.mark(path, target, media.PDF, MARKS) == CopyMade() and b"/Highlight" in target.read_bytes()


def test_an_open_document_goes_on_where_another_was_asked_for_or_the_worker_died(tmp_path: Path) -> None:
    worker = DocumentWorker()
    documents = Documents(worker)
    one = documents.open(written(tmp_path / "1.pdf", thai_pdf(["หนึ่ง"])), media.PDF)
    two = documents.open(written(tmp_path / "2.png", png()), media.PNG)
    worker.close()
    assert "หนึ่ง" in one.text(0).text and two.size(0).width == 30 and two.text(0).text == ""
    one.close()
    two.close()
    documents.close()


@pytest.mark.parametrize(
    ("error", "code"), [(WorkerLost("died"), "incoming.not_inspected"), (WorkerMissing(), "incoming.no_worker")]
)
@pytest.mark.parametrize(
    ("name", "content", "kind", "refused"),
    [
        ("a.pdf", b"%PDF-1.7", media.PDF, False),
        ("a.png", png(), media.PNG, False),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", media.OLE, False),
        ("a.msi", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", media.OLE, True),
        ("a.zip", b"PK\x03\x04" + bytes(40), media.ZIP, True),
    ],
)
def test_what_could_not_be_inspected_may_be_attached_where_that_is_safe(
    tmp_path: Path, error: Exception, code: str, name: str, content: bytes, kind: str, refused: bool
) -> None:
    looked = Documents(Broken(error)).inspect(written(tmp_path / name, content), None)
    assert looked.media_type == kind and bool(looked.refused) == refused
    if not refused:
        assert [one.code for one in looked.asks] == [code]


def test_what_was_lost_is_tried_again_only_when_somebody_asks_or_it_has_changed(tmp_path: Path) -> None:
    channel = Broken(WorkerLost("time"))
    documents, path = Documents(channel), written(tmp_path / "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    for again, asked in ((True, 1), (False, 1), (False, 1), (True, 2)):
        assert [one.code for one in documents.inspect(path, None, again=again).asks] == ["incoming.not_inspected"]
        assert len(channel.asked) == asked
    written(path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 more")
    documents.inspect(path, None, again=False)
    assert len(channel.asked) == 3


def test_text_needs_no_worker(tmp_path: Path) -> None:
    channel = Broken(WorkerMissing())
    documents = Documents(channel)
    assert documents.inspect(written(tmp_path / "a.txt", "ก".encode()), None).findings == ()
    assert channel.asked == []
    (issue,) = documents.inspect(written(tmp_path / "a.pdf", b"%PDF-1.7"), None, again=False).findings
    assert issue.code == "incoming.no_worker"


@pytest.mark.parametrize(
    ("error", "shown", "marked"),
    [
        (WorkerLost("memory"), "viewer.not_shown", "marking.not_made"),
        (WorkerMissing(), "viewer.no_worker", "marking.no_worker"),
    ],
)
def test_without_the_worker_nothing_is_shown_and_marked(
    tmp_path: Path, error: Exception, shown: str, marked: str
) -> None:
    documents, path = Documents(Broken(error)), written(tmp_path / "a.pdf", thai_pdf(["ก"]))
    with pytest.raises(DocumentLost) as opened:
        documents.open(path, media.PDF)
    with pytest.raises(CheckFailed) as made:
        documents.mark(path, tmp_path / "b.pdf", media.PDF, MARKS)
    assert (opened.value.code, made.value.code) == (shown, marked) and documents.codes(path, media.PDF) == ()


@pytest.mark.parametrize(
    "answer",
    [
        *({}, {"width": 0, "height": 1}, {"width": "1", "height": 1}, {"width": float("nan"), "height": 1}),
        *({"error": "viewer.page_damaged"}, {"error": "cli.unexpected"}, {"error": ["viewer.pdf_locked"]}, None),
    ],
)
def test_a_document_is_lost_with_its_first_wrong_answer_and_not_asked_for_again(tmp_path: Path, answer) -> None:
    channel = Scripted([{"count": 3, "held": 0}, answer])
    document = Documents(channel).open(tmp_path / "a.pdf", media.PDF)
    for ask in (document.size, document.size, document.text, lambda page: document.search("a", page, 10)):
        with pytest.raises(DocumentLost, match=r"viewer\.not_shown"):
            ask(0)
    document.close()
    assert channel.asked == ["open", "size"]


@pytest.mark.parametrize(
    "opened", [{}, {"count": 0, "held": 0}, {"count": 1 << 40, "held": 0}, {"count": 1, "held": -1}]
)
def test_a_document_that_opens_with_nonsense_is_not_shown(tmp_path: Path, opened) -> None:
    with pytest.raises(DocumentLost, match=r"viewer\.not_shown"):
        Documents(Scripted([opened])).open(tmp_path / "a.pdf", media.PDF)


@pytest.mark.parametrize(
    "answer",
    [
        *('{"media_type": "text/html", "asks": ""}', '{"media_type": "application/pdf", "asks": "incoming.program"}'),
        *('{"media_type": "application/pdf"}', '{"media_type": 7, "asks": ""}', '{"error": "scan.unreadable"}'),
        '{"media_type": "application/pdf", "asks": "incoming.damaged incoming.damaged"}',
    ],
)
def test_a_worker_that_invents_findings_is_not_believed(tmp_path: Path, answer: str) -> None:
    documents = garbled(answer)
    looked = documents.inspect(written(tmp_path / "a.pdf", b"%PDF-1.7"), None)
    assert looked.media_type == media.PDF and [one.code for one in looked.findings] == ["incoming.not_inspected"]
    documents.close()


@pytest.mark.parametrize(
    "answer",
    [
        *("link", "folder", "nothing", "{}", '{"error": "cli.unexpected"}', '{"error": 5}'),
        *('{"error": "system"}', '{"error": "system", "number": 0}', '{"error": "system", "number": 99999}'),
    ],
)
def test_a_worker_that_makes_no_copy_is_not_believed(tmp_path: Path, answer: str) -> None:
    documents, target = garbled(answer), tmp_path / "b.pdf"
    with pytest.raises(CheckFailed, match=r"marking\.not_made"):
        documents.mark(written(tmp_path / "a.pdf", b"%PDF-1.7"), target, media.PDF, MARKS)
    assert not target.is_file()
    documents.close()


def test_a_worker_that_says_the_disk_is_full_is_believed(tmp_path: Path) -> None:
    documents = garbled(f'{{"error": "system", "number": {errno.ENOSPC}}}')
    with pytest.raises(OSError) as caught:
        documents.mark(written(tmp_path / "a.pdf", b"%PDF-1.7"), tmp_path / "b.pdf", media.PDF, MARKS)
    assert caught.value.errno == errno.ENOSPC
    documents.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folder in which a program runs")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "PDF"])
def test_the_folder_where_the_program_was_started_may_be_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    source, target, gone = tmp_path / "source", tmp_path / "copy", tmp_path / "gone"
    Image.new("RGB", (40, 30), "red").save(source, kind)
    gone.mkdir()
    with monkeypatch.context() as within:
        within.chdir(gone)
        documents = Documents()
        documents.prepare().join()
        gone.rmdir()
        media_type = media.PDF if kind == "PDF" else f"image/{kind.lower()}"
        assert documents.inspect(source, None).media_type == media_type
        documents.open(source, media_type).close()
        assert documents.mark(source, target, media_type, MARKS) == CopyMade() and target.stat().st_size
        documents.close()


@pytest.mark.parametrize("content", [b"[" * 90_000, b'{"a": 1}', b"[1]", b'["' + b"a" * 2_000 + b'"]', b"\xff", b"[]x"])
def test_codes_that_are_no_texts_are_none(tmp_path: Path, content: bytes) -> None:
    documents = garbled("{}", content)
    assert documents.codes(written(tmp_path / "a.pdf", b"%PDF-1.7"), media.PDF) == ()
    documents.close()


@pytest.mark.parametrize("what", ["vanished", "folder", "pipe", "device"])
def test_what_is_no_file_any_more_is_told(documents: Documents, tmp_path: Path, what: str) -> None:
    path = {"folder": tmp_path, "device": Path(os.devnull)}.get(what, tmp_path / "a.pdf")
    if what == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no named pipes")
        os.mkfifo(path)
    with pytest.raises(FileError, match=r"evidence\.unreadable"):
        documents.inspect(path, None)
    assert documents.codes(path, media.PDF) == ()


def test_a_file_that_goes_while_it_is_shown_is_told(documents: Documents, tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", bare_pdf("/MediaBox[0 0 100 100]"))
    documents.open(path, media.PDF).close()
    path.unlink()
    with pytest.raises(FileError, match=r"viewer\."):
        documents.open(path, media.PDF)


def test_what_raises_over_a_copy_passes_and_leaves_none(documents: Documents, tmp_path: Path) -> None:
    path, target = written(tmp_path / "a.pdf", thai_pdf(["ก"])), tmp_path / "b.pdf"

    def stop() -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        documents.mark(path, target, media.PDF, MARKS, stop)
    assert not target.exists()
    with pytest.raises(FileNotFoundError):
        documents.mark(path, tmp_path / "no" / "b.pdf", media.PDF, MARKS)


def test_two_documents_at_once_get_their_own_pages(documents: Documents, tmp_path: Path) -> None:
    seen: dict[int, set[str]] = {}

    def read(number: int) -> None:
        document = documents.open(written(tmp_path / f"{number}.pdf", thai_pdf([f"หน้า {number}"])), media.PDF)
        seen[number] = {document.text(0).text.strip()[-1] for _ in range(10)}
        document.close()

    threads = [threading.Thread(target=read, args=(number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == {number: {str(number)} for number in (1, 2, 3)}


def test_a_code_on_a_scan_is_read_by_the_worker(documents: Documents, tmp_path: Path) -> None:
    made = zxingcpp.create_barcode("รหัส", zxingcpp.BarcodeFormat.QRCode)
    drawn = memoryview(zxingcpp.write_barcode_to_image(made, scale=6))
    sheet = Image.new("L", (600, 800), 255)
    sheet.paste(Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), drawn.tobytes()), (60, 60))
    sheet.save(tmp_path / "scan.png")
    assert documents.codes(tmp_path / "scan.png", media.PNG) == ("รหัส",)


@pytest.mark.parametrize("every", [61_000, 30_000])
def test_a_scan_of_many_pages_all_over_a_large_file_is_inspected_within_the_workers_memory(documents, tmp_path, every):
    """What the worker has read of a mapped file counts as its memory; two views of one file must not add up."""
    count, path, offsets = 2_000, tmp_path / "scan.pdf", {}
    with path.open("wb") as out:

        def write(number: int, text: str) -> None:
            offsets[number] = out.tell()
            out.write(f"{number} 0 obj\n{text}\nendobj\n".encode())

        out.write(b"%PDF-1.4\n")
        for page in range(count):
            out.seek(max(out.tell(), page * every))  # where a scanner writes the picture
            write(3 + page, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>")
        write(1, "<</Type/Catalog/Pages 2 0 R>>")
        write(2, f"<</Type/Pages/Count {count}/Kids[{' '.join(f'{3 + page} 0 R' for page in range(count))}]>>")
        table = out.tell()
        lines = "".join(f"{offsets[number]:010d} 00000 n \n" for number in range(1, count + 3))
        out.write(f"xref\n0 {count + 3}\n0000000000 65535 f \n{lines}".encode())
        out.write(f"trailer\n<</Size {count + 3}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode())
    found = documents.inspect(path, None)
    assert (found.asks, found.pages) == ((), count)

"""Fuzz, documents: mutated files of foreign formats go to a real document worker, mutated answers to its reader.

Parts of `faults.fuzz`. Wrong is also: a file without a sentence, a program that takes more memory or time than it may
for what its worker reads, a worker that lives on after it was lost, and one that does not know a sound file afterwards.
"""

from __future__ import annotations

import errno
import io
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import pikepdf
import segno
from PIL import Image

from bundle.fuzz_verify import mutate
from dgdesk.demo.files import make_docx
from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.evidence.media import PDF, PNG, media_type
from dgdesk.evidence.pages.geometry import Piece
from dgdesk.evidence.worker.actions import Actions
from dgdesk.evidence.worker.process import DocumentWorker
from dgdesk.evidence.worker.protocol import VERSION, Header, Poll, WorkerAnswer, pack
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.text.messages import load_catalogue
from evidence.pages.pdfs import thai_pdf

MOST_MEMORY: Final = 16 << 20
"""Bytes of the program for one question."""
MOST_OWN_SECONDS: Final = 0.5
"""Processor time of the program for one question; ten times what is promised, since a fuzz run is no quiet machine."""
OF_THE_DISK: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOENT})
WIDTH, HEIGHT = 120, 170
MARKS: Final = [PlacedMark("P1.4", Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),), "มติ"))]
CATALOGUE = load_catalogue()
_LINUX = sys.platform.startswith("linux")


class WrongError(AssertionError):
    """What must not come of any file."""


def seeds(folder: Path) -> tuple[bytes, ...]:
    """Sound files of every kind that the worker reads: with text, pictures, filters, frames, parts and a QR code."""
    made = [thai_pdf(["น้ำท่วม", "มติที่ประชุม"], ["หน้าสอง"], rotate=90), _scanned(folder), qr("https://a.example/1")]
    for kind, mode, named in (
        *(("PNG", "RGBA", {}), ("PNG", "P", {}), ("PNG", "I;16", {}), ("JPEG", "RGB", {}), ("JPEG", "CMYK", {})),
        *(("JPEG", "L", {"progressive": True}), ("TIFF", "RGB", {"compression": "tiff_lzw"})),
        ("TIFF", "1", {"compression": "group4"}),
    ):
        into = io.BytesIO()
        Image.new(mode, (90, 60)).save(into, kind, **named)
        made.append(into.getvalue())
    frames = io.BytesIO()
    Image.new("L", (60, 40), 200).save(frames, "TIFF", save_all=True, append_images=[Image.new("L", (40, 60))])
    made += [frames.getvalue(), make_docx("P1.4", ("น้ำ", "มติ")), _workbook()]
    made.append(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00" + bytes(2000))
    return tuple(made)


def qr(text: str) -> bytes:
    """A scan with a QR code."""
    into = io.BytesIO()
    segno.make(text).save(into, kind="png", scale=4)
    return into.getvalue()


def _scanned(folder: Path) -> bytes:
    """A PDF with a picture, its objects in streams as programs of today write them."""
    picture = io.BytesIO()
    Image.effect_noise((80, 110), 60).save(picture, "JPEG")
    path = folder / "scanned.pdf"
    with pikepdf.new() as document:
        page = document.add_blank_page()
        entries = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 80, "/Height": 110}
        image = pikepdf.Stream(document, picture.getvalue(), {**entries, "/BitsPerComponent": 8})
        image.ColorSpace, image.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        page.Contents = pikepdf.Stream(document, b"q 600 0 0 780 0 0 cm /I Do Q")
        document.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return path.read_bytes()


def _workbook() -> bytes:
    import openpyxl

    into = io.BytesIO()
    openpyxl.Workbook().save(into)
    return into.getvalue()


# -- mutated files to a real worker ------------------------------------------------------------------------------------


class Files:
    """Asks a worker everything about one file after the other. It starts in the process that fuzzes."""

    def __init__(self, limits: EvidenceLimits | None) -> None:
        self._limits = limits
        self._worker: DocumentWorker | None = None

    def __call__(self, path: Path) -> object:
        """Inspect, show, search, mark and read codes; raise `WrongError` for what must not be."""
        worker = self._worker = self._worker or DocumentWorker()
        documents = Documents(worker)
        sound(documents, path.parent)  # starts a worker that is not there: that is not this file's
        before = worker.pid
        kind = media_type(path.read_bytes()[:4096])
        for name, ask in STEPS.items():
            with bounded(name), _told():
                ask(documents, path, kind, self._limits)
        if worker.pid != before:
            gone(before)
        if worker.pid is not None:
            sound(documents, path.parent)
        return None


def inspect(documents: Documents, path: Path, kind: str, limits: EvidenceLimits | None) -> None:
    """What is found has sentences."""
    for finding in documents.inspect(path, limits).findings:
        if finding.code not in CATALOGUE:
            raise WrongError(f"no sentence for {finding.code}")


def see(documents: Documents, path: Path, kind: str, limits: EvidenceLimits | None) -> None:
    """Some pages, each with size, pixels and text; a page may be damaged and the next one sound. Then a search."""
    with _told():
        document = documents.open(path, kind)
        try:
            for number in range(min(document.count, 3)):
                with _told():
                    document.size(number)
                    buffer = memoryview(bytearray(WIDTH * HEIGHT * 4))
                    document.render(Piece(number, WIDTH, HEIGHT, 0, 0, WIDTH, HEIGHT), buffer, lambda: False)
                    boxes = document.text(number).boxes
                    assert all(box is None or len(box) == 4 for box in boxes)
            at = 0
            while at < min(document.count, 50):
                at, _ = document.search("น้ำ", at, 20)
        finally:
            document.close()


def mark(documents: Documents, path: Path, kind: str, limits: EvidenceLimits | None) -> None:
    """A copy is there where it is said to be, and nothing is where it is not."""
    target = path.with_name("marked")
    try:
        with _told():
            documents.mark(path, target, kind, MARKS)
            if not target.stat().st_size:
                raise WrongError("an empty copy")
            target.unlink()
    finally:
        if target.exists():
            raise WrongError("a copy that failed is left behind")


def codes(documents: Documents, path: Path, kind: str, limits: EvidenceLimits | None) -> None:
    """Texts, or none."""
    assert all(isinstance(one, str) for one in documents.codes(path, kind))


Ask = Callable[[Documents, Path, str, EvidenceLimits | None], None]
STEPS: Final[Mapping[str, Ask]] = {"inspect": inspect, "see": see, "mark": mark, "codes": codes}


@contextmanager
def _told() -> Iterator[None]:
    """What is raised as dgdesk's own has a sentence."""
    try:
        yield
    except DgdeskError as error:
        CATALOGUE.error(error)


@contextmanager
def bounded(what: str) -> Iterator[None]:
    """The program's own memory and processor time stay within what one question may cost."""
    held, used = _hold(), time.process_time()
    yield
    used, more = time.process_time() - used, _held("VmHWM") - held
    if used > MOST_OWN_SECONDS or more > MOST_MEMORY:
        raise WrongError(f"{what} costs the program {used:.2f} s and {more >> 10} KiB")


def _hold() -> int:
    """Begin a new peak; return what the program holds now."""
    if not _LINUX:
        return 0
    Path("/proc/self/clear_refs").write_bytes(b"5")
    return _held("VmRSS")


def _held(name: str) -> int:
    if not _LINUX:
        return 0
    return int(Path("/proc/self/status").read_text().partition(f"{name}:")[2].split(maxsplit=1)[0]) << 10


def gone(pid: int | None) -> None:
    """A worker that was given up has ended, and nobody has to wait for it any more."""
    if pid is not None and _LINUX and Path(f"/proc/{pid}").exists():
        raise WrongError("the lost worker lives on")


@cache
def _sound() -> bytes:
    return thai_pdf(["น้ำ"])


def sound(documents: Documents, folder: Path) -> None:
    """The worker knows a sound file."""
    path = folder / "sound.pdf"
    path.write_bytes(_sound())
    found = documents.inspect(path, None)
    if found.findings or found.media_type != PDF:
        raise WrongError(f"a sound file is told as {found}")


# -- mutated answers to the program's reader ---------------------------------------------------------------------------

_ODD: Final[tuple[Any, ...]] = (
    *(-1, 0, 1, 1 << 31, 1 << 70, 1e308, float("nan"), float("inf"), True, False, None, "", "x" * 5_000, "\ud800"),
    *("system", "memory", "damaged", "viewer.page_damaged", "viewer.pdf_locked", "marking.password", "no.such_code"),
    *("%s{x}", "<b>a</b>", "incoming.damaged incoming.damaged", "application/x-msdownload", [], {}, [[1]]),
)
_ANSWER: Final = """cat "$1"; exec cat >/dev/null"""
"""Says what is in a file, whatever it is asked, and then nothing more; ends when nobody asks any more."""


class Noted:
    """Answers in this process, and notes the answers."""

    def __init__(self) -> None:
        self.said: list[tuple[Header, bytes]] = []
        self._actions = Actions()

    def ask(
        self,
        request: Header,
        content: bytes = b"",
        *,
        seconds: float,
        altogether: float | None = None,
        most: int = 0,
        into: memoryview | None = None,
        poll: Poll | None = None,
    ) -> WorkerAnswer:
        """See `Channel`."""
        header, made = self._actions.answer(request, content)
        self.said.append((header, bytes(made)))
        if into is not None:
            into[:] = made
        return WorkerAnswer(header, b"" if into is not None else bytes(made))

    def close(self) -> None:
        """Let go of the document."""
        self._actions.close()


class Answers:
    """Programs that answer as no honest worker does; the answers are made of an honest one's."""

    def __init__(self, folder: Path) -> None:
        pdf, scan = folder / "honest.pdf", folder / "honest.png"
        pdf.write_bytes(_sound())
        scan.write_bytes(qr("https://a.example/2"))
        self._files = pdf, scan
        self._said: dict[str, list[tuple[Header, bytes]]] = {}
        for name, ask in STEPS.items():
            noted = Noted()
            ask(Documents(noted), scan if name == "codes" else pdf, PNG if name == "codes" else PDF, None)
            self._said[name] = noted.said

    def __call__(self, path: Path) -> object:
        """Ask a program that says these answers with mistakes in one of them, chosen by the file's bytes."""
        dice = random.Random(path.read_bytes())
        name = dice.choice([*STEPS])
        said = [*self._said[name]]
        wrong = dice.randrange(len(said))
        frames = [_frame({"id": 1, "version": VERSION}, b"")]
        frames += [
            (_garbled(dice, header, content, at + 2) if at == wrong else _frame({**header, "id": at + 2}, content))
            for at, (header, content) in enumerate(said)
        ]
        if dice.random() < 0.1:
            frames.insert(0, mutate(dice, frames.pop(0)))
        path.write_bytes(b"".join(frames))
        worker = DocumentWorker(("sh", "-c", _ANSWER, "sh", str(path)), start_seconds=5)
        try:
            pdf, scan = self._files
            with bounded(name), _told():
                STEPS[name](Documents(worker), scan if name == "codes" else pdf, PNG if name == "codes" else PDF, None)
        except OSError as error:
            if name != "mark" or error.errno not in OF_THE_DISK:  # these it may say
                raise
        finally:
            pid = worker.pid
            worker.close()
            gone(pid)
        return None


def _frame(header: Mapping[str, Any], content: bytes) -> bytes:
    return pack(header, content) + content


def _garbled(dice: random.Random, header: Header, content: bytes, number: int) -> bytes:
    """An answer with a mistake in its header, in its content, in its length, or anywhere."""
    whole: dict[str, Any] = {**header, "id": number}
    kind = dice.randrange(7)
    if kind == 0:
        whole[dice.choice([*whole])] = dice.choice(_ODD)
    elif kind == 1 and dice.random() < 0.2:
        whole |= {"error": "system", "number": dice.choice((errno.ENOSPC, 0, 999, -1, True, None, 1.5, 1 << 70))}
    elif kind == 1:
        whole[dice.choice(("error", "alive", "last", "page", "number", "number", "count", "x"))] = dice.choice(_ODD)
    elif kind == 2:
        del whole[dice.choice([*whole])]
    elif kind == 3:
        content = mutate(dice, content or b"x")
    elif kind == 4:
        content = content[: dice.randrange(len(content) + 1)] + bytes(dice.choice((0, 1, 36, 5_000, 3 << 20)))
    elif kind == 5:
        head = json.dumps({**whole, "bytes": dice.choice(_ODD)}).encode("utf-8", "surrogatepass")
        return len(head).to_bytes(4, "big") + head + content
    head = json.dumps({**whole, "bytes": len(content)}).encode("ascii")
    if kind == 6:
        return mutate(dice, len(head).to_bytes(4, "big") + head + content)
    again = dice.choice((0, 0, 1, 3))
    alive = pack({"id": number, "alive": True}) * again
    return alive + len(head).to_bytes(4, "big") + head + content

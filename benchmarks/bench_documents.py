"""What documents from outside cost: the worker and the program over all bombs, and honest pages, scans and inspections.

    python benchmarks/bench_documents.py [--short]

Targets: any file costs the worker 512 MB and 10 s at most, the program 16 MB and 50 ms of its processor. Honest ones:
first page of a 300-page PDF, the worker's start in it, ≤ 150 ms; a further page ≤ 30; a full-page colour scan ≤ 80 at
300 dots an inch and ≤ 300 at 600; a PDF of 100 KB inspected in ≤ 25 ms. Beside each stands the library alone, in this
process, without limits. Pages are as wide as in a window of 1366 pixels. Times are medians; the least stands in the
note, since other programs of the machine only ever add. MB are 1,048,576 bytes where memory is bounded.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from figures import Figure, missing, seconds, show

from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.evidence.media import PDF, media_type
from dgdesk.evidence.opening import OpenDocument
from dgdesk.evidence.pages.geometry import Piece
from dgdesk.survey.answers.marks import Mark, Rect

WIDTH = 990
MB = 1 << 20
SOME = ("contents.pdf", "just below.png", "unfolding.docx")
"""Of the bombs, for the short run: one of each kind."""
MARKS = [PlacedMark("P1.4", Mark(1, (Rect(0.1, 0.1, 0.5, 0.2),)))]
_SIDES = {300: (2480, 3508), 600: (4960, 7016)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--bomb", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bomb:
        print(json.dumps(list(costs(options.bomb[0], Path(options.bomb[1])))))
    else:
        show(run(options.short))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    with tempfile.TemporaryDirectory() as place:
        yield from honest(Path(place), 2 if short else 15)
        yield from hostile(Path(place), short)


# -- bombs -------------------------------------------------------------------------------------------------------------


def costs(name: str, folder: Path) -> Iterator[dict[str, Any]]:
    """In a process of its own, which stands for the program: ask all about one bomb; yield what each step cost."""
    from security.bombs import BOMBS

    path, sound = folder / name, folder / "sound.pdf"
    path.write_bytes(BOMBS[name]())
    kind = media_type(path.read_bytes()[:4096])
    documents = Documents()
    _seen(documents, sound, PDF)  # what the program has loaded once is not this file's
    documents.inspect(sound, None)
    for step, ask in _STEPS.items():
        if step != "inspect" and not kind.startswith(("image/", PDF)):
            continue
        Path("/proc/self/clear_refs").write_bytes(b"5")  # the peak begins again
        held, used, begun = _held("VmRSS"), time.process_time(), time.perf_counter()
        told = "an answer"
        try:
            ask(documents, path, kind)
        except DgdeskError as error:
            told = error.code
        took, used = time.perf_counter() - begun, time.process_time() - used
        yield {"step": step, "told": told, "seconds": took, "used": used, "held": _held("VmHWM") - held}
    documents.close()
    yield {"worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10}


def _seen(documents: Documents, path: Path, kind: str) -> None:
    document = documents.open(path, kind)
    try:
        size = document.size(0)
        draw(document, 0, 500, max(1, min(1000, round(500 * size.height / size.width))))
    finally:
        document.close()


def _searched(documents: Documents, path: Path, kind: str) -> None:
    document = documents.open(path, kind)
    try:
        document.search("needle", 0, 100)
    finally:
        document.close()


_STEPS: dict[str, Callable[[Documents, Path, str], object]] = {
    "inspect": lambda documents, path, kind: documents.inspect(path, None),
    "see": _seen,
    "search": _searched,
    "codes": lambda documents, path, kind: documents.codes(path, kind),
    "mark": lambda documents, path, kind: documents.mark(path, path.with_name("copy"), kind, MARKS),
}


def _held(name: str) -> int:
    return int(Path("/proc/self/status").read_text().partition(f"{name}:")[2].split(maxsplit=1)[0]) << 10


def hostile(folder: Path, short: bool) -> Iterator[Figure]:
    """The worst of all bombs and steps."""
    if not sys.platform.startswith("linux"):
        yield missing("documents.worker_memory", "the worker's memory over all bombs", "peaks are read from procfs")
        return
    from evidence.pages.pdfs import thai_pdf
    from security.bombs import BOMBS

    (folder / "sound.pdf").write_bytes(thai_pdf(["น้ำ"]))
    steps: list[tuple[str, dict[str, Any]]] = []
    peaks: list[tuple[int, str]] = []
    for name in SOME if short else BOMBS:
        call = [sys.executable, __file__, "--bomb", name, str(folder)]
        done = subprocess.run(call, stdout=subprocess.PIPE, check=True, timeout=120)
        *found, last = json.loads(done.stdout)
        steps += [(name, one) for one in found]
        peaks.append((last["worker"], name))
    count = f"{len(peaks)} bombs, {len(steps)} questions"
    peak, of = max(peaks)
    yield Figure("documents.worker_memory", f"the worker's memory, worst of {count}", peak / MB, "MB", 512, note=of)
    for figure, says, key, scale, unit, most in (
        ("documents.worker_time", "until the program has its answer", "seconds", 1, "s", 10),
        ("documents.program_memory", "the program's memory, beyond what it held", "held", 1 / MB, "MB", 16),
        ("documents.program_time", "the program's processor time", "used", 1e3, "ms", 50),
    ):
        name, worst = max(steps, key=lambda one: one[1][key])
        note = f"{worst['step']} of {name}, told as {worst['told']}"
        yield Figure(figure, f"{says}, worst of {count}", worst[key] * scale, unit, most, note=note)


# -- honest documents --------------------------------------------------------------------------------------------------


def honest(folder: Path, rounds: int) -> Iterator[Figure]:
    """Pages, scans and inspections."""
    from bench_viewer import make_pdf

    long = folder / "long.pdf"
    long.write_bytes(make_pdf(300))
    yield first_page(long, rounds)
    with_worker = Documents()
    with_worker.prepare().join()
    try:
        yield further_page(with_worker, long, rounds)
        for dots, most in ((300, 80), (600, 300)):
            sheet, picture = scans(folder, dots)
            yield scanned_page(with_worker, sheet, dots, most, rounds)
            yield scanned_picture(with_worker, picture, dots, most, rounds)
        yield inspection(with_worker, folder, rounds)
    finally:
        with_worker.close()


def draw(document: OpenDocument, page: int, width: int, height: int) -> None:
    """Have a page's pixels put into a buffer of the program's."""
    pixels = memoryview(bytearray(width * height * 4))
    document.render(Piece(page, width, height, 0, 0, width, height), pixels, lambda: False)


def shown(document: OpenDocument, page: int) -> None:
    """As the viewer does it: the page's size, then its pixels at the window's width."""
    size = document.size(page)
    draw(document, page, WIDTH, round(WIDTH * size.height / size.width))


def figure(
    name: str, says: str, ours: list[float], theirs: list[float], most: float, against: str, note: str
) -> Figure:
    """Medians of both, in milliseconds."""
    one, two = 1e3 * statistics.median(ours), 1e3 * statistics.median(theirs)
    least = f"least {1e3 * min(ours):.0f} ms beside {1e3 * min(theirs):.0f}; {note}"
    return Figure(name, says, one, "ms", most, beside=two, against=against, note=least)


def first_page(path: Path, rounds: int) -> Figure:
    """From nothing: the worker starts, opens the file and draws its first page."""
    alone = (
        f"import pypdfium2 as p; d = p.PdfDocument({str(path)!r}); g = d[0]; g.render(scale={WIDTH} / g.get_width())"
    )
    ours, theirs = [], []
    for _ in range(rounds):
        documents = Documents()

        def work(documents: Documents = documents) -> None:
            shown(documents.open(path, PDF), 0)

        ours.append(seconds(work))
        documents.close()
        theirs.append(seconds(lambda: subprocess.run([sys.executable, "-P", "-c", alone], check=True)))
    says = "first page of a 300-page PDF, with the worker's start"
    against = "a new Python with pypdfium2 alone"
    return figure("documents.first", says, ours, theirs, 150, against, f"{path.stat().st_size / 1e6:.1f} MB")


def further_page(documents: Documents, path: Path, rounds: int) -> Figure:
    """Pages that were not drawn before, of the file that is open."""
    import pypdfium2

    document, bare = documents.open(path, PDF), pypdfium2.PdfDocument(path)
    shown(document, 0)
    ours, theirs = [], []
    for number in range(1, 2 * rounds + 1):
        ours.append(seconds(lambda number=number: shown(document, number)))  # type: ignore[misc]  # a page each
        theirs.append(seconds(lambda number=number: bare_page(bare, number)))  # type: ignore[misc]  # as above
    document.close()
    bare.close()
    return figure("documents.page", "a further page of it", ours, theirs, 30, "pypdfium2 alone", f"{WIDTH} pixels wide")


def bare_page(document: Any, number: int) -> None:
    """Draw a page with pypdfium2, into blue, green, red and a spare byte as Qt wants it."""
    page = document[number]
    page.render(scale=WIDTH / page.get_width(), prefer_bgrx=True)
    page.close()


def scans(folder: Path, dots: int) -> tuple[Path, Path]:
    """A colour scan of A4 as a scanner makes it: a PDF of six pages, each one JPEG; and the JPEG by itself."""
    import pikepdf
    from PIL import Image

    sides = _SIDES[dots]
    grain = random.Random(dots).randbytes(sides[0] // 16 * (sides[1] // 16) * 3)
    small = Image.frombytes("RGB", (sides[0] // 16, sides[1] // 16), grain)
    picture, sheet = folder / f"{dots}.jpg", folder / f"{dots}.pdf"
    small.resize(sides, Image.Resampling.BICUBIC).save(picture, "JPEG", quality=80, dpi=(dots, dots))
    with pikepdf.new() as document:
        for _ in range(6):
            page = document.add_blank_page(page_size=(595, 842))
            image = pikepdf.Stream(document, picture.read_bytes())
            entries = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
            for name, value in entries.items():
                image[name] = pikepdf.Name(value)
            image.Width, image.Height, image.BitsPerComponent = *sides, 8
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
            page.Contents = pikepdf.Stream(document, b"q 595 0 0 842 0 0 cm /I Do Q")
        document.save(sheet)
    return sheet, picture


def scanned_page(documents: Documents, path: Path, dots: int, most: float, rounds: int) -> Figure:
    """The next page of a scanned PDF: all of it is decoding, and no page has been drawn ahead."""
    import pypdfium2

    ours, theirs = [], []
    bare = pypdfium2.PdfDocument(path)
    for at in range(rounds):
        if at % 5 == 0:
            document = documents.open(path, PDF)
            shown(document, 0)
        ours.append(seconds(lambda at=at, document=document: shown(document, at % 5 + 1)))  # type: ignore[misc]  # as above
        theirs.append(seconds(lambda at=at: bare_page(bare, at % 5 + 1)))  # type: ignore[misc]  # as above
        if at % 5 == 4 or at == rounds - 1:
            document.close()
    bare.close()
    note = f"{path.stat().st_size / 6e6:.1f} MB a page, nothing drawn ahead"
    says = f"a further page of a PDF of colour scans, A4 at {dots} dots an inch"
    return figure(f"documents.scan_{dots}", says, ours, theirs, most, "pypdfium2 alone", note)


def scanned_picture(documents: Documents, path: Path, dots: int, most: float, rounds: int) -> Figure:
    """A scan that is a picture: opened and drawn."""
    from PIL import Image

    ours, theirs = [], []

    def work() -> None:
        document = documents.open(path, "image/jpeg")
        shown(document, 0)
        document.close()

    def alone() -> None:
        with Image.open(path) as picture:
            size = WIDTH, round(WIDTH * picture.height / picture.width)
            picture.draft(None, size)
            picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0).tobytes("raw", "BGRX")

    for _ in range(rounds):
        ours.append(seconds(work))
        theirs.append(seconds(alone))
    says = f"a colour scan as JPEG, A4 at {dots} dots an inch, opened and drawn"
    note = f"{path.stat().st_size / 1e6:.1f} MB"
    return figure(f"documents.picture_{dots}", says, ours, theirs, most, "Pillow alone, at a size near it", note)


def inspection(documents: Documents, folder: Path, rounds: int) -> Figure:
    """What attaching waits for."""
    import pikepdf
    from bench_viewer import make_pdf

    path = folder / "small.pdf"
    path.write_bytes(make_pdf(100))

    def alone() -> None:
        with pikepdf.open(path) as document:
            len(document.pages)

    documents.inspect(path, None)
    alone()
    ours = [seconds(lambda: documents.inspect(path, None)) for _ in range(3 * rounds)]
    theirs = [seconds(alone) for _ in range(3 * rounds)]
    says, note = "inspection of a PDF of about 100 KB", f"{path.stat().st_size / 1e3:.0f} KB"
    return figure("documents.inspect", says, ours, theirs, 25, "pikepdf alone, opened and its pages counted", note)


if __name__ == "__main__":
    os.environ.setdefault("LANG", "C.UTF-8")
    main()

"""How soon the first page of a 300-page PDF is on the screen, beside bare pypdfium2 rendering the same page.

    python benchmarks/bench_viewer.py [--rounds 9] [--pages 300]

Targets: first page ≤ 150 ms from opening; renderings held ≤ 64 MiB. The file lies in a draft: reading it, checking its
digest, the window's own building and its painting are in the figure. "First of the process" is the first viewer ever
made, in the program with the draft open; PDFium is loaded beforehand (a line of its own), as the program may do it when
a draft is opened.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import Figure, show
from PySide6.QtWidgets import QApplication
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dgdesk.draft.drafts import Draft, new_draft
from dgdesk.evidence.documents import own_documents
from dgdesk.resources import resource
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.system.profile import Profile
from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer
from dgdesk.ui.shell.app import furnish, make_app, make_services
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.label import Texts

SLOT = "p1.4/yes"
MOST_SECONDS = 60
"""For one wait: no honest answer takes as long, and a benchmark that waits for ever says nothing."""
LINE = "คำสั่งแต่งตั้งคณะกรรมการบริหารจัดการน้ำและข้อมูลภาครัฐของจังหวัด"


def make_pdf(pages: int) -> bytes:
    """Return a PDF with 24 lines of Thai on each page."""
    pdfmetrics.registerFont(TTFont("Sarabun", str(resource("fonts/Sarabun-Regular.ttf"))))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842))
    for page in range(1, pages + 1):
        canvas.setFont("Sarabun", 14)
        for line in range(24):
            canvas.drawString(50, 790 - 30 * line, f"หน้า {page} ข้อ {line + 1} {LINE}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def until(app: QApplication, holds: Callable[[], bool], says: Callable[[], str] = lambda: "") -> None:
    """Run the window until something holds. If it never does, end with what the window ``says``."""
    end = time.perf_counter() + MOST_SECONDS
    while not holds():
        app.processEvents()
        time.sleep(0.0005)
        if time.perf_counter() > end:
            faulthandler.dump_traceback()
            raise TimeoutError(says())


def opened(app: QApplication, viewer: EvidenceViewer) -> None:
    """Show it, and wait until its first page is painted."""
    viewer.show()
    until(
        app,
        lambda: viewer.area.placed is not None and viewer.area.cache.held > 0,
        lambda: viewer.said.plain_text(),
    )
    viewer.area.viewport().repaint()


def bare(content: bytes, width: int) -> float:
    """Return the seconds that pypdfium2 alone takes to open and render the first page."""
    import pypdfium2

    start = time.perf_counter()
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    page.render(scale=width / page.get_width())
    taken = time.perf_counter() - start
    page.close()
    document.close()
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args()
    show(measured(options.rounds, options.pages))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(2 if short else 9, 300)


def measured(rounds: int, pages: int) -> list[Figure]:
    """Measure."""
    app = make_app()
    apply_theme(app)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        services = make_services(who="bench", profile=Profile(folder / "profile"))
        (folder / "a.pdf").write_bytes(make_pdf(pages))
        with new_draft(folder / "a.dgdesk", clock=lambda: datetime.now(UTC), who="bench", respondent="TH-50") as draft:
            draft.session.attach(SLOT, folder / "a.pdf")
        window = MainWindow()
        desk = furnish(app, window, services)
        window.resize(1366, 768)
        window.show()
        desk.open(folder / "a.dgdesk")
        assert desk.workspace is not None
        at_rest = time.perf_counter() + 3  # panels beside the page fill after a pause
        until(app, lambda: time.perf_counter() > at_rest)
        found = list(measure(app, services.texts, desk.workspace.bridge.draft, folder, rounds))
        desk.workspace.page_view.parts.drop()
        window.close()
        desk.let_go()
    return found


def measure(app: QApplication, texts: Texts, draft: Draft, folder: Path, rounds: int) -> Iterable[Figure]:
    """Measure on one draft."""
    files: tuple[Attachment, ...] = draft.session.state.facts.evidence[SLOT]
    content = b"".join(draft.package.read_file(files[0].sha256))

    def make() -> EvidenceViewer:
        viewer = EvidenceViewer(texts, draft.package.read_file, files, folder / "view")
        viewer.resize(1366, 768)
        return viewer

    start = time.perf_counter()
    own_documents().prepare().join()
    print(f"loading PDFium, beforehand in a thread {1000 * (time.perf_counter() - start):6.0f} ms")
    ours, theirs, width = [], [], 0
    for _ in range(rounds + 1):
        start = time.perf_counter()
        viewer = make()
        opened(app, viewer)
        ours.append(time.perf_counter() - start)
        width = viewer.area.placed.width if viewer.area.placed else 800
        viewer.close()
        viewer.deleteLater()
        app.processEvents()
        theirs.append(bare(content, width))
    one, two = statistics.median(ours[1:]), statistics.median(theirs[1:])
    size, against = f"a PDF of {len(content) / 1e6:.1f} MB", "bare pypdfium2, the page alone"
    what = "first page of a 300-page PDF"
    yield Figure(
        "viewer.first",
        f"{what}, the first viewer of the process",
        1e3 * ours[0],
        "ms",
        150,
        beside=1e3 * two,
        against=against,
        note=size,
    )
    yield Figure(
        "viewer.page",
        f"{what}, from then on",
        1e3 * one,
        "ms",
        150,
        beside=1e3 * two,
        against=against,
        note=f"worst {1e3 * max(ours[1:]):.0f} ms; {width} pixels wide",
    )
    viewer = make()
    opened(app, viewer)
    viewer.area.set_zoom(4.0)
    most, slow = 0, 0.0
    for page in range(0, viewer.area.count, 12):
        start = time.perf_counter()
        viewer.area.go_to(page)
        until(app, lambda: viewer.area.complete)
        slow = max(slow, time.perf_counter() - start)
        most = max(most, viewer.area.cache.held)
    yield Figure(
        "viewer.held",
        "renderings held at 400 %",
        most / 2**20,
        "MiB",
        64,
        note=f"a page in {1e3 * slow:.0f} ms at worst",
    )
    viewer.close()


if __name__ == "__main__":
    main()

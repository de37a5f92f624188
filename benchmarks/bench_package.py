"""Benchmark of the package: a durable answer against a bare SQLite commit, a large file against ``cp`` and fsync.

Run: ``python benchmarks/bench_package.py [FOLDER]``; FOLDER should lie on the disk that counts and have 4 GiB free.
Both sides are measured in turn in the same run, so that a busy machine slows both. Also: memory, how long another
thread waits meanwhile, the check of the digests against ``sha256sum``.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import Figure, seconds, show

from dgdesk.draft.drafts import new_draft
from dgdesk.draft.file.model import Edit, StoredFile
from dgdesk.draft.file.opening import create_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.session import FormSession
from dgdesk.evidence.limits import AttachmentRequest

ROUNDS = 200
FILE_MIB = 1024
FILE_ROUNDS = 5
ANSWER = "คำตอบของจังหวัดเรื่องการพัฒนาทักษะดิจิทัล " * 5


def clock() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


def bare(path: Path) -> sqlite3.Connection:
    """A bare database with the package's settings and one table."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE answer (id TEXT PRIMARY KEY, value TEXT NOT NULL)")
    return connection


def answers(folder: Path, rounds: int) -> Iterable[Figure]:
    """The median of a durable answer beside a bare commit of the same text."""
    connection = bare(folder / "bare.db")
    path = folder / "bench.dgdesk"
    with create_draft_file(path, definition=b"{}" * 50_000, meta={}, clock=clock, who="bench") as package:

        def commit(number: int) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO answer VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                (f"q{number % 150}", f"{ANSWER}{number}"),
            )
            connection.execute("COMMIT")

        def answer(number: int) -> None:
            old = f"{ANSWER}{number - 150}" if number >= 150 else None
            package.apply([Edit("answer", f"q{number % 150}", old, f"{ANSWER}{number}")], "answer")

        ours, theirs = [], []
        for number in range(rounds):
            theirs.append(seconds(partial(commit, number)))
            ours.append(seconds(partial(answer, number)))
    connection.close()
    mine, other = statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3
    against = "a bare SQLite commit of the same text"
    yield Figure(
        "package.answer", "an answer on the disk, with its journal entry", mine, "ms", 3, "ratio", other, against
    )


def random_file(path: Path, mib: int) -> None:
    """Write a file that nothing can compress, and bring it to the disk."""
    with path.open("wb") as stream:
        for _ in range(mib):
            stream.write(os.urandom(1 << 20))
        stream.flush()
        os.fsync(stream.fileno())


def copy_and_sync(source: Path, copy: Path) -> None:
    """``cp`` and fsync of the copy."""
    if sys.platform == "win32":
        shutil.copyfile(source, copy)
    else:
        subprocess.run(["cp", source, copy], check=True)
    handle = os.open(copy, os.O_RDWR)
    os.fsync(handle)
    os.close(handle)


def attaching(folder: Path, mib: int, rounds: int) -> Iterable[Figure]:
    """What attaching a large file, and once more, takes against ``cp`` and fsync; the rounds alternate."""
    source, copy, path = folder / "source.bin", folder / "copy.bin", folder / "files.dgdesk"
    random_file(source, mib)
    ours, again, theirs = [], [], []
    for _ in range(rounds):
        theirs.append(seconds(partial(copy_and_sync, source, copy)))
        copy.unlink()
        with create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="bench") as package:
            ours.append(seconds(partial(package.attach_file, source, partial(edit, "a"), "attach")))
            again.append(seconds(partial(package.attach_file, source, partial(edit, "b"), "attach")))
        path.unlink()
    mine, other = statistics.median(ours), statistics.median(theirs)
    note = f"best {min(ours):.2f} s beside {min(theirs):.2f}; the same file again {statistics.median(again):.2f} s"
    yield Figure(
        "package.attach", f"attaching {mib} MiB, on the disk", mine, "s", 2, "ratio", other, "cp and fsync", note=note
    )
    source.unlink()


def edit(slot: str, stored: StoredFile) -> Edit:
    """The edit that refers to a stored file."""
    return Edit("attachment", slot, None, {"sha256": stored.sha256}, stored.sha256)


def many_large(folder: Path, count: int, mib: int, rounds: int) -> Iterable[Figure]:
    """What a person waits for while large PDFs are attached, each inspected and then a durable step, without start-up.

    Beside it ``cp`` and ``sync -d`` of the same files, in turn. The best rounds are compared: what else the machine
    does makes single rounds twice as long, on either side.
    """
    sources = [folder / f"{number}.pdf" for number in range(count)]
    for source in sources:
        scanned_pdf(source, mib)
    ours, theirs, digests, busy = [], [], [], []
    system = {**os.environ, "PATH": os.defpath}
    copying = ["sh", "-c", 'for one; do cp "$one" copy.pdf && sync -d copy.pdf && rm copy.pdf; done', "sh", *sources]
    for number in range(rounds):
        theirs.append(seconds(partial(subprocess.run, copying, check=True, env=system, cwd=folder)))
        path = folder / f"large{number}.dgdesk"
        with new_draft(path, clock=clock, who="bench", respondent="TH-50") as draft:
            draft.session.documents.prepare().join()
            before = time.process_time()
            ours.append(seconds(partial(attach_each, draft.session, sources)))
            busy.append(time.process_time() - before)
        path.unlink()
        if shutil.which("openssl"):
            digest = ["openssl", "dgst", "-sha256", *sources]
            digests.append(seconds(partial(subprocess.run, digest, check=True, capture_output=True)))
    mine, other = min(ours), min(theirs)
    note = f"best of {rounds} rounds; medians {statistics.median(ours):.2f} and {statistics.median(theirs):.2f} s; "
    note += f"processor time {min(busy):.2f} s; openssl dgst -sha256 {min(digests, default=0):.2f} s"
    says = f"attaching {count} PDFs of {mib} MiB, inspected, one by one"
    yield Figure("package.attach_large", says, mine, "s", 1.4, "ratio", other, "cp and sync -d", note=note)
    for source in sources:
        source.unlink()


def attach_each(session: FormSession, sources: list[Path]) -> None:
    """Inspect and attach, as the command does."""
    slot = next(iter(session.form.slots))
    for source in sources:
        _, (result,) = session.attach_files(slot, [AttachmentRequest(source)])
        if result.status != "attached":
            raise SystemExit(f"{source.name}: {result.errors}")


def scanned_pdf(path: Path, mib: int) -> None:
    """Write a PDF like a scanner's, a picture on each page, and bring it to the disk."""
    import pikepdf
    from PIL import Image

    pixels = Image.frombytes("RGB", (600, 850), os.urandom(600 * 850 * 3))
    stream = io.BytesIO()
    pixels.save(stream, "JPEG", quality=75)
    picture = stream.getvalue()
    with pikepdf.new() as document:
        for number in range(max(1, (mib << 20) // len(picture))):
            page = document.add_blank_page(page_size=(595, 842))
            image = document.make_stream(picture)
            image.stream_dict = pikepdf.Dictionary(
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=600,
                Height=850,
                ColorSpace=pikepdf.Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
            page.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q %% %d" % number)
        document.save(path)
    with path.open("rb") as written:
        os.fsync(written.fileno())


def memory(folder: Path, mib: int) -> Iterable[Figure]:
    """How far a program's memory grows over what it is with an open package, while it attaches a large file."""
    source = folder / "source.bin"
    random_file(source, mib)
    lines = subprocess.run([sys.executable, __file__, "--attach", folder], check=True, capture_output=True, text=True)
    idle, peak, asked, read, last = (float(figure) for figure in lines.stdout.split())
    note = (
        f"idle {idle:.0f} MiB; another thread meanwhile: can_undo waits {asked * 1e3:.1f} ms at most, evidence() "
        f"{read * 1e3:.1f} ms, and {last * 1e3:.0f} ms once, while the file is brought to the disk"
    )
    yield Figure(
        "package.attach_memory", f"memory over idle while {mib} MiB are attached", peak - idle, "MiB", 64, note=note
    )
    source.unlink()


def attach_alone(folder: Path) -> None:
    """In a process of its own: attach, and print memory before and at its peak, and how long a second thread waited."""
    with create_draft_file(folder / "alone.dgdesk", definition=b"{}", meta={}, clock=clock, who="bench") as package:
        asked: list[float] = []
        read: list[float] = []
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(0.01):
                asked.append(seconds(lambda: package.can_undo))
                read.append(seconds(package.evidence))

        package.evidence()
        idle = resident("VmRSS")
        thread = threading.Thread(target=look)
        thread.start()
        package.attach_file(folder / "source.bin", partial(edit, "a"), "attach")
        stop.set()
        thread.join()
        read.sort()
        print(idle, resident("VmHWM"), max(asked), read[-2], read[-1])
    package.path.unlink()


def resident(name: str) -> float:
    """A figure of this process in MiB, where the system tells it; else 0."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def checking(folder: Path, mib: int, rounds: int) -> Iterable[Figure]:
    """How long the check of the digests takes against ``sha256sum``, and how long a writer waits meanwhile."""
    source, path = folder / "source.bin", folder / "check.dgdesk"
    random_file(source, mib)
    with create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="bench") as package:
        package.attach_file(source, partial(edit, "a"), "attach")
        ours, theirs = [], []
        for _ in range(rounds):
            if shutil.which("sha256sum"):
                theirs.append(seconds(partial(subprocess.run, ["sha256sum", source], check=True, capture_output=True)))
            ours.append(seconds(package.damaged_files))
        mine, other = statistics.median(ours), statistics.median(theirs or [0.0])
        yield Figure("package.check", f"the digests of {mib} MiB checked", mine, "s", 1.5, "ratio", other, "sha256sum")
        quiet = [seconds(partial(answer_of, package, number)) for number in range(50)]
        thread = threading.Thread(target=package.damaged_files)
        thread.start()
        during = []
        while thread.is_alive():
            during.append(seconds(partial(answer_of, package, 50 + len(during))))
            time.sleep(0.02)
        thread.join()
        during = during or quiet
        note = f"longest {max(quiet) * 1e3:.0f} ms alone, {max(during) * 1e3:.0f} during {len(during)} answers"
        yield Figure(
            "package.answer_in_check",
            "an answer during a check of the digests",
            statistics.median(during) * 1e3,
            "ms",
            beside=statistics.median(quiet) * 1e3,
            against="an answer alone",
            note=note,
        )
    path.unlink()
    source.unlink()


def answer_of(package: DraftFile, number: int) -> None:
    """Save one answer."""
    package.apply([Edit("answer", f"q{number}", None, ANSWER)], "answer")


def main() -> None:
    """Run all in a temporary folder inside the folder named on the command line."""
    if sys.argv[1:2] == ["--attach"]:
        attach_alone(Path(sys.argv[2]))
        return
    show(measured(FILE_MIB, FILE_ROUNDS, ROUNDS, sys.argv[1] if len(sys.argv) > 1 else None))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(32, 1, 60) if short else measured(FILE_MIB, 3, ROUNDS)


def measured(mib: int, rounds: int, commits: int, folder: str | None = None) -> Iterable[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        yield from answers(Path(name), commits)
        yield from attaching(Path(name), mib, rounds)
        yield from many_large(Path(name), *((2, 16, 3) if mib < FILE_MIB else (10, 102, 7)))
        yield from memory(Path(name), mib)
        yield from checking(Path(name), mib, rounds)


if __name__ == "__main__":
    main()

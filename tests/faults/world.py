"""Faults, world: what every round starts from, made once, so that a round is a copy of a file and a fork."""

from __future__ import annotations

import io
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.draft.drafts import Draft, load_form, new_draft
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.draft.file.schema import VERSION
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.session import FormSession
from dgdesk.submission.survey_pdf import PrintChoices, print_draft
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.answers.values import encode
from dgdesk.survey.rules.state import Rules
from draft.file.fixtures.make_v1 import SCHEMA as SCHEMA_1
from draft.file.second_version import as_lists
from draft.session.test_model import FILES

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
WHO = "สมชาย"
OLD_PRINT = b"%PDF-1.7\n<xmp:CreatorTool>dgdesk 0.1.0</xmp:CreatorTool>\n%%EOF\n"
"""An earlier print, as far as it is looked at before it is replaced."""
MIB = 1 << 20
SIZES = {"ใหญ่.txt": 2 * MIB, "กลาง.txt": 300_000, "สอง.txt": MIB + 1}


@dataclass
class World:
    """Base files in ``folder``, and what is cheap to share with a forked process: rules, an identity, a print."""

    folder: Path
    rules: Rules
    signer: Identity
    survey: Any
    contents: dict[str, Any] = field(default_factory=dict)
    """Answers and evidence (names, pages) of each base file, by its name."""
    shim: Any = None
    now: datetime = NOW

    def base(self, name: str) -> Path:
        """A file to copy."""
        return self.folder / f"{name}.dgdesk"

    @property
    def sources(self) -> Path:
        """The folder with files to attach."""
        return self.folder / "sources"

    def open(self, path: Path, *, read_only: bool = False) -> Draft:
        """Open a draft without reading the edition's files again."""
        package = open_draft_file(path, clock=lambda: self.now, who=WHO, read_only=read_only)
        try:
            return Draft(package, FormSession(self.rules, package, lambda: date(2026, 11, 20)))
        except BaseException:
            package.close()
            raise


def content_of(draft: Draft) -> Any:
    """Answers in their JSON form, and names and pages of the evidence; as `session.test_model.Model.content`."""
    facts = draft.session.state.facts
    answers = {address: encode(value) for address, value in facts.answers.items()}
    answers |= {f"external:{indicator}": str(points) for indicator, points in facts.external.items()}
    return answers, {slot: [(one.name, one.pages) for one in files] for slot, files in facts.evidence.items()}


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory where there is one: a killed process loses nothing that the system has taken over."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="dgdesk-faults-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_world(folder: Path) -> World:
    """Make the base files: ``empty``, ``filled`` (some evidence, one marked, nothing to undo), ``spare`` (with files
    that only undo or nothing needs), ``v1`` (``filled``, as version 1 wrote it).
    """
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for name, content in FILES.items():
        (sources / name).write_bytes(content)
    for number, (name, size) in enumerate(SIZES.items()):
        line = f"บรรทัด {number} {name}\n".encode()
        (sources / name).write_bytes((line * (size // len(line) + 1))[: size // 3 * 3])
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, "PNG")
    (sources / "ภาพ.png").write_bytes(stream.getvalue())
    signer = create_identity(
        folder / "signer", person="สมชาย ใจดี", province="น่าน", passphrase=None, now=datetime(2026, 11, 1, tzinfo=UTC)
    )
    clock = lambda: NOW  # noqa: E731 - a name for what is handed in twice
    form = load_form()
    new_draft(folder / "empty.dgdesk", clock=clock, who=WHO, edition=form.definition.edition).close()
    with new_draft(folder / "filled.dgdesk", clock=clock, who=WHO, respondent="TH-55") as draft:
        session = draft.session
        session.answer_all({"g1": "yes", "g2": "yes", "general.position": "นักวิชาการ", "p4.2.2.3": 4})
        session.attach("g1/yes", sources / "ภาพ.png", marks=[Mark(1, (Rect(0.1, 0.1, 0.5, 0.5),), "ข้อ 1")])
        session.attach("g2/yes", sources / "กลาง.txt", pages="1")
        draft.package.compact(keep_undo=False)
        survey = print_draft(draft, PrintChoices(variant="draft"), claimed=NOW)
        rules = session.rules
    world = World(folder, rules, signer, survey)
    shutil.copyfile(world.base("filled"), world.base("spare"))
    with world.open(world.base("spare")) as draft:
        draft.session.attach("g1/yes", sources / "ใหญ่.txt")
        draft.session.undo()
        draft.session.attach("g2/yes", sources / "สอง.txt")
        draft.session.undo()
        draft.session.answer("g1", "no")
    _write_v1(world)
    for name in ("empty", "filled", "spare"):
        with world.open(world.base(name), read_only=True) as draft:
            world.contents[name] = content_of(draft)
    world.contents["v1"] = world.contents["filled"]
    return world


def sound(package: DraftFile) -> None:
    """Fail unless the whole file is sound."""
    damages = package.check()
    assert damages == (), damages


def version_in(path: Path) -> int:
    """The version of a package that no process has open."""
    with closing(sqlite3.connect(path)) as database:
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
    return version


def _write_v1(world: World) -> None:
    assert VERSION == 3, "teach this to write the older versions that there are now"
    path = world.base("v1")
    columns = {"change": "number, at, who, undoes, redoes, undo_top, redo_top"}
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA_1)
        database.execute("ATTACH ? AS now", (str(world.base("filled")),))
        with database:
            for table in ("meta", "definition", "change", "file", "chunk"):
                names = columns.get(table, "*")
                database.execute(f"INSERT INTO main.{table} SELECT {names} FROM now.{table}")
            with closing(sqlite3.connect(world.base("filled"))) as filled:
                edits, state = as_lists(filled)
            database.executemany("INSERT INTO change_edit VALUES (?, ?, ?, ?, ?, ?)", edits)
            database.executemany("INSERT INTO state VALUES (?, ?, ?)", state)

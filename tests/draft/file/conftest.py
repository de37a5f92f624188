"""What the package's stories share: a new package, its owner, child processes, and errors put into words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from dgdesk.draft.file.model import Clock
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import DgdeskError
from dgdesk.text.messages import load_catalogue

DEFINITION = '{"edition": "ทดสอบ"}'.encode()


class Desk:
    """A person at work: makes and opens the same package again and again, always closed at the end."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.opened: list[DraftFile] = []

    def create(
        self, path: Path | None = None, definition: bytes = DEFINITION, meta: Mapping[str, str] | None = None
    ) -> DraftFile:
        facts = {"province": "น่าน"} if meta is None else meta
        package = create_draft_file(path or self.path, definition=definition, meta=facts, clock=self.clock, who="สมชาย")
        self.opened.append(package)
        return package

    def open(self, path: Path | None = None, *, read_only: bool = False) -> DraftFile:
        package = open_draft_file(path or self.path, clock=self.clock, who="สมชาย", read_only=read_only)
        self.opened.append(package)
        return package

    def reopen(self) -> DraftFile:
        for package in self.opened:
            package.close()
        return self.open()


@pytest.fixture
def desk(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Desk]:
    desk = Desk(tmp_path / "survey.dgdesk", clock)
    yield desk
    for package in desk.opened:
        package.close()


@pytest.fixture
def refused() -> Callable[..., object]:
    """``with refused("package.held") as caught``: the error of that code, which both languages can word."""

    @contextmanager
    def expect(code: str) -> Iterator[pytest.ExceptionInfo[DgdeskError]]:
        with pytest.raises(DgdeskError) as caught:
            yield caught
        assert caught.value.code == code, caught.value
        for language in ("th", "en"):
            assert load_catalogue(language).error(caught.value)

    return expect


CHILD_HEAD = """
import os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
import dgdesk.draft.file.copying, dgdesk.draft.file.inspection  # before a child may no longer read the program
from dgdesk.errors import DgdeskError
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
path = Path(sys.argv[1])
def clock(): return datetime(2026, 11, 20, tzinfo=timezone.utc)
def say(word):
    print(word, flush=True)
"""


@pytest.fixture
def child() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start another process that runs some lines with ``path``, ``clock`` and ``say`` at hand."""
    started: list[subprocess.Popen[str]] = []

    def start(lines: str, path: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD_HEAD + lines, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()

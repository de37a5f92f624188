"""A child process that does one piece of work per line it is handed, and is killed at some moment of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType


class Child:
    """Runs ``code``, which prints "begin" and "done" for each line that it reads; killed when the block is left."""

    def __init__(self, code: str, argument: Path) -> None:
        tests = str(Path(__file__).parent)
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, str(argument)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": os.pathsep.join([tests, *sys.path]), "PYTHONIOENCODING": "utf-8"},
        )

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()

    def begin(self, line: str) -> None:
        """Hand over a piece of work; it has begun on return."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        self._hear("begin")

    def finish(self) -> None:
        """Wait until the piece is done."""
        self._hear("done")

    def _hear(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == f"{word}\n"

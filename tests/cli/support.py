"""What the command line's tests share: commands run as a user would type them, and what they may say."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dgdesk.cli.main import main

SOURCE = Path(__file__).parents[2] / "src"
THAI = re.compile("[ก-๛]")


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What ``--json`` printed: one document and nothing else; nothing on stderr."""
        assert self.err == "", self.err
        return json.loads(self.out)

    def refusal(self, code: int, language: str = "th") -> str:
        """The one plain sentence of a refusal with exit code ``code``."""
        assert self.code == code, (self.code, self.out, self.err)
        assert self.out == ""
        sentence = self.err.removesuffix("\n")
        assert sentence and "\n" not in sentence, self.err
        assert "Traceback" not in sentence and "Error" not in sentence
        assert "เกิดข้อผิดพลาดของโปรแกรม" not in sentence and "unexpected" not in sentence, sentence
        if language == "th":
            assert THAI.search(sentence), sentence
        return sentence


def run(*arguments: object) -> Result:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code = main([str(argument) for argument in arguments], out, err)
    return Result(code, out.getvalue(), err.getvalue())


def done(*arguments: object) -> Result:
    """Run a command that must succeed."""
    result = run(*arguments)
    assert (result.code, result.err) == (0, ""), (result.code, result.out, result.err)
    return result


def refused(code: int, *arguments: object, says: str, thai: str = "") -> None:
    """Both languages refuse with ``code`` in one sentence; the English one holds ``says``, the Thai one ``thai``."""
    english = run(*arguments, "--lang", "en").refusal(code, "en")
    assert says in english, english
    sentence = run(*arguments).refusal(code)
    assert sentence != english
    assert thai in sentence, sentence


def listing(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content: what must not change."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def start(
    *arguments: object, limits: Callable[[], None] | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run ``python -m dgdesk`` with no display, as its own process, under ``limits`` (POSIX)."""
    world = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "LANG")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "dgdesk", *map(str, arguments)],
        env={**world, "PYTHONPATH": str(SOURCE), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=limits,
        timeout=100,
        check=False,
    )


def result_of(process: subprocess.CompletedProcess[bytes]) -> Result:
    """What a process left behind; its output is UTF-8 whatever the locale."""
    return Result(process.returncode, process.stdout.decode("utf-8"), process.stderr.decode("utf-8"))

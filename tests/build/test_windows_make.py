"""The Windows build: what is larger than it may be is told, a signed copy leaves the unsigned program as it was."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from made_pe import pe as made
from windows import make, pe, sign


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ((135_000_000, 300, 43_000_000), []),
        ((135_000_001, 300, 43_000_000), ["the program has 135.0 MB"]),
        ((1, 301, 43_100_000), ["the program has 301 files", "setup has 43.1 MB"]),
    ],
)
def test_what_is_larger_than_it_may_be_is_told(sizes: tuple[int, int, int], told: list[str]) -> None:
    assert make.too_large(*sizes) == told


def test_a_signed_copy_leaves_the_program_unsigned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "dgdesk"
    (program / "_internal").mkdir(parents=True)
    (program / "dgdesk.exe").write_bytes(made(["kernel32.dll"]))
    (program / "_internal" / "text.txt").write_bytes(b"text")

    def run(command: list[str], **_: object) -> CompletedProcess[str]:
        content = Path(command[command.index("-in") + 1]).read_bytes()
        Path(command[command.index("-out") + 1]).write_bytes(pe.with_checksum(made(signed=True, tail=content)))
        return CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(sign.subprocess, "run", run)
    for _ in range(2):  # a copy of an earlier run is replaced
        copy = make.signed_copy(program, tmp_path / "signed" / "dgdesk", sign.Signer(("-key", "k")))
    assert sign.unsigned(program) == [program / "dgdesk.exe"] and sign.unsigned(copy) == []
    assert (copy / "_internal" / "text.txt").samefile(program / "_internal" / "text.txt")


def test_a_folders_digest_counts_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    first = make.folder_digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert make.folder_digest(tmp_path) != first

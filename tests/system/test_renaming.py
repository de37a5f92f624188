"""A finished file takes its name although another program holds it for a moment."""

from __future__ import annotations

import ast
import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from dgdesk.system.renaming import PAUSES, remove_file, rename_new, replace_file, set_aside
from parsed import tree_of

ROOT = Path(__file__).parents[2] / "src" / "dgdesk"


def held(code: int) -> PermissionError:
    """What Windows says of a file that another program has open; elsewhere such an error has no `winerror`."""
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = code  # type: ignore[attr-defined]
    return error


class Scanner:
    """Holds the file for the first ``times`` tries."""

    def __init__(self, times: int, error: OSError) -> None:
        self.left, self.error, self.tries = times, error, 0

    def __call__(self, part: Path, target: Path) -> None:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise self.error
        part.replace(target)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    part, target = tmp_path / "น่าน.dgdesk.part", tmp_path / "น่าน.dgdesk"
    part.write_bytes(b"new")
    target.write_bytes(b"old")
    return part, target


@pytest.mark.parametrize("code", [5, 32, 33])
@pytest.mark.parametrize("rename", [replace_file, rename_new])
def test_a_file_that_is_held_for_a_moment_is_renamed_all_the_same(
    files: tuple[Path, Path], code: int, rename: Callable[..., None]
) -> None:
    waited: list[float] = []
    scanner = Scanner(4, held(code))
    rename(*files, waited.append, scanner)
    assert files[1].read_bytes() == b"new" and not files[0].exists()
    assert scanner.tries == 5 and tuple(waited) == PAUSES[:4]


def test_who_holds_it_for_good_is_waited_for_two_seconds_and_then_told(files: tuple[Path, Path]) -> None:
    waited: list[float] = []
    with pytest.raises(PermissionError):
        replace_file(*files, waited.append, Scanner(1000, held(32)))
    assert 1.5 <= sum(waited) <= 2.5 and waited == sorted(waited)
    assert files[0].read_bytes() == b"new" and files[1].read_bytes() == b"old"


@pytest.mark.parametrize(
    "error", [held(1314), PermissionError(errno.EACCES, "no right"), FileNotFoundError(), OSError(errno.ENOSPC, "full")]
)
def test_what_no_waiting_mends_is_told_at_once(files: tuple[Path, Path], error: OSError) -> None:
    waited: list[float] = []
    with pytest.raises(type(error)):
        replace_file(*files, waited.append, Scanner(1, error))
    assert waited == []


def test_a_file_that_is_held_is_removed_once_it_is_free(files: tuple[Path, Path]) -> None:
    faults = [held(32), held(5)]

    def remove(path: Path) -> None:
        if faults:
            raise faults.pop()
        path.unlink()

    remove_file(files[0], lambda _: None, remove)
    assert not files[0].exists()
    with pytest.raises(FileNotFoundError):
        remove_file(files[0])


def test_what_is_in_the_way_gets_another_name(tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_bytes(b"somebody's")
    aside = set_aside(tmp_path / "chain.pem")
    assert aside is not None and aside.read_bytes() == b"somebody's" and not (tmp_path / "chain.pem").exists()
    assert set_aside(tmp_path / "chain.pem") is None


def _renames(tree: ast.AST) -> list[int]:
    """The lines on which the system's own renaming is called: `os.replace`, `os.rename`, a path's `replace`."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, of = node.func.attr, node.func.value
        on_os = isinstance(of, ast.Name) and of.id == "os" and name in ("replace", "rename", "renames")
        on_path = name == "replace" and len(node.args) == 1 and not node.keywords
        if on_os or on_path or (name == "rename" and len(node.args) == 1):
            found.append(node.lineno)
    return found


def test_every_finished_file_is_renamed_here() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in ROOT.rglob("*.py")
        if path.name != "renaming.py"
        for line in _renames(tree_of(path.read_text(encoding="utf-8")))
    }
    assert found == set()

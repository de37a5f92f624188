"""Looks into the frozen program: nothing that does not belong there, and a licence for everything that does.

    python build/audit.py [FOLDER]

Independent of the build: it reads the finished program, not what the build meant to put in.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from licences import canonical  # noqa: E402 - found by the line above
from parts import EXCLUDED  # noqa: E402 - as above

# The stand-ins that wine 8 needs have names of Windows' own parts; the wine script names them too.
_NEVER = re.compile(
    r"(^|/)(tests?|testing)/|(^|/)(icuuc|mscms|bcryptprimitives)\.dll$|libthai|opengl32sw|QtWebEngine|Qt6(Qml|Quick|Pdf|Network)"
    r"|\.(pyi|pyx|c|h|map|a|lib)$|(^|/)conftest\.py"
)


def wrong_files(names: Iterable[str]) -> list[str]:
    """Return the files that must not be in the program."""
    return sorted(name for name in names if _NEVER.search(name.replace("\\", "/")))


def wrong_modules(names: Iterable[str]) -> list[str]:
    """Return the modules that must not be in the program."""
    out = {*EXCLUDED, "tests", "conftest", "scenario"}
    return sorted(name for name in names if any(name == each or name.startswith(f"{each}.") for each in out))


def unnamed(tops: Iterable[str], owners: Mapping[str, Sequence[str]], page: str) -> list[str]:
    """Return the distributions whose packages are in the program and whose licences are not on the page."""
    wanted = {owner for top in tops for owner in owners.get(top, ())} - {"dgdesk"}
    there = {canonical(name) for name in re.findall(r'<td><a href="#p\d+">([^<]+)</a></td>', page)}
    return sorted(owner for owner in wanted if canonical(owner) not in there)


def modules_of(program: Path) -> set[str]:
    """Return the names of all Python modules in the frozen program's archives and folders."""
    from PyInstaller.archive.readers import ZlibArchiveReader

    names = set(ZlibArchiveReader(str(program / "_internal" / "modules.pyz")).toc)
    for path in (program / "_internal").rglob("*"):
        if path.suffix in (".so", ".pyd"):
            inside = path.relative_to(program / "_internal")
            names.add(".".join((*inside.parent.parts, inside.name.partition(".")[0])))
    return names


def complaints(program: Path) -> list[str]:
    """Return everything that is wrong with the program's contents, in words."""
    files = [path.relative_to(program).as_posix() for path in program.rglob("*") if path.is_file()]
    modules = modules_of(program)
    page = program / "LICENSES.html"
    if not page.is_file():
        return ["LICENSES.html is not there"]
    dangling = [path.name for path in program.rglob("*") if path.is_symlink() and not path.exists()]
    tops = {name.partition(".")[0] for name in modules}
    without = unnamed(tops, packages_distributions(), page.read_text(encoding="utf-8"))
    return [
        *(f"must not be in the program: {name}" for name in (*wrong_files(files), *wrong_modules(modules))),
        *(f"link to nothing: {name}" for name in dangling),
        *(f"no licence in LICENSES.html: {name}" for name in without),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the complaints; 1 if there are any."""
    found = complaints(Path(arguments[0]) if arguments else HERE.parent / "dist" / "dgdesk")
    print(*found, f"{len(found)} complaints", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

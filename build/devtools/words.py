"""Finds the private words that names, docstrings and documentation of dgdesk no longer use.

    python build/devtools/words.py [--counts] [PATH…]

Prints each hit as ``file:line: word: where it stands``, then how many there are by word and by folder, and exits with 1
if there are any; with ``--counts`` only the counts. Each PATH (a file or folder) limits the search.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]

# No part of the name of a file, class, function, parameter, field or type alias may be one of these.
NAME_PARTS = frozenset(
    (
        *("way", "doing", "telling", "keeping", "looks", "wholly", "privately", "standing", "chore", "moments"),
        *("portraits", "gone", "care", "desk", "room", "told", "heed", "retelling", "anew"),
    )
)
# What docstrings and documentation do not say; the second list is for documentation alone.
PROSE = re.compile(
    r"\b(?:rooms?|desks?|anew|heed\w*|wholly|told|stranger's)\b|(?-i:\bTHE FILE\b)|(?-i:^\s*Window, )", re.IGNORECASE
)
DOCUMENTATION = re.compile(r"\b(?:ways?|doing|keeping|looks|cares?)\b", re.IGNORECASE)

# Phrases in which a word has its ordinary meaning, taken out before the search.
ALLOWED_PHRASES = re.compile(r"\bhelp[ -]desk\b|\bdgdesk\b", re.IGNORECASE)
# Names that keep a word: (path, name) and the reason.
ALLOWED_NAMES: dict[tuple[str, str], str] = {}

# Made by programs or kept as written: the changelog is history, the others are generated.
NOT_READ = ("CHANGELOG.md", "docs/figures.md", "docs/promises.md", "docs/windows-test.md")

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CODE = re.compile(r"``.*?``|`[^`\n]*`|\]\([^)\n]*\)")
_ALIAS = re.compile(r"[A-Z][a-z]+([A-Z][a-z]*)*")


@dataclass(frozen=True)
class Hit:
    """One forbidden word: ``path`` is relative to the root, ``text`` the name or line it stands in."""

    path: str
    line: int
    word: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.word}: {self.text}"


def forbidden(root: Path) -> list[Hit]:
    """Return every forbidden word below ``root``: of ``src/``, the root's Markdown files and ``docs/``."""
    hits: list[Hit] = []
    for path in sorted((root / "src").rglob("*.py")):
        hits += in_module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")]):
        name = path.relative_to(root).as_posix()
        if name not in NOT_READ:
            hits += in_page(name, path.read_text(encoding="utf-8"))
    return hits


def in_module(path: str, source: str) -> list[Hit]:
    """Return the hits in the names and docstrings of one module; ``path`` is relative to the root."""
    place = PurePosixPath(path)
    own = place.parent.name if place.stem == "__init__" else place.stem
    tree = ast.parse(source, path)
    named = [(1, own), *_names(tree)]
    hits = [
        Hit(path, line, part, name)
        for line, name in named
        for part in parts(name)
        if part in NAME_PARTS and (path, name) not in ALLOWED_NAMES
    ]
    for line, text in _docstring_lines(tree, source):
        hits += [Hit(path, line, word, text.strip()) for word in _words(text, PROSE)]
    return hits


def in_page(path: str, text: str) -> list[Hit]:
    """Return the hits in the prose of a Markdown page; code is passed over."""
    hits: list[Hit] = []
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            found = _words(line, PROSE) + _words(line, DOCUMENTATION)
            hits += [Hit(path, number, word, line.strip()) for word in found]
    return hits


def parts(name: str) -> list[str]:
    """Split a name into its lower-case parts: ``DraftFile`` and ``draft_file`` give draft, file."""
    return [part.lower() for part in _PARTS.findall(name)]


def _names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef():
                yield node.lineno, node.name
                for member in node.body:
                    if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
                        yield member.lineno, member.target.id
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.lineno, node.name
                given = node.args
                every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
                yield from ((one.lineno, one.arg) for one in every if one is not None)
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if _ALIAS.fullmatch(name):
                    yield statement.lineno, name


def _docstring_lines(tree: ast.Module, source: str) -> Iterator[tuple[int, str]]:
    lines = source.splitlines()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or not node.body:
            continue
        first = node.body[0]
        if ast.get_docstring(node, clean=False) is not None and first.end_lineno is not None:
            for number in range(first.lineno, first.end_lineno + 1):
                yield number, lines[number - 1].replace('"""', "")


def _words(text: str, pattern: re.Pattern[str]) -> list[str]:
    prose = ALLOWED_PHRASES.sub("", _CODE.sub("", text))
    return [match.group().strip().lower() for match in pattern.finditer(prose)]


def main(arguments: Sequence[str]) -> int:
    """Print the hits in the files and folders named (in all, if none is named) and the counts; 1 if there are any."""
    limits = [argument for argument in arguments if argument != "--counts"]
    kept = [Path(limit).resolve().relative_to(ROOT).as_posix() for limit in limits]
    hits = [hit for hit in forbidden(ROOT) if not kept or any(f"{hit.path}/".startswith(f"{at}/") for at in kept)]
    if hits and "--counts" not in arguments:
        print(*hits, sep="\n")
    print(f"{len(hits)} forbidden words")
    for title, counts in (
        ("by word", Counter(hit.word for hit in hits)),
        ("by folder", Counter(PurePosixPath(hit.path).parent.as_posix() for hit in hits)),
    ):
        if counts:
            print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

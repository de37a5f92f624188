"""Collects the licences of everything that is in the frozen program into one page, ``LICENSES.html``.

What is in it, the build says: each file's source is looked up in the records of the installed distributions, so that
a library counts when a part of it was really taken. Texts come from the distribution's own metadata (all files, not
only the one that most tools show), lists of what was compiled in from its software bill of materials, system
libraries from their Debian package, Python's from Python. What wheels leave out lies in ``build/licences/``.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import Distribution, distributions
from pathlib import Path

HERE = Path(__file__).resolve().parent / "licences"
_IS_TEXT = re.compile(r"(^|/)(licen[cs]es?|copying|notice|authors|copyright)\b[^/]*$", re.IGNORECASE)
_IS_IN_FOLDER = re.compile(r"\.dist-info/licenses/", re.IGNORECASE)
_LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "pyside6-essentials": ("QT-NOTICE.txt", "LGPL-3.0.txt", "GPL-3.0.txt", "QT-PARTS.txt"),
    "shiboken6": ("QT-NOTICE.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
}


@dataclass(frozen=True)
class Part:
    """Something that is in the program: its name, version, licence in a word, texts by title, what is inside it."""

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...]
    inside: tuple[str, ...] = ()


def canonical(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def bundled(sources: Iterable[str], installed: Iterable[Distribution] | None = None) -> list[Distribution]:
    """Return the installed distributions that one of the files ``sources`` belongs to, by name."""
    owners: dict[str, Distribution] = {}
    for distribution in distributions() if installed is None else installed:
        home = _plain(str(distribution.locate_file("")))
        for file in distribution.files or ():
            owners[os.path.normpath(os.path.join(home, os.path.normcase(file)))] = distribution
    found = {canonical(owner.metadata["Name"]): owner for each in sources if (owner := owners.get(_plain(each)))}
    return [found[name] for name in sorted(found)]


def part_of(distribution: Distribution) -> Part:
    """Read a distribution's own words about itself.

    Raises:
        ValueError: it has no licence text, here neither.
    """
    about = distribution.metadata
    name = str(about["Name"])
    texts = []
    inside: list[str] = []
    for file in sorted(distribution.files or (), key=str):
        path = Path(str(distribution.locate_file(file)))
        plain = file.as_posix()
        if plain.endswith(".json") and "/sboms/" in plain:
            inside += components(path.read_text(encoding="utf-8"))
        elif ".dist-info/" in plain and (_IS_TEXT.search(plain) or _IS_IN_FOLDER.search(plain)) and path.is_file():
            texts.append((plain.partition(".dist-info/")[2], path.read_text(encoding="utf-8", errors="replace")))
    texts += [(each, (HERE / each).read_text(encoding="utf-8")) for each in _LEFT_OUT.get(canonical(name), ())]
    if not texts:
        raise ValueError(f"{name} comes without a licence text: put one into {HERE.name}/ and name it in licences.py")
    return Part(name, str(about["Version"]), licence_of(distribution), tuple(texts), tuple(sorted(set(inside))))


def licence_of(distribution: Distribution) -> str:
    """Return a distribution's licence in a word: its expression, else its classifiers, else its first line."""
    about = distribution.metadata
    # `get_all`: asking for a field that is not there by its name is deprecated from Python 3.13 on.
    if expression := about.get_all("License-Expression"):
        return str(expression[0])
    named = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith("License ::")]
    said = "".join(about.get_all("License") or ()).strip().splitlines()[:1]
    return " / ".join(named) or "".join(said) or "see its text"


def components(bill: str) -> Iterator[str]:
    """Yield what a bill of materials (CycloneDX, JSON) names: name, version, licence."""
    for each in json.loads(bill).get("components", ()):
        names = [
            one.get("expression") or one.get("license", {}).get("id") or one.get("license", {}).get("name", "")
            for one in each.get("licenses", ())
        ]
        licence = ", ".join(name for name in names if name)
        yield " ".join(filter(None, (each.get("name"), each.get("version"), f"({licence})" if licence else "")))


def system_parts(sources: Sequence[str]) -> list[Part]:
    """Return the Debian packages that libraries of this PC come from, with what they say of their copyright."""
    packages: dict[str, list[str]] = {}
    # dpkg knows one name of a file, and /lib may be a link to /usr/lib.
    names = {each: (each, os.path.realpath(each), f"/usr{each}", each.removeprefix("/usr")) for each in sources}
    said = _output(["dpkg", "-S", *sorted({name for each in names.values() for name in each})])
    owners = {file: owner.partition(",")[0] for owner, _, file in (line.partition(": ") for line in said.splitlines())}
    for source, other in names.items():
        package = next((owners[name] for name in other if name in owners), None)
        if package is None:
            raise ValueError(f"{source} belongs to no package: its licence is not known")
        packages.setdefault(package, []).append(Path(source).name)
    found = []
    for package, files in sorted(packages.items()):
        name = package.partition(":")[0]
        text = Path("/usr/share/doc", name, "copyright").read_text(encoding="utf-8", errors="replace")
        version = _output(["dpkg-query", "-W", "-f", "${Version}", package])
        named = sorted(set(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)))
        licence = ", ".join(named[:6]) or "see its text"
        found.append(Part(f"{name} (Debian)", version, licence, (("copyright", text),), tuple(sorted(files))))
    return found


def own_parts(root: Path, version: str) -> list[Part]:
    """Return dgdesk itself, what its resources hold, Python, and what starts the program."""

    def text(*names: str) -> tuple[tuple[str, str], ...]:
        return tuple((Path(name).name, (root / name).read_text(encoding="utf-8")) for name in names)

    return [
        Part("dgdesk", version, "Apache-2.0", text("LICENSE", "NOTICE")),
        Part("Sarabun", "", "OFL-1.1", text("resources/fonts/OFL.txt", "resources/fonts/README.txt")),
        Part("Thai words (ICU, PyThaiNLP)", "", "Unicode-3.0, CC0-1.0", text("resources/i18n/words-LICENSE.txt")),
        Part("Python", platform.python_version(), "Python-2.0", (("LICENSE", python_text()),)),
    ]


def python_text() -> str:
    """Return Python's licence.

    Raises:
        ValueError: this Python does not have it.
    """
    library = Path(os.__file__).parent
    for place in (library / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt", HERE / "PYTHON.txt"):
        if place.is_file():
            return place.read_text(encoding="utf-8", errors="replace")
    raise ValueError("this Python comes without its licence: put it into build/licences/PYTHON.txt")


def page(parts: Sequence[Part]) -> str:
    """Return the page: a table of all parts, then each with its texts; a text that stands above is only named."""
    rows, sections = [], []
    seen: dict[str, str] = {}
    for number, part in enumerate(parts):
        rows.append(
            f'<tr><td><a href="#p{number}">{escape(part.name)}</a></td><td>{escape(part.version)}</td>'
            f"<td>{escape(part.licence)}</td></tr>"
        )
        lines = [f'<h2 id="p{number}">{escape(f"{part.name} {part.version}".strip())}</h2>']
        if part.inside:
            lines.append(f"<p>In it: {escape(', '.join(part.inside))}</p>")
        for title, text in part.texts:
            digest = hashlib.sha256("".join(text.split()).encode()).hexdigest()
            if digest in seen:
                lines.append(f"<h3>{escape(title)}</h3><p>The same text as {seen[digest]}.</p>")
                continue
            seen[digest] = f'<a href="#p{number}">{escape(part.name)}, {escape(title)}</a>'
            lines.append(f"<h3>{escape(title)}</h3><pre>{escape(text.strip())}</pre>")
        sections.append("\n".join(lines))
    style = "body{font-family:sans-serif;margin:2em;max-width:60em}pre{white-space:pre-wrap}td{padding:0 1em 0 0}"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>dgdesk: licences</title>'
        f"<style>{style}</style></head><body>\n<h1>dgdesk: licences of all its parts</h1>\n"
        f"<p>สัญญาอนุญาตของส่วนประกอบทั้งหมดในโปรแกรม (ต้นฉบับภาษาอังกฤษ)</p>\n"
        f"<table>\n{chr(10).join(rows)}\n</table>\n{chr(10).join(sections)}\n</body></html>\n"
    )


def collect(entries: Sequence[tuple[str, str, str]], modules: Sequence[tuple[str, str, str]], root: Path) -> list[Part]:
    """Return all parts of a program that PyInstaller puts together of ``entries`` and ``modules``.

    Raises:
        ValueError: a part's licence is not known.
    """
    from version_info import read_version

    sources = [entry[1] for entry in [*entries, *modules] if entry[2] != "SYMLINK" and entry[1] not in ("", "-")]
    found = bundled(sources)
    parts = own_parts(root, read_version()) + [part_of(each) for each in found if each.metadata["Name"] != "dgdesk"]
    if "pyinstaller" not in {part.name for part in parts}:
        # What starts the program is PyInstaller's, whether or not a module of it is in.
        parts += [part_of(each) for each in distributions() if canonical(each.metadata["Name"]) == "pyinstaller"]
    if sys.platform == "win32":
        text = (HERE / "MSVC-RUNTIME.txt").read_text(encoding="utf-8")
        parts.append(Part("Microsoft Visual C++ runtime", "", "Distributable Code", (("MSVC-RUNTIME.txt", text),)))
    if sys.platform.startswith("linux"):
        homes = tuple({str(Path(prefix).resolve()) for prefix in (sys.prefix, sys.base_prefix)} - {"/usr"})
        homes = (*homes, sys.prefix, "/usr/lib/python3", str(root))
        parts += system_parts(
            [entry[1] for entry in entries if entry[2] == "BINARY" and not entry[1].startswith(homes)]
        )
    return parts


def write(target: Path, parts: Sequence[Part]) -> None:
    """Write the page of a program's parts, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(page(parts))
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)


def _plain(path: str) -> str:
    return os.path.normcase(os.path.abspath(path))


def _output(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""

"""Makes ICU's data small: of 31 MB the frozen program for Linux keeps what Qt asks for in Thai and English.

Qt brings ICU's whole data as a library, ``libicudata.so``: names of currencies, units and time zones in 800 languages,
converters for old encodings, dictionaries of Chinese. What is kept: the order of letters for Thai, English and every
other language's root, properties and normal forms of characters, and the tables without a language. Where something is
missing, ICU takes its root. Formats: ICU's "Common Data" (``ucmndata.h``), an ELF library by GNU's ``as`` and ``ld``.
"""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = frozenset({"root", "res_index", "en", "en_US", "th", "th_TH"})
"""Of the resources of languages; "res_index" lists them."""
FOLDERS = frozenset({"", "coll"})
"""Kept of the folders in the data; "" is what lies in none."""
_ENDINGS = frozenset({"res", "icu", "nrm", "spp"})
_OF_A_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z0-9]+)*")
_HEAD = re.compile(rb"(..)\xda\x27.{8}CmnD\x01", re.DOTALL)
_SOURCE = """\
    .section .rodata
    .balign 16
    .globl {symbol}
    .type {symbol}, @object
{symbol}:
    .incbin "{data}"
    .size {symbol}, . - {symbol}
    .section .note.GNU-stack, "", @progbits
"""


def is_wanted(name: str) -> bool:
    """Whether an item is kept; its name is without the package's, such as ``coll/th.res`` or ``uemoji.icu``."""
    folder, _, file = name.rpartition("/")
    stem, _, ending = file.rpartition(".")
    if folder not in FOLDERS or ending not in _ENDINGS:
        return False
    return ending != "res" or stem in LANGUAGES or not _OF_A_LANGUAGE.fullmatch(stem)


def items_of(package: bytes) -> dict[str, bytes]:
    """Read a package: its items by name, the package's own name before each.

    Raises:
        ValueError: it is none, or is cut off.
    """
    head = _HEAD.match(package)
    if head is None:
        raise ValueError("this is no package of ICU's data for this kind of PC")
    try:
        (start,) = struct.unpack("<H", head[1])
        (count,) = struct.unpack_from("<I", package, start)
        rows = [struct.unpack_from("<II", package, start + 4 + 8 * each) for each in range(count)]
        names = [package[start + at : package.index(b"\0", start + at)].decode("ascii") for at, _ in rows]
    except (struct.error, ValueError) as error:
        raise ValueError("the package of ICU's data is cut off") from error
    ends = [*(start + at for _, at in rows[1:]), len(package)][: len(rows)]
    return {name: package[start + at : end] for name, (_, at), end in zip(names, rows, ends, strict=True)}


def packed(head: bytes, items: Mapping[str, bytes]) -> bytes:
    """Return a package of items, with the header of the package that they come from.

    Names stand in the order of their bytes, which ICU searches by halves; each item begins at a multiple of 16.
    """
    names = sorted(items)
    texts = b"".join(name.encode("ascii") + b"\0" for name in names)
    table = bytearray(struct.pack("<I", len(names)))
    first = 4 + 8 * len(names)
    data_at = -(-(len(head) + first + len(texts)) // 16) * 16 - len(head)
    at, body = first, b""
    for name in names:
        table += struct.pack("<II", at, data_at + len(body))
        at += len(name) + 1
        body += items[name] + bytes(-len(items[name]) % 16)
    whole = bytes(table) + texts
    return head + whole + bytes(data_at - len(whole)) + body


def smaller(library: bytes) -> bytes:
    """Return the small package made of the one that lies in a library.

    Raises:
        ValueError: there is none in it.
    """
    found = _HEAD.search(library)
    if found is None:
        raise ValueError("there is no ICU data in this library")
    (size,) = struct.unpack("<H", found[1])
    package = library[found.start() :]
    kept = {name: data for name, data in items_of(package).items() if is_wanted(name.partition("/")[2])}
    # What follows the last item of the package belongs to the library; ICU does not read beyond an item's own end.
    return packed(package[:size], kept)


def small_library(source: Path, work: Path) -> Path:
    """Make the small library of ``libicudata.so.NN`` in the folder ``work``, by the same name, and return its path.

    Raises:
        ValueError: this is not ICU's data, or the library cannot be made.
    """
    version = source.name.rpartition(".")[2]
    symbol = f"icudt{version}_dat"
    work.mkdir(parents=True, exist_ok=True)
    (work / "icu.dat").write_bytes(smaller(source.read_bytes()))
    (work / "icu.s").write_text(_SOURCE.format(symbol=symbol, data="icu.dat"), encoding="ascii")
    link = ["ld", "-shared", "-soname", source.name, "--hash-style=gnu", "--build-id=none", "-z", "noexecstack"]
    for words in (["as", "icu.s", "-o", "icu.o"], [*link, "-o", source.name, "icu.o"]):
        done = subprocess.run(words, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ValueError(f"{words[0]} cannot make {source.name}: {done.stderr.strip()}")
    return work / source.name

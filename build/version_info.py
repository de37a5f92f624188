"""The version resource of the Windows programs, as text that PyInstaller reads: what Explorer's "Details" show."""

from __future__ import annotations

import re
from pathlib import Path

VERSION_FILE = Path(__file__).resolve().parent.parent / "src" / "dgdesk" / "__init__.py"
"""Where pyproject.toml has the version from."""
NAME = "dgdesk"
DESCRIPTION = "dgdesk แบบสำรวจระดับความพร้อมรัฐบาลดิจิทัลของจังหวัด"
COPYRIGHT = "© 2026 The dgdesk contributors, Apache License 2.0"
_THAI, _UNICODE = 0x041E, 1200


def read_version(source: Path = VERSION_FILE) -> str:
    """Return the program's version.

    Raises:
        ValueError: the file does not say one.
    """
    found = re.search(r'^__version__ = "([^"]+)"$', source.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{source} says no version")
    return found[1]


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """Return a version as Windows counts: four numbers below 65,536; what follows the first three is left out.

    Raises:
        ValueError: it does not begin with three numbers, or one is too large.
    """
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if found is None:
        raise ValueError(f"not a version: {version}")
    first, second, third = (int(number) for number in found.groups())
    if max(first, second, third) > 0xFFFF:
        raise ValueError(f"too large for Windows: {version}")
    return first, second, third, 0


def resource_text(version: str, program: str) -> str:
    """Return the version resource of a program (its file's name without ending)."""
    numbers = four_numbers(version)
    strings = {
        "CompanyName": "The dgdesk contributors",
        "FileDescription": DESCRIPTION,
        "FileVersion": version,
        "InternalName": program,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{program}.exe",
        "ProductName": NAME,
        "ProductVersion": version,
    }
    table = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in strings.items())
    return (
        "VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004,\n"
        "    fileType=1, subtype=0, date=(0, 0)),\n"
        f"  kids=[StringFileInfo([StringTable('{_THAI:04x}{_UNICODE:04x}', [{table}])]),\n"
        f"    VarFileInfo([VarStruct('Translation', [{_THAI}, {_UNICODE}])])])\n"
    )

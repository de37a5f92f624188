"""The setup file: NSIS compiles ``dgdesk.nsi`` with the values and the list of files written here.

The same folder, version and time give the same bytes: files are named one by one in order, and bear one time.

NSIS makes the uninstaller while it makes setup, and leaves both without a checksum. So a first run makes an empty setup
to have the uninstaller; that gets its checksum, and a signature if there is a certificate; the second run takes it in.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from windows import pe, sign
from windows.machine import Machine
from windows.picture import side_picture

SCRIPT = Path(__file__).resolve().parent / "dgdesk.nsi"
TASKBAR_NAME = "dgdesk.dgdesk"
"""Windows' AppUserModelID; the program gives itself the same one."""


def read_version(project: Path) -> str:
    """Return the version that pyproject.toml points to.

    Raises:
        ValueError: there is none, or not one of three numbers, which is what setup can compare.
    """
    source = (project / "src" / "dgdesk" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(\d+\.\d+\.\d+)"$', source, re.MULTILINE)
    if not found:
        raise ValueError("src/dgdesk/__init__.py gives no version of the form 1.2.3")
    return found[1]


def quoted(text: str) -> str:
    """Return a text as an NSIS string that means just itself."""
    return '"' + text.replace("$", "$$").replace('"', '$\\"') + '"'


def values(
    version: str, folder: Path, output: Path, uninstaller: Path, icon: Path, side: Path, quickly: bool = False
) -> str:
    """Return ``values.nsh`` for the program in ``folder``: names, and what to write and to take away again.

    ``quickly`` packs less tightly, for trials.
    """
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    size = sum((folder / file).stat().st_size for file in files)
    defines = {
        "VERSION": version,
        "VERSION4": f"{version}.0",
        "OUTPUT": str(output),
        "OUTPUT_NAME": output.name.removesuffix(".part"),
        "ICON": str(icon),
        "SIDE": str(side),
        "UNINSTALLER": str(uninstaller),
        "TASKBAR_NAME": TASKBAR_NAME,
    }
    lines = [f"!define {name} {quoted(value)}" for name, value in defines.items()]
    if quickly:
        lines.append("!define QUICKLY")
    lines += [f"!define KIBIBYTES {-(-size // 1024)}", "!macro EachTopName do"]
    lines += [f'  !insertmacro "${{do}}" {quoted(name)}' for name in sorted({file.parts[0] for file in files})]
    lines += ["!macroend", "!macro WriteFiles"]
    here = None
    for file in sorted(files, key=lambda file: (file.parent.parts, file.name)):
        if file.parent != here:
            here = file.parent
            lines.append(f"  SetOutPath {_installed(here)}")
        lines.append(f"  File {quoted(str(folder / file))}")
    lines += ["!macroend", "!macro DeleteFiles", *(f"  Delete {_installed(file)}" for file in files)]
    folders = {parent for file in files for parent in file.parents if parent.parts}
    lines += [f"  RMDir {_installed(each)}" for each in sorted(folders, key=lambda each: (-len(each.parts), each))]
    return "\n".join([*lines, "!macroend", ""])


def _installed(file: Path) -> str:
    inside = quoted("\\".join(file.parts))[1:]
    return '"$INSTDIR' + ("\\" if file.parts else "") + inside


def set_times(folder: Path, epoch: int) -> None:
    """Give all files and folders one time, which installed files keep."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (epoch, epoch))


def build(
    machine: Machine,
    folder: Path,
    version: str,
    output: Path,
    icon: Path,
    epoch: int,
    quickly: bool = False,
    by: sign.Signer | None = None,
) -> None:
    """Make the setup file of the program in ``folder``; with ``by``, uninstaller and setup are signed.

    Raises:
        Trouble: NSIS or the signer refuses.
    """
    work = machine.home / "setup"
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    part = output.with_name(output.name + ".part")
    uninstaller = work / "uninstall.exe"
    side = work / "side.bmp"
    side.write_bytes(side_picture())
    set_times(folder, epoch)
    # The picture is a file in setup, and setup keeps the time of it.
    set_times(work, epoch)
    (work / "values.nsh").write_text(values(version, folder, part, uninstaller, icon, side, quickly), encoding="utf-8")
    shutil.copy(SCRIPT, work)
    for options in (["-DUNINSTALLER_ONLY"], []):
        call = ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, "dgdesk.nsi"]
        machine.must("makensis", call, extra={"SOURCE_DATE_EPOCH": str(epoch)}, folder=work)
        finish(part if not options else uninstaller, by)
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(output)


def finish(program: Path, by: sign.Signer | None) -> None:
    """Give a program that NSIS made its checksum, and a signature.

    Raises:
        Trouble: the signer refuses.
    """
    program.write_bytes(pe.with_checksum(program.read_bytes()))
    if by is not None:
        sign.sign([program], by)

"""Report and logs in one small ZIP file that a person can look into and send to the help desk."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from dgdesk.errors import FileError
from dgdesk.support.log import CRASHES, FILE
from dgdesk.support.report import Report
from dgdesk.system.atomic import atomic_file

_MOST_LOG: Final = 512 << 10
_TIME: Final = (2000, 1, 1, 0, 0, 0)


def support_files(report: Report, logs: Path, clean: Callable[[str], str]) -> dict[str, str]:
    """Return the parts of the file by name: the report as JSON and the existing logs, each passed through ``clean``.

    A log that cannot be read is left out; of a long log only the end is taken.
    """
    files = {"report.json": json.dumps(_cleaned(report, clean), ensure_ascii=False, indent=1)}
    for path in sorted((*logs.glob(f"{FILE}*"), *logs.glob(CRASHES))):
        with suppress(OSError):
            content = path.read_bytes()[-_MOST_LOG:]
            files[path.name] = clean(content.decode("utf-8", "replace"))
    return files


def write_support(target: Path, files: dict[str, str]) -> None:
    """Write the file; an older one at ``target`` is replaced once the new one is complete.

    Raises:
        FileError: ``support.unwritable``.
    """

    def prove(part: Path) -> None:
        with zipfile.ZipFile(part) as archive:
            if archive.testzip() is not None or set(archive.namelist()) != set(files):
                raise OSError("not what was written")

    try:
        with (
            atomic_file(target, replace=True, prove=prove, explain=_unwritable) as part,
            zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name, _TIME), text, zipfile.ZIP_DEFLATED)
    except (ValueError, zipfile.BadZipFile) as error:
        raise _unwritable(error, target) from error


def _unwritable(error: Exception, target: Path) -> FileError:
    return FileError("support.unwritable", name=target.name, path=str(target))


def _cleaned(value: object, clean: Callable[[str], str]) -> object:
    """Clean the texts of a report; its numbers are only sizes and counts."""
    match value:
        case dict():
            return {key: _cleaned(one, clean) for key, one in value.items()}
        case list():
            return [_cleaned(one, clean) for one in value]
        case str():
            return clean(value)
    return value

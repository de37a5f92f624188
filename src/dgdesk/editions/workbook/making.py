"""Makes a folder of data files from a workbook, or says in which cells it is wrong and makes nothing."""

from __future__ import annotations

from pathlib import Path

from dgdesk.editions.workbook.check import check_book, write_texts
from dgdesk.editions.workbook.files import file_texts
from dgdesk.editions.workbook.grid import BookFlaw
from dgdesk.editions.workbook.opening import open_book
from dgdesk.editions.workbook.reading import Trees
from dgdesk.errors import FileError
from dgdesk.system.atomic import NameTaken, atomic_folder, explain_write, sync


def make_folder(book: Path, folder: Path) -> tuple[Trees, tuple[BookFlaw, ...]]:
    """Write the edition in a workbook as a new folder of data files; nothing is written if there is any flaw.

    Raises:
        FileError: as `open_book`; ``carry.exists``: there is something at ``folder``; it cannot be written.
    """
    if folder.exists() or folder.is_symlink():
        raise FileError("carry.exists", path=folder, name=folder.name)
    trees, flaws = check_book(open_book(book))
    if flaws:
        return trees, flaws
    try:
        with atomic_folder(folder) as inside:
            write_texts(inside, file_texts(trees))
            for path in inside.iterdir():
                with path.open("rb+") as stream:
                    sync(stream)
    except NameTaken as error:
        raise FileError("carry.exists", path=folder, name=folder.name) from error
    except OSError as error:
        raise explain_write(error, folder) from error
    return trees, ()

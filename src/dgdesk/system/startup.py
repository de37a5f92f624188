"""What is settled before anything else is imported: the clock, the language, the secrets in the environment.

Python counts time in nanoseconds until the year 2262; a clock set to a Buddhist year (2569) is beyond that, and
waiting, timing and time stamps then fail with many different errors. Only simple parts of the standard library are used
here, and the sentences are not in the catalogue, whose reader needs a library.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from typing import Final, Literal

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2200
BUDDHIST_ERA: Final = 543

Fault = Literal["buddhist", "wrong", "unreadable"]
Show = Callable[[str], object]

_DAY: Final = 86_400
_TITLE: Final = "dgdesk"
_ERROR_ICON: Final = 0x10  # MB_ICONERROR
_MOST_LINES: Final = 30
_THAI_PAGE: Final = 874
_WIDEST: Final = 600
"""Lines and letters of a line in a box: more does not fit on a small screen."""
_WORDS: Final = {
    "th": {
        "buddhist": "นาฬิกาของเครื่องนี้แสดงปี ค.ศ. {year} ซึ่งน่าจะเป็นปี พ.ศ. ที่ตั้งไว้แทนปี ค.ศ. โปรแกรมจึงทำงานไม่ได้",
        "wrong": "นาฬิกาของเครื่องนี้แสดงปี ค.ศ. {year} ซึ่งไม่ถูกต้อง โปรแกรมจึงทำงานไม่ได้",
        "unreadable": "นาฬิกาของเครื่องนี้แสดงปีที่ไกลเกินไป โปรแกรมจึงทำงานไม่ได้",
        "act_buddhist": "แบบสำรวจและหลักฐานของท่านไม่ได้รับผลกระทบ โปรดตั้งปีของเครื่องเป็น ค.ศ. {christian} แล้วเปิดโปรแกรมอีกครั้ง",
        "act": "แบบสำรวจและหลักฐานของท่านไม่ได้รับผลกระทบ โปรดตั้งวันที่และเวลาของเครื่องให้ถูกต้อง แล้วเปิดโปรแกรมอีกครั้ง",
    },
    "en": {
        "buddhist": "The clock of this PC says the year {year}, most likely a Buddhist year in the place of a "
        "Christian one, and the program cannot work with it.",
        "wrong": "The clock of this PC says the year {year}, which is wrong, and the program cannot work with it.",
        "unreadable": "The clock of this PC says a year too far away, and the program cannot work with it.",
        "act_buddhist": "Your drafts and evidence are not affected. Please set the year of this PC to {christian}, "
        "then start the program again.",
        "act": "Your drafts and evidence are not affected. Please set this PC's date and time, then start the program "
        "again.",
    },
}


def this_year() -> int | None:
    """Return the year C.E. of the PC's clock, in UTC; None if it cannot be found out."""
    with suppress(OverflowError, OSError, ValueError):
        return year_of(time.time())
    with suppress(OverflowError, OSError, ValueError, AttributeError):
        return _year_beyond_python()
    return None


def year_of(seconds: float) -> int:
    """Return the year C.E. of any number of seconds since 1970; computed here, so no library's bounds apply."""
    days = int(seconds // _DAY) + 719_468  # since 1 March of the year 0
    era, day = divmod(days, 146_097)
    years = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    left = day - (365 * years + years // 4 - years // 100)
    return era * 400 + years + (left >= 306)  # January and February belong to the next year


def clock_fault(year: int | None) -> Fault | None:
    """Return what is wrong with a year C.E.; None if the program can work with it."""
    if year is None:
        return "unreadable"
    if FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return "buddhist" if FIRST_YEAR <= year - BUDDHIST_ERA <= LAST_YEAR else "wrong"


def clock_words(year: int | None, fault: Fault, language: str) -> str:
    """Return a message: what is wrong with the clock, what it means for the work, and what to do."""
    words = _WORDS.get(language, _WORDS["th"])
    act = words["act_buddhist" if fault == "buddhist" else "act"]
    return f"{words[fault]} {act}".format(year=year, christian=(year or 0) - BUDDHIST_ERA)


def tell_clock(year: int | None, fault: Fault, language: str | None, boxes: tuple[Show, ...] | None = None) -> None:
    """Print the message on stderr if there is one. Without a ``language``, for the window, in both and in a box.

    ``boxes`` are functions that show a message without a console; the first that succeeds is used.
    """
    languages = ("th", "en") if language is None else (language,)
    text = "\n\n".join(clock_words(year, fault, one) for one in languages)
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{text}\n")
    if language is None:
        for box in (_system_box,) if boxes is None else boxes:
            with suppress(Exception):  # there is nothing else to try
                box(text)


def _year_beyond_python() -> int:
    """Ask the system itself: `time.time` ends in 2262."""
    if sys.platform == "win32":
        import ctypes

        now = (ctypes.c_uint16 * 8)()  # SYSTEMTIME; its first member is the year
        ctypes.windll.kernel32.GetSystemTime(ctypes.byref(now))
        return int(now[0])
    return year_of(time.clock_gettime(time.CLOCK_REALTIME))


def show_words(text: str, boxes: tuple[Show, ...] | None = None) -> None:
    """Show what a command said to nobody, the beginning of very much, in the first box that works."""
    lines = text.strip().splitlines()
    if not lines:
        return
    said = "\n".join(line[:_WIDEST] for line in lines[:_MOST_LINES])
    for box in (_system_box,) if boxes is None else boxes:
        with suppress(Exception):  # there is nothing else to try
            box(said if len(lines) <= _MOST_LINES else f"{said}\n…")
            return


def _system_box(text: str) -> None:
    """Windows' own message box (``MessageBoxW``)."""
    import ctypes

    ctypes.windll.user32.MessageBoxW(None, text, _TITLE, _ERROR_ICON)  # type: ignore[attr-defined,unused-ignore]


def spoken(arguments: Sequence[str]) -> Literal["th", "en"]:
    """Return the language given by ``--lang``; Thai by default."""
    for at, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and at + 1 < len(arguments):
            value = arguments[at + 1]
        if value == "en":
            return "en"
    return "th"


def speak(environment: Mapping[str, str]) -> None:
    """Make the standard streams write Thai: UTF-8, but for a pipe on Thai Windows (`stream_encoding`)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            page = 0
            with suppress(OSError, ValueError, AttributeError):
                if sys.platform == "win32" and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
                    page = _console_page()
            stream.reconfigure(encoding=stream_encoding(page, environment), errors="replace")


def stream_encoding(page: int, environment: Mapping[str, str]) -> str:
    """Return how a stream is written, from the code ``page`` of the console that reads it; 0: no console does.

    PowerShell reads what a program writes into its pipe by the console's code page. Of all old ones only Thai Windows'
    own has Thai letters; a program that reads UTF-8 says so by ``PYTHONIOENCODING``. JSON is ASCII then.

    Source: learn.microsoft.com, about_Character_Encoding; GetConsoleOutputCP.
    """
    wants_utf8 = environment.get("PYTHONIOENCODING") or environment.get("PYTHONUTF8") == "1"
    return "cp874" if page == _THAI_PAGE and not wants_utf8 else "utf-8"


def _console_page() -> int:
    """Ask Windows for the code page of the console that this process belongs to; 0 if there is none."""
    import ctypes

    return int(ctypes.windll.kernel32.GetConsoleOutputCP())  # type: ignore[attr-defined,unused-ignore]


PASSPHRASE: Final = "DGDESK_PASSPHRASE"
"""Contains the passphrase of a signing identity, for commands that run without a person."""
_SET_DUMPABLE: Final = 4  # PR_SET_DUMPABLE


def take_environment(environment: MutableMapping[str, str]) -> dict[str, str]:
    """Return a copy of the environment, then remove the passphrase from it: child programs do not get it."""
    taken = dict(environment)
    environment.pop(PASSPHRASE, None)
    return taken


def forbid_plugins(environment: MutableMapping[str, str]) -> None:
    """Forbid pydantic to search every installed package for plugins and to import what it finds.

    No plugin is needed, none may read the answers, and the search takes some milliseconds of each start. Child
    programs inherit this.

    Source: https://docs.pydantic.dev/latest/concepts/plugins/
    """
    environment["PYDANTIC_DISABLE_PLUGINS"] = "__all__"


def forbid_dumps() -> None:
    """Forbid Linux to write this process's memory to disk, and this person's other processes to read it.

    The memory holds keys, passphrases and answers. Child programs are not affected. If the system refuses, the program
    works without this. Windows writes such dumps only if somebody configured it.

    Source: prctl(2), PR_SET_DUMPABLE; core(5).
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, ValueError, ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(OSError, AttributeError, ImportError):
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)

"""Runs one command and returns its exit code. Errors go to stderr as one sentence, never as a traceback."""

from __future__ import annotations

import errno
import getpass
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TextIO

from dgdesk.cli.context import Context
from dgdesk.cli.parser import command_of, parse
from dgdesk.cli.targets import check_written
from dgdesk.errors import DgdeskError
from dgdesk.system.causes import cause_of
from dgdesk.system.private import tighten
from dgdesk.system.profile import own_profile
from dgdesk.system.startup import spoken
from dgdesk.text.editions import use_editions
from dgdesk.text.messages import Catalogue, load_catalogue
from dgdesk.text.shown import one_line

__all__ = ["main", "spoken"]


def main(
    arguments: Sequence[str],
    out: TextIO,
    err: TextIO,
    environment: Mapping[str, str] | None = None,
    imported: Callable[[], None] = lambda: None,
) -> int:
    """Run one command without a window and return its exit code (0, 1, 2 or 3).

    ``environment`` is the process's, before the passphrase was removed from it; ``imported`` is called when everything
    is imported and the command's own work begins.
    """
    language = spoken(arguments)
    catalogue = load_catalogue(language)
    try:
        parsed = parse(arguments)
        profile = own_profile()
        tighten(profile.root)
        use_editions(profile.editions)
        context = Context(
            catalogue=catalogue,
            clock=lambda: datetime.now(UTC),
            profile=profile,
            who=getattr(parsed, "who", None) or _user(),
            out=out,
            environment=dict(os.environ if environment is None else environment),
            err=err,
            ask=getpass.getpass if sys.stdin is not None and sys.stdin.isatty() else None,
        )
        run = command_of(parsed)
        imported()
        check_written(parsed, profile.root)
        code = run(parsed, context)
        out.flush()  # report a full disk now, not when the interpreter ends
        return code
    except DgdeskError as error:
        return _fail(catalogue, error, err)
    except BrokenPipeError:
        # The reader of our output has closed it; nobody is left to read a message.
        _let_go_of_output()
        return 3
    except OSError as error:
        try:
            out.flush()
        except OSError:
            _let_go_of_output()
        if is_starved(error):
            print(catalogue.text("cli.starved"), file=err)
            return 3
        print(one_line(catalogue.text("cli.system", detail=_reason(catalogue, error))), file=err)
        return 3
    except KeyboardInterrupt:
        print(catalogue.text("cli.stopped"), file=err)
        return 1
    except Exception as error:  # the last line of defence: a person never sees a traceback
        if _interrupted(error):
            print(catalogue.text("cli.stopped"), file=err)
            return 1
        if is_starved(error):
            print(catalogue.text("cli.starved"), file=err)
            return 3
        from dgdesk.support.log import place_of  # nothing else of a command needs the log

        print(one_line(catalogue.text("cli.unexpected", place=place_of(error))), file=err)
        return 3


def _reason(catalogue: Catalogue, error: OSError) -> str:
    """Return in our own words why the system refused; an unknown error as its number."""
    cause = cause_of(error)
    if cause == "other":
        return catalogue.text("cli.system_other", number=getattr(error, "winerror", None) or error.errno or "-")
    return catalogue.text(f"cli.system_{cause}")


def is_starved(error: BaseException) -> bool:
    """Return whether the system refused memory or threads, for which Python has no error type."""
    causes: BaseException | None = error
    while causes is not None:
        if isinstance(causes, MemoryError) or (isinstance(causes, OSError) and causes.errno == errno.ENOMEM):
            return True
        if isinstance(causes, RuntimeError) and str(causes) == _NO_THREAD:
            return True
        causes = causes.__cause__ or causes.__context__
    return False


_NO_THREAD = "can't start new thread"


def _let_go_of_output() -> None:
    """Prevent another attempt of the interpreter, at its end, to write what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(catalogue: Catalogue, error: DgdeskError, err: TextIO) -> int:
    sentence = catalogue.error(error)
    if "field" in error.values and "{field}" not in catalogue.messages[error.code][catalogue.language]:
        sentence = f"{error.values['field']}: {sentence}"
    print(one_line(sentence), file=err)
    for detail in catalogue.details(error):
        print(one_line(detail), file=err)
    return error.exit_code


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "-"


def _interrupted(error: BaseException | None) -> bool:
    """Return whether an error is only the result of an interrupt in the middle of a library's work."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False

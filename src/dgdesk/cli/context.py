"""What every command is given: the catalogue, the clock, the profile, where to write. Nothing global."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from dgdesk.system.profile import Profile
from dgdesk.text.messages import Catalogue
from dgdesk.text.shown import one_line

if TYPE_CHECKING:
    from dgdesk.draft.drafts import Draft


class Context(NamedTuple):
    """Everything one run of a command uses. ``who`` goes into the journal, ``environment`` is the process's.

    ``ask`` lets a person type a secret without showing it; None without a terminal.
    """

    catalogue: Catalogue
    clock: Callable[[], datetime]
    profile: Profile
    who: str
    out: TextIO
    environment: dict[str, str]
    err: TextIO = sys.stderr
    ask: Callable[[str], str] | None = None

    def say(self, code: str, /, **values: object) -> None:
        """Print one sentence of the catalogue."""
        shown = {name: one_line(value) if isinstance(value, str) else value for name, value in values.items()}
        print(self.catalogue.text(code, **shown), file=self.out)

    def tell(self, sentence: str) -> None:
        """Print a remark on stderr, apart from the command's result."""
        print(one_line(self.catalogue.text("cli.told", sentence=sentence)), file=self.err)

    def line(self, text: str) -> None:
        """Print a line of data."""
        print(one_line(text), file=self.out)

    def json(self, document: Any) -> None:
        """Print a JSON document; decimals become JSON numbers with their exact digits.

        Where the output is not UTF-8 it is ASCII, so that no letter is lost and every reader understands it.
        """
        is_utf8 = (getattr(self.out, "encoding", None) or "utf-8").lower() == "utf-8"
        print(json.dumps(document, ensure_ascii=not is_utf8, indent=2, default=_plain), file=self.out)


Command = Callable[[Namespace, Context], int]


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.isoformat()
        case tuple() | frozenset():
            return list(value)
    return str(value)


def tell_unreadable(draft: Draft, context: Context) -> None:
    """Print, one line per slot, where stored evidence cannot be read; the work goes on without it."""
    from dgdesk.survey.rules.places import problem_name  # the commands that open no draft do without
    from dgdesk.survey.rules.problems import UNREADABLE

    for problem in draft.session.state.problems:
        if problem.code == UNREADABLE:
            session = draft.session
            place = problem_name(session.form, problem.address, problem.slot, session.state.facts.answers).line()
            context.tell(f"{place}: {context.catalogue.text(problem.code)}")

"""The parser's commands, taken apart for the tests of the grammar and of its documentation."""

from __future__ import annotations

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator

from dgdesk.cli.parser import make_parser


def commands(parser: ArgumentParser | None = None) -> Iterator[tuple[str, ArgumentParser]]:
    """Every command that does something, with the words that call it."""
    parser = parser or make_parser()
    inner = [action for action in parser._actions if isinstance(action, _SubParsersAction)]
    if not inner:
        yield parser.prog.removeprefix("dgdesk "), parser
    for action in inner:
        for one in action.choices.values():
            yield from commands(one)


ALL = dict(commands())


def options(parser: ArgumentParser) -> set[str]:
    """The options of one command, ``-h`` included."""
    return {option for action in parser._actions for option in action.option_strings}


def positionals(parser: ArgumentParser) -> list[str | int | None]:
    """``nargs`` of each argument without a name, in order."""
    return [action.nargs for action in parser._actions if not action.option_strings]

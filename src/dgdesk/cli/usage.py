"""Says what is wrong with a command line in the program's own words; argparse knows its messages in English only."""

from __future__ import annotations

import re
from typing import Final

from dgdesk.system.patterns import late

_WRONG: Final = (
    ("cli.usage_missing", late(r"the following arguments are required: (?P<name>.+)")),
    ("cli.usage_missing", late(r"one of the arguments (?P<name>.+) is required")),
    ("cli.usage_unknown", late(r"unrecognized arguments: (?P<name>.+)", re.DOTALL)),
    (
        "cli.usage_choice",
        late(r"argument (?P<name>.+?): invalid choice: .*\(choose from (?P<choices>.+)\)", re.DOTALL),
    ),
    ("cli.usage_together", late(r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)$")),
    ("cli.usage_value_missing", late(r"argument (?P<name>.+?): expected .*argument")),
    ("cli.usage_value", late(r"argument (?P<name>.+?): ")),
)


def usage_fault(message: str) -> tuple[str, dict[str, str]]:
    """Return the message code and its values for what argparse says is wrong.

    What was typed is not repeated, but for the names of options that do not exist.
    """
    for code, pattern in _WRONG:
        if found := pattern.match(message):
            values = {name: value.replace("'", "") for name, value in found.groupdict().items()}
            if code != "cli.usage_unknown":
                return code, values
            options = [word.partition("=")[0] for word in values["name"].split() if word.startswith("-")]
            return (code, {"name": ", ".join(options)}) if options else ("cli.usage_too_many", {})
    return "cli.usage", {}

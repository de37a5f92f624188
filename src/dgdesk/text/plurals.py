"""English sentences with a count of one: "1 file is" where the catalogue has "{count} files are"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from dgdesk.system.patterns import late

_ONE: Final = {
    **{f"{word}s": word for word in ("file", "answer", "page", "piece", "item", "window", "question", "bundle")},
    **{f"{word}s": word for word in ("highlight", "mark", "place", "point", "day", "draft", "change", "problem")},
    **{f"{word}s": word for word in ("warning", "key", "key passage", "receipt", "scan", "row", "error", "backup")},
    **{
        "entries": "entry",
        "copies": "copy",
        "addresses": "address",
        "bytes": "byte",
        "survey bundles": "survey bundle",
    },
}
_VERBS: Final = {"are": "is", "were": "was", "have": "has", "need": "needs", "cannot": "cannot"}
_COUNTED: Final = late(
    r"(?P<and>and )?\{(?P<name>[a-z_]+)\}(?P<more>(?: (?!(?:and|of|or|in|to|at|for|the|are|were|have)\b)[a-z]+){0,2}) "
    rf"(?P<noun>{'|'.join(sorted(_ONE, key=len, reverse=True))})\b"
    rf"(?P<between>(?: of [a-z]+)?(?: \(\{{[a-z]+\}}\))?)(?: (?P<verb>{'|'.join(_VERBS)})\b)?"
)


def of_one(sentence: str, values: Mapping[str, object]) -> str:
    """Return an English sentence of the catalogue, before it is filled in, with the nouns of counts of one in singular.

    A verb right after the noun follows it, unless two counts are joined by "and".
    """

    def singular(found: re.Match[str]) -> str:
        if str(values.get(found["name"])) != "1":
            return found[0]
        verb = found["verb"]
        said = "" if verb is None else f" {verb if found['and'] else _VERBS[verb]}"
        before = f"{found['and'] or ''}{{{found['name']}}}{found['more'] or ''}"
        return f"{before} {_ONE[found['noun']]}{found['between']}{said}"

    return _COUNTED.sub(singular, sentence) if "1" in map(str, values.values()) else sentence

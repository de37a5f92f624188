"""Conditions and small mappings as the text of one cell, and back.

``p5.2 = yes``, ``not(p1 = no)``, ``all(p1 = yes, any(p2 = a, p2 = b))``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from dgdesk.survey.definition.models import All, Any_, Chosen, Condition, Not

_TOKEN: Final = re.compile(r"\s*(?:([(),=])|([A-Za-z0-9][A-Za-z0-9._-]*))")
_DEEPEST: Final = 40


def condition_text(condition: Condition) -> str:
    """Return a condition as one line."""
    match condition:
        case Chosen():
            return " = ".join(condition.chosen)
        case All():
            return f"all({', '.join(map(condition_text, condition.all))})"
        case Any_():
            return f"any({', '.join(map(condition_text, condition.any))})"
        case Not():
            return f"not({condition_text(condition.not_)})"


def read_condition(text: str) -> dict[str, Any]:
    """Return a condition as the data files hold it.

    Raises:
        ValueError: it is none, or is nested too deeply.
    """
    tokens = list(_tokens(text))
    tree, end = _condition(tokens, 0, 0)
    if end != len(tokens):
        raise ValueError(text)
    return tree


def mapping_text(pairs: Mapping[str, object]) -> str:
    """Return a mapping as lines of ``name = value``."""
    return "\n".join(f"{name} = {value}" for name, value in pairs.items())


def read_mapping(text: str) -> dict[str, str]:
    """Return the mapping in lines of ``name = value``.

    Raises:
        ValueError: a line has no ``=``, or a name is there twice.
    """
    found: dict[str, str] = {}
    for line in read_lines(text):
        name, value = read_pair(line)
        if name in found:
            raise ValueError(line)
        found[name] = value
    return found


def read_pair(text: str) -> tuple[str, str]:
    """Return the two sides of ``name = value``.

    Raises:
        ValueError: a side is missing.
    """
    name, mark, value = (part.strip() for part in text.partition("="))
    if not (name and mark and value):
        raise ValueError(text)
    return name, value


def read_lines(text: str) -> list[str]:
    """Return the lines that are not empty, without the blanks around them."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _tokens(text: str) -> Iterable[str]:
    at = 0
    text = text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(text)
        yield found[1] or found[2]
        at = found.end()


def _condition(tokens: list[str], at: int, depth: int) -> tuple[dict[str, Any], int]:
    if depth > _DEEPEST or at + 1 >= len(tokens):
        raise ValueError
    word, mark = tokens[at], tokens[at + 1]
    if mark == "=" and at + 2 < len(tokens) and tokens[at + 2] not in "(),=":
        return {"chosen": [word, tokens[at + 2]]}, at + 3
    if word not in ("all", "any", "not") or mark != "(":
        raise ValueError
    parts: list[dict[str, Any]] = []
    at += 2
    while at < len(tokens) and tokens[at] != ")":
        if parts:
            if tokens[at] != ",":
                raise ValueError
            at += 1
        part, at = _condition(tokens, at, depth + 1)
        parts.append(part)
    if at >= len(tokens) or (word == "not" and len(parts) != 1):
        raise ValueError
    return {word: parts[0] if word == "not" else parts}, at + 1

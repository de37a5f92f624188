"""JSON of which every byte counts: read strictly, written the same everywhere; the base of models of untrusted JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from dgdesk.system.bounds import exact_number

_DEEPEST: Final = 32
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Strict(BaseModel):
    """A model of untrusted JSON: exact types, no other keys, frozen. Docstrings of its subclasses are published.

    Its validator is built at the first use.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _few_keys(cls, value: Any) -> Any:
        # First of all: pydantic records every unknown key, and hostile input may have a million.
        if isinstance(value, Mapping) and len(value) > 2 * len(cls.__pydantic_fields__):
            raise ValueError("too many keys")
        return value


def stated_format(parsed: object) -> int | None:
    """Return the format that JSON names; None if it names none."""
    version = parsed.get("format") if isinstance(parsed, dict) else None
    return version if type(version) is int else None


def read_json(content: bytes, number: Callable[[str], Any] = exact_number) -> Any:
    """Read JSON with exact numbers: integers as int, others as Decimal, or as ``number`` makes them of their digits.

    Raises:
        ValueError: not UTF-8 JSON, a duplicate key in an object, NaN or Infinity, a number of more than 4,300 digits
            or with an exponent out of bounds, or nested too deep.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    def refuse(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        return json.loads(
            content.decode(),
            parse_float=number,
            parse_constant=refuse,
            object_pairs_hook=unique,
        )
    except RecursionError:
        raise ValueError("nested too deep") from None


def canonical_json(value: object) -> bytes:
    """Write JSON that has the same bytes for the same value on every machine.

    UTF-8, keys sorted by code point, an indent of two spaces, one line end at the end; a Decimal keeps its digits.

    Raises:
        TypeError: a float (it does not hold the exact digits), or a type that JSON does not have.
        ValueError: NaN or Infinity, a lone surrogate, or nested deeper than 32.
    """
    return (_write(value, 0) + "\n").encode()


def published_schema(model: type[BaseModel], title: str) -> bytes:
    """Return the published JSON Schema (2020-12) of a model: the same bytes for the same model."""
    schema = model.model_json_schema()
    return canonical_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title})


def _write(value: object, depth: int) -> str:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    match value:
        case None | bool() | int() | str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} is not JSON")
            return str(value)
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("JSON keys are texts")
            parts = [f"{json.dumps(key, ensure_ascii=False)}: {_write(value[key], depth + 1)}" for key in sorted(value)]
            return _wrap("{", parts, "}", depth)
        case list() | tuple():
            return _wrap("[", [_write(item, depth + 1) for item in value], "]", depth)
    raise TypeError(f"no exact JSON for {type(value).__name__}")


def _wrap(opening: str, parts: list[str], closing: str, depth: int) -> str:
    if not parts:
        return opening + closing
    indent = "\n" + "  " * (depth + 1)
    return f"{opening}{indent}{f',{indent}'.join(parts)}\n{'  ' * depth}{closing}"

"""What an edition pack says of itself, ``edition.json``, and what must hold for the data files with it.

The data files are those of ``resources/questionnaires/<edition>/`` (docs/questionnaire.md), each named with its digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import Field, StringConstraints, WithJsonSchema

from dgdesk import __version__
from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, published_schema, read_json
from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.errors import CheckFailed, DgdeskError, FileError
from dgdesk.survey.definition.load import digest, freeze
from dgdesk.survey.definition.models import Definition
from dgdesk.survey.rules.edition_check import check_edition
from dgdesk.system.bounds import UNFIT

FORMAT: Final = 1
KIND: Final = "dgdesk-edition"
EDITION_FILE: Final = "edition.json"
SCHEMA_FILE: Final = "docs/edition.schema.json"
DATA_FILE: Final = r"(?:[a-z][a-z0-9_]{0,39}\.yaml|agency\.json)"
"""The questionnaire's files, and the address of the office that takes its bundles (`dgdesk.outbox.agency`)."""
LARGEST_FILE: Final = 2 << 20
MOST_FILES: Final = 200
_NAMED: Final = 20
"""Most flaws that are named one by one."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
ProgramVersion = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$")]


class NameItem(Strict):
    """What people call the edition."""

    th: Line
    en: Annotated[str, StringConstraints(max_length=300)] = ""


class WhoseItem(Strict):
    """The question that says who answers, the scheme of its codes, and the file with their list."""

    field: Line
    scheme: Line
    list: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class FileItem(Strict):
    """One data file."""

    path: Annotated[str, StringConstraints(pattern=f"^{DATA_FILE}$")]
    sha256: Sha256
    size: int = Field(ge=0, le=LARGEST_FILE, description="In bytes.")


class EditionFile(Strict):
    """One version of one edition: what it is, which program can show it, and its data files."""

    kind: Annotated[str, StringConstraints(pattern=f"^{KIND}$"), WithJsonSchema({"const": KIND, "type": "string"})]
    format: Annotated[int, Field(ge=FORMAT, le=FORMAT), WithJsonSchema({"const": FORMAT, "type": "integer"})]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$", max_length=60)]
    version: int = Field(ge=1, le=1_000_000, description="Never goes back.")
    program: ProgramVersion = Field(description="The earliest version of dgdesk that can show it.")
    title: Line
    name: NameItem
    year: Annotated[str, StringConstraints(pattern=r"^2[0-9]{3}$")] = Field(description="The Buddhist year.")
    opens: Day | None = Field(default=None, description="The first day for submitting.")
    closes: Day | None = Field(default=None, description="The last day for submitting.")
    respondent: WhoseItem
    definition_sha256: Sha256 = Field(description="SHA-256 of the form as drafts and bundles hold it.")
    files: Annotated[tuple[FileItem, ...], Field(strict=False, min_length=1, max_length=MOST_FILES, fail_fast=True)]

    def to_bytes(self) -> bytes:
        """Return the file's content; the same for the same edition."""
        return canonical_json(self.model_dump(exclude_defaults=True))


def edition_schema() -> bytes:
    """Return the JSON Schema (2020-12) of edition.json, as published in ``docs/edition.schema.json``."""
    return published_schema(EditionFile, "dgdesk edition")


def read_edition_file(content: bytes) -> EditionFile:
    """Read an untrusted edition.json.

    Raises:
        CheckFailed: ``edition.newer_format``, ``edition.invalid``.
    """
    try:
        parsed = read_json(content)
        version = parsed.get("format") if isinstance(parsed, dict) else None
        if type(version) is int and version > FORMAT:
            raise CheckFailed("edition.newer_format")
        return EditionFile.model_validate(parsed)
    except UNFIT:  # pydantic's errors are ValueErrors
        raise CheckFailed("edition.invalid", name=EDITION_FILE) from None


def describe(folder: Path, version: int | None = None, program: str = __version__) -> tuple[EditionFile, Definition]:
    """Return the edition.json of a folder of data files, and its form; ``version`` unless ``edition.yaml`` says one.

    Raises:
        FileError: a file cannot be read, as `load_definition`.
        CheckFailed: ``edition.flaws``, whose ``details`` name them; ``edition.head``: ``edition.yaml`` lacks a name,
            year or respondent.
    """
    definition, flaws = check_edition(folder)
    if flaws:
        error = CheckFailed("edition.flaws", count=len(flaws))
        error.details = tuple((one.code, {"item": one.item, "detail": one.detail}) for one in flaws[:_NAMED])
        raise error
    with (folder / "edition.yaml").open(encoding="utf-8") as stream:
        head = yaml.load(stream, Loader=yaml.CBaseLoader)
    name, whose = head.get("name"), head.get("respondent")
    files = sorted(path for path in (*folder.glob("*.yaml"), folder / "agency.json") if path.is_file())
    said = head.get("version")
    try:
        edition = EditionFile.model_validate(
            {
                "kind": KIND,
                "format": FORMAT,
                "id": definition.edition,
                "version": version if version is not None else int(said or 1),
                "program": program,
                "title": definition.title,
                "name": {key: name[key] for key in ("th", "en") if key in name},
                "year": str(head["year"]),
                "opens": head.get("opens"),
                "closes": head.get("closes"),
                "respondent": {key: str(whose[key]) for key in ("field", "scheme", "list")},
                "definition_sha256": digest(freeze(definition)),
                "files": [_item(path) for path in files],
            }
        )
    except (KeyError, TypeError, *UNFIT):
        raise CheckFailed("edition.head") from None
    return edition, definition


def check_files(edition: EditionFile, contents: Mapping[str, bytes]) -> Iterator[BundleProblem]:
    """Yield where data files differ from what edition.json says of them; ``contents`` by name."""
    said = {one.path: one for one in edition.files}
    if len(said) != len(edition.files):
        yield BundleProblem("edition.invalid", {"name": EDITION_FILE})
    for name in sorted(said.keys() | contents.keys()):
        if name not in contents:
            yield BundleProblem("verify.entry_missing", {"name": printable(name)})
        elif name not in said:
            yield BundleProblem("verify.not_listed", {"name": printable(name)})
        elif (hashlib.sha256(contents[name]).hexdigest(), len(contents[name])) != (said[name].sha256, said[name].size):
            yield BundleProblem("verify.file_changed", {"name": printable(name)})


def needs_newer(edition: EditionFile, program: str = __version__) -> bool:
    """Return whether an edition needs a later version of the program."""
    return _numbers(edition.program) > _numbers(program)


def check_described(edition: EditionFile, folder: Path) -> tuple[Definition | None, tuple[BundleProblem, ...]]:
    """Return the form in ``folder``, and where its files are not what edition.json says they are or do not hold."""
    try:
        described, definition = describe(folder, edition.version, edition.program)
    except DgdeskError as error:
        details = (BundleProblem(code, values) for code, values in error.details)
        return None, (BundleProblem(error.code, error.values), *details)
    return definition, () if described == edition else (BundleProblem("edition.differs"),)


def _item(path: Path) -> dict[str, object]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError("definition.unreadable", file=path.name, reason="not to be opened") from error
    return {"path": path.name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())

"""``questionnaire lint`` and ``questionnaire dump``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import edition_folder, newest_edition
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.load import load_definition
from dgdesk.survey.definition.texts import dump as dump_form
from dgdesk.survey.rules.edition_check import check_edition
from dgdesk.survey.rules.rubric import load_rubric


def lint(arguments: Namespace, context: Context) -> int:
    """Check the data files and the rubric; 1 if something is wrong with them."""
    folder = folder_of(arguments)
    definition, flaws = check_edition(folder)
    messages = [context.catalogue.text(flaw.code, item=flaw.item, detail=flaw.detail) for flaw in flaws]
    if arguments.json:
        context.json(
            {
                "edition": definition.edition,
                "ok": not flaws,
                "flaws": [
                    {"code": flaw.code, "item": flaw.item, "detail": flaw.detail, "message": message}
                    for flaw, message in zip(flaws, messages, strict=True)
                ],
            }
        )
    elif flaws:
        for message in messages:
            context.line(message)
    else:
        context.say("cli.lint_ok", edition=definition.edition)
    return 1 if flaws else 0


def dump(arguments: Namespace, context: Context) -> int:
    """Print the questionnaire as JSON of the published format, or one line per field."""
    folder = folder_of(arguments)
    document = dump_form(build_form(load_definition(folder)))
    if arguments.json:
        rubric = load_rubric(folder / "rubric.yaml") if (folder / "rubric.yaml").exists() else None
        unscored = [one.model_dump() for one in rubric.unscored] if rubric is not None else []
        context.json({**document, "unscored": unscored})
        return 0
    codes = {field["id"]: field["code"] for field in document["fields"]}
    for field in document["fields"]:
        code = field["code"] if field["code"] != codes.get(field["parent"]) else None  # a table has its question's
        context.line("\t".join((field["id"], field["kind"], code or "-", field["label"])))
    return 0


def folder_of(arguments: Namespace) -> Path:
    """Return the folder of data files that a command is given: its own, or that of an edition."""
    return arguments.folder or edition_folder(arguments.edition or newest_edition())


def folder_named(named: str) -> Path:
    """Return the folder of an edition that is named by the path of its data files, or by its id."""
    folder = Path(named)
    return folder if (folder / "edition.yaml").is_file() else edition_folder(named)

"""A form many times as long: the shipped one with its sections repeated, each copy answered in full."""

from __future__ import annotations

import json
from typing import Any

from dgdesk.draft.drafts import edition_folder
from dgdesk.survey.answers.reading import read_json
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.load import freeze, load_definition
from dgdesk.survey.definition.models import Definition
from ui.filling import full_value

EDITION = "th-province-2568"
PROVINCE = "general.province"


def longer(factor: int) -> Definition:
    """The shipped definition, its sections so many times, the copies under other ids."""
    real = load_definition(edition_folder(EDITION))
    tree = json.loads(freeze(real))
    sections = list(tree["sections"])
    for copy in range(2, factor + 1):
        tree["sections"] += [_renamed(section, f"x{copy}.") for section in sections]
    return Definition.model_validate(tree)


def _renamed(tree: Any, prefix: str, owner: str = "") -> Any:
    """Copy a section with every id of sections, pages, fields, and every reference to one, under a prefix."""
    if isinstance(tree, list):
        return [_renamed(part, prefix, owner) for part in tree]
    if not isinstance(tree, dict):
        return tree
    made = {key: _renamed(part, prefix, key) for key, part in tree.items()}
    if owner in ("sections", "pages", "items", "fields", "") and "id" in made:
        made["id"] = prefix + made["id"]
    if owner == "evidence" and made.get("url"):
        made["url"] = prefix + made["url"]
    if made.get("extension"):
        made["extension"] = prefix + made["extension"]
    if owner == "skip" and made.get("to"):
        made["to"] = prefix + made["to"]
    if "chosen" in made:
        made["chosen"] = [prefix + made["chosen"][0], made["chosen"][1]]
    return made


def full_facts(form: Form) -> dict[str, Any]:
    """A value for every place that takes one."""
    found = {}
    for node in form.nodes:
        value = "TH-50" if node.address == PROVINCE else full_value(node)
        if value is not None and (read := read_json(node, value)) is not None:
            found[node.address] = read
    return found

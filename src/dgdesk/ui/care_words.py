"""Window, care words: how results of work on all evidence are said, row by row. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dgdesk.evidence.limits import in_units
from dgdesk.folders.import_folder import ImportedFolder
from dgdesk.folders.labels import SlotLabel, labels_of
from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.definition.form import Form
from dgdesk.ui.folder_place import place_words
from dgdesk.ui.widgets.label import Texts


def result_rows(texts: Texts, labels: Mapping[str, SlotLabel], result: ImportedFolder) -> list[Sequence[str]]:
    """Say of each file that could not be attached where it should have gone, and why it did not."""
    return [
        (
            str(item.found.path),
            texts.say("ui.folder.at", place=place_words(texts, labels[item.slot or ""])),
            texts.error(error),
        )
        for item, error in result.failed
    ]


def damage_rows(texts: Texts, form: Form, evidence: Evidence, damaged: Sequence[str]) -> list[Sequence[str]]:
    """Say of each damaged file what it is called, how large it is, and where it is used."""
    labels = labels_of(form)
    rows: list[Sequence[str]] = []
    for sha256 in damaged:
        used = [(slot, one) for slot, files in evidence.items() for one in files if one.sha256 == sha256]
        if not used:
            rows.append((texts.say("ui.care.unused_file", digest=sha256[:12]), texts.say("ui.care.used_nowhere")))
            continue
        names = ", ".join(dict.fromkeys(one.name for _, one in used))
        lines = [texts.say("ui.folder.file", path=names, size=in_units(used[0][1].size))]
        lines += [
            texts.say("ui.folder.at", place=place_words(texts, labels[slot])) for slot, _ in used if slot in labels
        ]
        rows.append(lines)
    return rows


def new_files(result: ImportedFolder, before: Evidence, after: Evidence) -> frozenset[tuple[str, str]]:
    """Return place and SHA-256 of every file that carrying in has attached."""
    slots = {item.slot for item in result.attached if item.slot is not None}
    there = {(slot, one.sha256) for slot in slots for one in before.get(slot, ())}
    return frozenset((slot, one.sha256) for slot in slots for one in after.get(slot, ())) - there

"""The full index of an exported tree: a JSON file beside the list for Excel, from which an import takes everything.

It has each attachment as the draft stores it, its place, its position there, and the number of the item that a person
saw. `docs/evidence-folder.md` describes it. It comes from outside: it is bounded, and an entry that this program would
not have written is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeGuard

from dgdesk.bundle.archive.names import is_safe_path
from dgdesk.survey.answers.attachments import Attachment, attachment_from_json
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form, Node
from dgdesk.survey.rules.numbering import item_words, number_now
from dgdesk.system.bounds import LARGEST_COUNT, is_count

FULL_INDEX: Final = "สารบัญหลักฐาน.json"
FORMAT: Final = "dgdesk-evidence-folder"
VERSION: Final = 1
LARGEST_FULL_INDEX: Final = 256 << 20
MOST_ENTRIES: Final = 50_000
_LONGEST_ID: Final = 300
_LONGEST_WORD: Final = 100

IndexState = Literal["absent", "read", "broken", "newer"]
"""``newer``: a later version of the program wrote it."""


@dataclass(frozen=True, slots=True)
class ItemOfSlot:
    """The item of a repeat that a slot belongs to: its key, and the number that was shown (None: it was removed).

    ``name`` is what it was called in its answers: a key is given again after its item was removed.
    """

    repeat: str
    key: str
    number: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One file at one slot. ``order`` is its position there from 0; ``path`` is empty if it could not be written."""

    path: str
    slot: str
    order: int
    attachment: Attachment
    item: ItemOfSlot | None = None


@dataclass(frozen=True, slots=True)
class FullIndex:
    """What a folder says of itself: from which edition and respondent, its entries, and how many of them are unread."""

    state: IndexState = "absent"
    edition: str = ""
    respondent: str = ""
    entries: tuple[IndexEntry, ...] = ()
    unread: int = 0


def item_of_slot(form: Form, answers: Answers, slot: str) -> ItemOfSlot | None:
    """Return the item that a slot belongs to; None outside of repeats."""
    node = form.nodes[form.slots[slot].node]
    if node.item is None:
        return None
    item = node if node.kind == "item" else form.nodes[node.inside]
    name, number = name_of_item(form, answers, node), number_now(form, answers, node)
    return ItemOfSlot(form.nodes[item.parent].address, node.item, number, name)


def name_of_item(form: Form, answers: Answers, node: Node) -> str:
    """Return the name of the item that contains a node, as long as the index keeps it."""
    return item_words(form, answers, node)[:_LONGEST_WORD]


def write_full_index(edition: str, respondent: str, entries: Iterable[IndexEntry]) -> bytes:
    """Return the index as UTF-8."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "edition": edition,
        "province": respondent,
        "files": [_entry_as_json(one) for one in entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def read_full_index(content: bytes) -> FullIndex:
    """Read an index. Two entries of one path are both left out: nothing says which of them is right."""
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return FullIndex("broken")
    if not isinstance(read, dict) or read.get("format") != FORMAT or not is_count(read.get("version")):
        return FullIndex("broken")
    if read["version"] > VERSION:
        return FullIndex("newer")
    edition, respondent, files = read.get("edition"), read.get("province"), read.get("files")
    if not (_is_word(edition) and _is_word(respondent) and isinstance(files, list) and len(files) <= MOST_ENTRIES):
        return FullIndex("broken")
    entries = [one for one in map(_entry_from_json, files) if one is not None]
    paths = Counter(one.path for one in entries if one.path)
    places = Counter((one.slot, one.attachment.sha256) for one in entries)
    sound = tuple(one for one in entries if paths[one.path] <= 1 and places[one.slot, one.attachment.sha256] == 1)
    return FullIndex("read", edition, respondent, sound, len(files) - len(sound))


def _entry_as_json(one: IndexEntry) -> dict[str, Any]:
    written: dict[str, Any] = {
        "path": one.path,
        "slot": one.slot,
        "order": one.order,
        "attachment": one.attachment.as_json(),
    }
    if one.item is not None:
        written["item"] = {"repeat": one.item.repeat, "key": one.item.key, "number": one.item.number}
        written["item"] |= {"name": one.item.name} if one.item.name else {}
    return written


def _entry_from_json(stored: Any) -> IndexEntry | None:
    if not isinstance(stored, dict):
        return None
    path, slot, order, item = (stored.get(key) for key in ("path", "slot", "order", "item"))
    if not (isinstance(path, str) and (not path or is_safe_path(path))):
        return None
    if not (_is_word(slot, _LONGEST_ID) and slot and is_count(order)):
        return None
    attachment = attachment_from_json(stored.get("attachment"))
    # Also one mark that is not sound: what was changed by hand is not taken by halves.
    if attachment is None or attachment.as_json() != stored["attachment"]:
        return None
    if item is None:
        return IndexEntry(path, slot, order, attachment)
    if not isinstance(item, dict):
        return None
    repeat, key, number, name = (*(item.get(part) for part in ("repeat", "key", "number")), item.get("name", ""))
    if not (_is_word(repeat, _LONGEST_ID) and _is_word(key) and (number is None or is_count(number, LARGEST_COUNT))):
        return None
    if not _is_word(name):
        return None
    return IndexEntry(path, slot, order, attachment, ItemOfSlot(repeat, key, number, name))


def _is_word(value: object, longest: int = _LONGEST_WORD) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= longest

"""What a PDF holds beside its pages: files, programs, scripts, hidden layers, forms of another program, signatures.

Sources: PDF 32000-1:2008, 7.11.4 (embedded files), 8.11.4 (layers), 12.3.5 (collections), 12.5 (annotations), 12.6
(actions), 12.7.8 (XFA), 12.8 (signatures); ISO 32000-2, 7.6.7 (unencrypted wrapper documents).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import ending_of, is_program_inside
from dgdesk.evidence.inspection.pdf_streams import entry_of, inherited
from dgdesk.evidence.inspection.streams import first_bytes

_MOST_NODES: Final = 5_000
"""Of each kind: names in trees, annotations, fields, actions."""
_MOST_DEEP: Final = 30
_LARGEST_HEAD: Final = 1 << 20
_DATA: Final = frozenset({"/Data", "/Source", "/Alternative", "/Schema", "/Supplement"})
_DATA_ENDINGS: Final = frozenset({"xml", "xsd", "json", "csv"})
_WRAPPED: Final = "/EncryptedPayload"
# As the makers word them, without spaces and capitals: Adobe's forms and portfolios, Microsoft's protected files.
_OTHER_PROGRAM: Final = (
    "ifthismessageisnoteventuallyreplaced",
    "viewermaynotbeabletodisplaythistypeofdocument",
    "youneedalaterversionofthepdfviewer",
    "openthispdfportfolioin",
    "you'llneedadifferentreader",
    "you\u2019llneedadifferentreader",
    "thispdffileisprotected",
    "toopenthisdocument,upgradeto",
    "openthisdocumentinadobereader",
    "openthisdocumentinadobeacrobat",
)
_MOST_LETTERS: Final = 4_000
"""A page with more text says more than that."""


@dataclass
class PdfContents:
    """What was found: codes of issues, and whether there is a signature."""

    asks: set[str] = field(default_factory=set)
    signed: bool = False


def contents_of(document: Any, pages: list[Any], first_text: str) -> PdfContents:
    """Return what the document holds; ``first_text`` is the text of the first page if it has few pages."""
    root = document.Root
    found = PdfContents()
    names, form = _dictionary(root, "/Names"), _dictionary(root, "/AcroForm")
    annotations = list(_annotations(pages))
    _look_at_files(found, root, names, pages, annotations)
    _look_at_actions(found, root, names, pages, annotations)
    fields = list(_fields(form))
    if _is_of_another_program(root, form, bool(fields), first_text):
        found.asks -= {"incoming.files_inside"}
        if "incoming.portfolio" not in found.asks:
            found.asks.add("incoming.shows_other")
    if form is not None and form.get("/NeedAppearances") is not True and any(map(_is_unseen, fields)):
        found.asks.add("incoming.shows_other")
    if _hides_layers(root, pages):
        found.asks.add("incoming.hidden_layers")
    found.signed = any(is_signature(one) for one in fields)
    return found


def is_signature(one: Any) -> bool:
    """Tell whether a form field holds a digital signature."""
    return _kind_of_field(one) == "/Sig" and _is_dictionary(one.get("/V"))


def form_fields(document: Any) -> Iterator[Any]:
    """Yield the fields of a document's form, down to those without others below."""
    yield from _fields(_dictionary(document.Root, "/AcroForm"))


def _kind_of_field(one: Any) -> Any:
    """Return the kind of a field, which may stand at a field above it."""
    for _ in range(_MOST_DEEP):
        kind = one.get("/FT")
        one = one.get("/Parent")
        if kind is not None or not _is_dictionary(one):
            return kind
    return None


def _is_unseen(one: Any) -> bool:
    """Tell whether a field was filled in, but nobody drew what was: only some programs do that when they open it."""
    import pikepdf

    value = one.get("/V")
    if not isinstance(value, pikepdf.String) or not str(value).strip():
        return False
    boxes = [
        box for box in (one, *_items(one.get("/Kids"))) if _is_dictionary(box) and box.get("/Subtype") == "/Widget"
    ]
    return bool(boxes) and all(box.get("/AP") is None for box in boxes)


# -- files ----------------------------------------------------------------------------------------------------------


def _look_at_files(found: PdfContents, root: Any, names: Any, pages: list[Any], annotations: list[Any]) -> None:
    held = [value for _, value in _name_tree(_dictionary(names, "/EmbeddedFiles"))]
    held += [one.get("/FS") for one in annotations if one.get("/Subtype") == "/FileAttachment"]
    held += [
        one for holder in (root, *pages) if (files := entry_of(holder, "/AF")) is not None for one in _items(files)
    ]
    held = [one for one in held if _is_dictionary(one)]
    if _is_dictionary(root.get("/Collection")) and held:
        found.asks.add("incoming.portfolio")
    for one in held:
        name = str(one.get("/UF") or one.get("/F") or "")
        if is_program_inside(name) or _head_kind(one) in (media.PROGRAM, media.SCRIPT):
            found.asks.add("incoming.program_inside")
        elif one.get("/AFRelationship") == _WRAPPED or _is_dictionary(one.get("/EP")):
            found.asks.discard("incoming.portfolio")
            found.asks.add("incoming.shows_other")
        elif not (one.get("/AFRelationship") in _DATA and ending_of(name) in _DATA_ENDINGS):
            found.asks.add("incoming.files_inside")
    if found.asks & {"incoming.portfolio", "incoming.shows_other"}:
        found.asks.discard("incoming.files_inside")


def _head_kind(specification: Any) -> str:
    """Return the kind of an embedded file by its first bytes; octets if they are not read."""
    import pikepdf

    files = specification.get("/EF")
    stream = next((files.get(key) for key in ("/UF", "/F") if files.get(key)), None) if _is_dictionary(files) else None
    if not isinstance(stream, pikepdf.Stream):
        return media.OCTETS
    length = stream.get("/Length")
    if isinstance(length, int) and length > _LARGEST_HEAD:
        return media.OCTETS
    data: bytes = stream.read_raw_bytes()
    kind = stream.get("/Filter")
    if isinstance(kind, pikepdf.Array) and len(kind) == 1:
        kind = kind[0]
    head = data[: media.HEAD] if kind is None else first_bytes(data, media.HEAD) if kind == "/FlateDecode" else b""
    return media.media_type(head) if head else media.OCTETS


# -- actions --------------------------------------------------------------------------------------------------------


def _look_at_actions(found: PdfContents, root: Any, names: Any, pages: list[Any], annotations: list[Any]) -> None:
    at_opening = [root.get("/OpenAction"), *_values(root.get("/AA"))]
    at_opening += [value for page in pages if entry_of(page, "/AA") is not None for value in _values(page.get("/AA"))]
    at_opening += [value for _, value in _name_tree(_dictionary(names, "/JavaScript"))]
    asked_for = [one.get("/A") for one in (*annotations, *_bookmarks(root))]
    asked_for += [value for one in annotations if one.get("/AA") is not None for value in _values(one.get("/AA"))]
    for action in _chains(at_opening):
        if action.get("/S") == "/JavaScript":
            found.asks.add("incoming.scripts_inside")
        if action.get("/S") == "/Launch":
            found.asks.add("incoming.launches")
    if any(action.get("/S") == "/Launch" for action in _chains(asked_for)):
        found.asks.add("incoming.launches")


def _chains(actions: list[Any]) -> Iterator[Any]:
    """Yield the actions, and those that follow each."""
    waiting, count = [one for one in actions if _is_dictionary(one)], 0
    while waiting and count < _MOST_NODES:
        count += 1
        action = waiting.pop()
        yield action
        following = action.get("/Next")
        waiting += [one for one in (following, *_items(following)) if _is_dictionary(one)]


# -- what is not shown ----------------------------------------------------------------------------------------------


def _is_of_another_program(root: Any, form: Any, has_fields: bool, first_text: str) -> bool:
    if form is not None and form.get("/XFA") is not None and (root.get("/NeedsRendering") is True or not has_fields):
        return True
    words = "".join(first_text[: _MOST_LETTERS + 1].lower().split())
    return len(first_text) <= _MOST_LETTERS and any(one in words for one in _OTHER_PROGRAM)


def _hides_layers(root: Any, pages: list[Any]) -> bool:
    """Tell whether pages use a layer that is hidden when the document is opened."""
    layers = _dictionary(root, "/OCProperties")
    first = _dictionary(layers, "/D")
    if first is None:
        return False
    hidden = {one.objgen for one in _items(first.get("/OFF")) if _is_dictionary(one)}
    if first.get("/BaseState") == "/OFF":
        on = {one.objgen for one in _items(first.get("/ON")) if _is_dictionary(one)}
        hidden |= {one.objgen for one in _items(layers.get("/OCGs")) if _is_dictionary(one)} - on
    return bool(hidden) and any(_used_layers(page) & hidden for page in pages)


def _used_layers(page: Any) -> set[tuple[int, int]]:
    used: set[tuple[int, int]] = set()
    resources = inherited(page, "/Resources")
    if not _is_dictionary(resources):
        return used
    marked = _values(resources.get("/Properties"))
    marked += [one.get("/OC") for one in _values(resources.get("/XObject")) if hasattr(one, "get")]
    for one in marked:
        if _is_dictionary(one):
            used.add(one.objgen)
            groups = one.get("/OCGs")
            used |= {group.objgen for group in (groups, *_items(groups)) if _is_dictionary(group)}
    return used


# -- reading --------------------------------------------------------------------------------------------------------


def _annotations(pages: list[Any]) -> Iterator[Any]:
    count = 0
    for page in pages:
        for one in _items(entry_of(page, "/Annots")):
            count += 1
            if count > _MOST_NODES:
                return
            if _is_dictionary(one):
                yield one


def _bookmarks(root: Any) -> Iterator[Any]:
    waiting = [one for one in (_dictionary(_dictionary(root, "/Outlines"), "/First"),) if one is not None]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < _MOST_NODES:
        one = waiting.pop()
        if not one.is_indirect or one.objgen in seen:
            continue
        seen.add(one.objgen)
        yield one
        waiting += [at for at in (_dictionary(one, "/Next"), _dictionary(one, "/First")) if at is not None]


def _fields(form: Any) -> Iterator[Any]:
    waiting = [(one, 0) for one in _items(form.get("/Fields"))] if form is not None else []
    count = 0
    while waiting and count < _MOST_NODES:
        count += 1
        one, deep = waiting.pop()
        if not _is_dictionary(one):
            continue
        below = [kid for kid in _items(one.get("/Kids")) if _is_dictionary(kid)]
        if one.get("/V") is not None or not below:
            yield one
        if deep < _MOST_DEEP:
            waiting += [(kid, deep + 1) for kid in below]


def _name_tree(tree: Any) -> Iterator[tuple[str, Any]]:
    waiting, count = [] if tree is None else [(tree, 0)], 0
    while waiting and count < _MOST_NODES:
        node, deep = waiting.pop()
        count += 1
        names = _items(node.get("/Names"))
        for at in range(0, len(names) - 1, 2):
            count += 1
            yield str(names[at]), names[at + 1]
        if deep < _MOST_DEEP:
            waiting += [(kid, deep + 1) for kid in _items(node.get("/Kids")) if _is_dictionary(kid)]


def _dictionary(holder: Any, name: str) -> Any:
    found = holder.get(name) if holder is not None else None
    return found if _is_dictionary(found) else None


def _is_dictionary(one: Any) -> bool:
    import pikepdf

    return isinstance(one, pikepdf.Dictionary)


def _items(one: Any) -> list[Any]:
    import pikepdf

    return [one[at] for at in range(min(len(one), _MOST_NODES))] if isinstance(one, pikepdf.Array) else []


def _values(one: Any) -> list[Any]:
    return list(one.as_dict().values()) if _is_dictionary(one) else []

"""The tree of a print's structure, without any PDF."""

from __future__ import annotations

from dgdesk.printing.tags import PARAGRAPH, SKIPPED, Element, Part, TagTree


def heading(tree: TagTree, rank: int, *, skipped: bool = False) -> Element:
    element = tree.heading(object(), Part("H", rank=rank, skipped=skipped))
    element.join()
    return element


def shape(element: Element) -> list:
    return [element.role, *(shape(kid) for kid in element.kids if isinstance(kid, Element))]


def test_headings_open_sections_and_leave_out_no_level() -> None:
    tree = TagTree()
    for rank in (2, 5, 5, 3, 2):
        heading(tree, rank)
    assert shape(tree.root) == [
        "Document",
        ["Sect", ["H1"], ["Sect", ["H2"]], ["Sect", ["H2"]], ["Sect", ["H2"]]],
        ["Sect", ["H1"]],
    ]


def test_no_heading_is_deeper_than_six() -> None:
    tree = TagTree()
    assert [heading(tree, rank).role for rank in range(1, 9)] == ["H1", "H2", "H3", "H4", "H5", "H6", "H6", "H6"]


def test_what_is_skipped_stays_with_its_reason_until_a_question_is_asked() -> None:
    tree = TagTree()
    heading(tree, 2)
    reason = tree.element(object(), PARAGRAPH, tree.skipped_part("reason", SKIPPED))
    reason.join()
    heading(tree, 4, skipped=True)
    heading(tree, 4, skipped=True)
    heading(tree, 4)
    assert shape(tree.root) == [
        "Document",
        ["Sect", ["H1"], ["Sect", ["P"], ["Sect", ["H2"]], ["Sect", ["H2"]]], ["Sect", ["H2"]]],
    ]


def test_what_has_no_ink_is_not_in_the_tree() -> None:
    tree = TagTree()
    outer = tree.element("list", Part("L"), tree.section)
    tree.element("item", Part("LI"), outer)
    assert shape(tree.root) == ["Document"]
    tree.element("item", Part("LI"), outer).join()
    assert shape(tree.root) == ["Document", ["L", ["LI"]]]


def test_the_same_key_is_the_same_element_and_elements_are_numbered_as_they_are_read() -> None:
    tree = TagTree()
    first = tree.element("a", PARAGRAPH, tree.root)
    assert tree.element("a", PARAGRAPH, tree.root) is first
    inner = tree.element("b", PARAGRAPH, first)
    last = tree.element("c", PARAGRAPH, tree.root)
    for one in (inner, last):
        one.join()
    assert [one.number for one in tree.in_order()] == [0, 1, 2, 3]
    assert (first.number, inner.number, last.number) == (1, 2, 3)

"""Each entry of the menus does something, and nothing is done that no entry leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.menu_handlers import ON_DRAFT, menu_handlers
from dgdesk.ui.shell.menus import AT_REST, MENUS, WITH_CHANGES, WITH_DRAFT, MenuEntry, SubMenu


def names(entries: Iterable[MenuEntry | SubMenu | None]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, SubMenu):
            yield from names(entry.entries)
        elif entry is not None:
            yield entry.name


ENTRIES = [name for _, _, entries in MENUS for name in names(entries)]


def test_every_entry_has_a_handler_and_every_handler_an_entry(desk: MainController) -> None:
    assert len(ENTRIES) == len({*ENTRIES})
    assert {*menu_handlers(desk)} == {*desk.actions} == {*ENTRIES}
    assert {*WITH_DRAFT, *WITH_CHANGES, *AT_REST, *ON_DRAFT} <= {*ENTRIES}


@pytest.mark.parametrize("name", ON_DRAFT)
def test_what_works_on_a_draft_does_nothing_without_one(desk: MainController, name: str) -> None:
    page = desk.window.centralWidget()
    menu_handlers(desk)[name]()
    assert desk.workspace is None and desk.window.centralWidget() is page


def test_what_works_on_a_draft_has_a_draft_when_it_can_be_chosen() -> None:
    assert {*ON_DRAFT} <= {*WITH_DRAFT, *WITH_CHANGES}

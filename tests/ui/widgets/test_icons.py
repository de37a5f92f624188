"""Icons: the drawings of resources/ui/icons, in the theme's colours, sharp on every screen, drawn once."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QMenu

from dgdesk.resources import resource
from dgdesk.system.settings import Settings
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.icons import ACTIONS, SIZE, Icons, icon_size, status_pixmap

RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5)
DRAWINGS = sorted(path.stem for path in resource("ui/icons").glob("*.svg"))
MARKS = [name for name in DRAWINGS if name.startswith("status-")]


def seen(image: QImage) -> set[tuple[int, int]]:
    """The places of an image that are painted, whatever the colour."""
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {(x, y) for x, y in places if image.pixelColor(x, y).alpha() > 127}


def black_and_white(image: QImage) -> tuple[bool, ...]:
    """Each place of an image, dark or light on white paper, as a printer without colours has it."""
    found = []
    for y in range(image.height()):
        for x in range(image.width()):
            colour = image.pixelColor(x, y)
            found.append(colour.alphaF() * (1 - colour.lightnessF()) > 0.35)
    return tuple(found)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_small_and_holds_shapes_only(name: str) -> None:
    text = resource(f"ui/icons/{name}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert len(text) < 2000 and "href" not in text
    kinds = {one.tag.removeprefix("{http://www.w3.org/2000/svg}") for one in root.iter()}
    assert kinds <= {"svg", "path", "circle", "rect"}
    if name != "program":
        assert not re.search("#[0-9a-f]{3}", text), "colours are the theme's"


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_drawn_at_every_scaling_within_its_room(qapp: QApplication, name: str) -> None:
    icons = Icons()
    for ratio in RATIOS:
        made = icons.pixmap(name, SIZE, ratio, colours.in_use().text)
        assert made.deviceIndependentSize().toSize() == QSize(SIZE, SIZE)
        assert made.width() == round(SIZE * ratio)
        painted = seen(made.toImage())
        assert len(painted) > 3 * ratio
        if name != "program":
            assert max(made.width() - 1, 0) not in {x for x, _ in painted} or name == "status-warning"
        assert icons.pixmap(name, SIZE, ratio, colours.in_use().text) is made, "drawn once"


def test_the_marks_differ_in_black_and_white(qapp: QApplication) -> None:
    apply_theme(qapp)
    icons = Icons()
    shapes = {name: black_and_white(icons.pixmap(name, SIZE, 2.0, colours.in_use().error).toImage()) for name in MARKS}
    assert len(MARKS) == 8
    for one in MARKS:
        for other in MARKS:
            differing = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
            assert one == other or differing > 20, f"{one} looks like {other}"


def test_an_icon_has_the_colours_of_the_theme_and_is_sharp_on_every_screen(qapp: QApplication) -> None:
    icons = Icons(lambda: RATIOS)
    for theme in ("light", "dark", "contrast"):
        colours.use(qapp, theme)
        icon = icons.icon("undo")
        for ratio in RATIOS:
            for mode, colour in (
                (QIcon.Mode.Normal, colours.in_use().text),
                (QIcon.Mode.Disabled, colours.in_use().skipped),
            ):
                shown = icon.pixmap(QSize(SIZE, SIZE), ratio, mode).toImage()
                assert shown.width() == round(SIZE * ratio), "not scaled from another size"
                drawn = [shown.pixelColor(x, y) for x, y in seen(shown)]
                full = [one for one in drawn if one.alpha() == 255]
                assert full and all(near(one, QColor(colour)) for one in full)
    colours.use(qapp, "light")


def near(one: QColor, other: QColor) -> bool:
    return all(abs(a - b) <= 4 for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


def test_menus_have_their_icons_and_a_mark_needs_none(desk: MainController) -> None:
    for name, drawing in ACTIONS.items():
        assert drawing in DRAWINGS
        if name in desk.actions:
            assert not desk.actions[name].icon().isNull(), name
    assert not QApplication.windowIcon().isNull()


def test_every_drawing_of_a_status_has_its_colour(qapp: QApplication) -> None:
    apply_theme(qapp)
    icons = Icons(lambda: RATIOS)
    for name in MARKS:
        drawn = status_pixmap(icons, name.removeprefix("status-"), 2.0).toImage()
        assert drawn.width() == round(2.0 * icon_size()) and len(seen(drawn)) > 3
    with pytest.raises(KeyError):
        status_pixmap(icons, "unheard", 1.0)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_icon_of_a_menu_is_seen_on_the_chosen_entry_too(qapp: QApplication, theme: str) -> None:
    apply_theme(qapp, Settings(theme=theme))  # type: ignore[arg-type]  # one of the themes
    icons = Icons(lambda: (1.0,))
    action = QAction(icons.menu_icon("open"), "เปิดแบบสำรวจ…")
    menu = QMenu()
    menu.addAction(action)
    menu.adjustSize()
    for chosen in (None, action):
        menu.setActiveAction(chosen)  # type: ignore[arg-type]  # the stubs lack that None is allowed
        at = menu.actionGeometry(action)
        shown = menu.grab().toImage().copy(at.x(), at.y(), icon_size() + 12, at.height())
        under = shown.pixelColor(shown.width() - 1, shown.height() // 2).name()
        assert chosen is None or near(QColor(under), menu.palette().color(QPalette.ColorRole.Highlight))
        names = {shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(3, shown.height() - 3)}
        assert max(colours.contrast(one, under) for one in names) > 4.5, chosen
    apply_theme(qapp)

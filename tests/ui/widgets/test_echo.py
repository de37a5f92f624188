"""The echo says what was done, and is in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.ui.widgets.echo import SECONDS, Echo, Offer, echo_place
from dgdesk.ui.widgets.services import Services
from ui.hands import click, settle


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(900, 500)
    layout = QVBoxLayout(made)
    layout.addStretch(1)
    layout.addWidget(QLineEdit(made))
    made.show()
    yield made
    made.deleteLater()


@pytest.fixture
def echo(host: QWidget, services: Services) -> Echo:
    return Echo(services.texts, host)


def shown(echo: Echo) -> str:
    settle(QApplication.instance())
    return echo.words.plain_text() if echo.isVisible() else ""


def test_it_is_shown_for_four_seconds_and_never_takes_the_focus(echo: Echo, host: QWidget, qtbot: QtBot) -> None:
    box = host.findChild(QLineEdit)
    assert box is not None
    box.setFocus()
    echo.say("เลิกทำ: ตอบ G1")
    assert shown(echo) == "เลิกทำ: ตอบ G1" and not echo.button.isVisible()
    assert host.focusWidget() is box
    assert SECONDS == 4.0
    qtbot.waitUntil(lambda: not echo.isVisible(), timeout=6000)


def test_a_newer_one_takes_its_place_at_once(echo: Echo) -> None:
    echo.say("เลิกทำ: ตอบ G1")
    echo.say("เลิกทำ: ตอบ G2")
    assert shown(echo) == "เลิกทำ: ตอบ G2"
    echo.dismiss()
    assert shown(echo) == ""


def test_one_with_a_button_stays_and_only_the_newest_waits(echo: Echo) -> None:
    opened: list[str] = []
    echo.say("บันทึกแล้ว", Offer("เปิดไฟล์", "O", lambda: opened.append("file")))
    echo.say("เลิกทำ: ตอบ G1")
    echo.say("เลิกทำ: ตอบ G2")
    assert shown(echo) == "บันทึกแล้ว" and echo.button.accessibleName() == "เปิดไฟล์"
    click(echo.button)
    assert opened == ["file"] and shown(echo) == "เลิกทำ: ตอบ G2"
    echo.dismiss()
    echo.dismiss()
    assert shown(echo) == ""


def test_a_button_pressed_twice_acts_once(echo: Echo) -> None:
    opened: list[str] = []
    echo.say("บันทึกแล้ว", Offer("เปิดไฟล์", "O", lambda: opened.append("file")))
    echo.button.click()
    echo.button.click()
    assert opened == ["file"]


@pytest.mark.parametrize("width", [300, 900])
def test_it_stays_inside_its_host_and_whole(echo: Echo, host: QWidget, width: int) -> None:
    host.resize(width, 500)
    echo.say("เลิกทำ: " + "แนบไฟล์หลักฐานของคำตอบ " * 8, Offer("เปิดไฟล์", "O", lambda: None))
    assert shown(echo) and host.rect().contains(echo.geometry())
    assert echo.words.height() >= echo.words.heightForWidth(echo.words.width())
    host.resize(width, 400)
    assert shown(echo) and host.rect().contains(echo.geometry())


def test_it_goes_to_the_top_while_somebody_types_at_the_bottom() -> None:
    host, size = QSize(800, 600), QSize(300, 40)
    assert echo_place(host, size, QRect()) == QPoint(250, 544)
    assert echo_place(host, size, QRect(200, 550, 300, 30)).y() == 16
    assert echo_place(host, size, QRect(200, 100, 300, 30)).y() == 544

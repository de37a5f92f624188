"""The start page tells when the certificate one signs with ends soon; it says nothing where all is well."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.signing.identity_store import Kept
from dgdesk.ui.identities.wording import ending_words
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.widgets.services import Services
from ui.hands import settle
from ui.identity_dialogs import store_of
from ui.modals import until
from ui.whole import broken_texts


def make(services: Services, days: int, name: str = "default", province: str = "น่าน") -> tuple[Kept, ...]:
    store = store_of(services)
    create_identity(
        store.folder(name), person="สมศรี", province=province, passphrase=None, now=services.clock(), valid_days=days
    )
    return store.kept()


@pytest.mark.parametrize(("days", "told"), [(59, True), (61, False)])
def test_sixty_days_before_the_end_it_is_told(services: Services, days: int, told: bool) -> None:
    words = ending_words(services.texts, make(services, days), services.clock())
    assert ("สมศรี (น่าน)" in words and "จะหมดอายุวันที่" in words) is told


def test_what_is_over_is_told_unless_there_is_another(services: Services) -> None:
    later = services.clock() + timedelta(days=100)
    assert "หมดอายุเมื่อวันที่" in ending_words(services.texts, make(services, 99), later)
    assert ending_words(services.texts, make(services, 999, "identity-2"), later) == ""
    assert ending_words(services.texts, (), later) == ""


def test_the_start_page_says_so(desk: MainController) -> None:
    make(desk.services, 30)
    desk.show_start()
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage) and not page.notice.isVisible()
    settle(QApplication.instance())
    before = page.who.mapTo(desk.window, QPoint())
    until(page.notice.isVisible)
    assert page.who.mapTo(desk.window, QPoint()) == before, "what is under the mouse stays there"
    assert "สมศรี (น่าน): ใบรับรองจะหมดอายุวันที่ 20 ธ.ค. 2569" in page.notice.plain_text()
    assert page.notice.focusPolicy() is not Qt.FocusPolicy.NoFocus and list(broken_texts(desk.window)) == []


def test_without_an_identity_nothing_is_looked_for(desk: MainController) -> None:
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage) and not desk.services.profile.identity.exists()
    assert not any(timer.isActive() for timer in page.ending.findChildren(QTimer)) and not page.ending.running

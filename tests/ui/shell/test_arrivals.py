"""Whatever is double-clicked, or dropped on the icon, is answered by a window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from dgdesk.draft.drafts import new_draft
from dgdesk.support.presence import Presence
from dgdesk.system.profile import Profile
from dgdesk.ui.shell.arrivals import arrived
from dgdesk.ui.shell.bundle_dialog import CheckDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.settings_dialog import NameDialog
from dgdesk.ui.widgets.dialogs import MessageDialog
from ui.conftest import TODAY
from ui.modals import Modals, until

SIGNED_RECEIPT = b'{"receipt": "{}", "signature": "AA=="}'
RETURNED = b'{"return": "{}", "signature": "AA=="}'


def read(said: list[str]) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.label.plain_text())
        dialog.accept()

    return act


@pytest.fixture
def named(desk: MainController) -> MainController:
    """The window of a person who has given a name."""
    assert desk.take_name("สมศรี")
    return desk


@pytest.mark.parametrize("name", ["น่าน.dgdesk", "น่าน.DGDESK", "แนบมากับอีเมล.bin", "น่าน.zip"])
def test_a_draft_is_opened_whatever_its_name(
    named: MainController, empty_draft: Path, tmp_path: Path, name: str
) -> None:
    path = Path(shutil.copy(empty_draft, tmp_path / name))
    named.open_files([path])
    assert named.draft is not None and named.draft.path == path


def test_who_has_no_name_yet_is_asked_after_the_draft_is_shown(
    desk: MainController, empty_draft: Path, tmp_path: Path
) -> None:
    desk.open_files([Path(shutil.copy(empty_draft, tmp_path / "น่าน.dgdesk"))])
    assert desk.draft is not None
    assert [type(one) for one in desk.window.findChildren(NameDialog)] == ([] if desk.services.who else [NameDialog])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ใบรับ.receipt.json", SIGNED_RECEIPT, "ทะเบียนการส่งออก"),
        ("ส่งคืน.JSON", RETURNED, "ทะเบียนการส่งออก"),
        ("น่าน.zip.age", b"age-encryption.org/v1\n-> X25519 a\n", "ถอดรหัส"),
        ("agency.json", b'{"agency": "{}", "signature": "AA=="}', "ที่อยู่ของหน่วยงาน"),
        ("กุญแจ.pem", b"-----BEGIN PRIVATE KEY-----\n", "กุญแจลับ"),
        ("หลักฐาน.pdf", b"%PDF-1.7\n", "หลักฐาน"),
        ("ว่าง", b"", "ไม่ใช่ไฟล์ที่โปรแกรมนี้เปิดได้"),
        ("signer.pem", b"-----BEGIN CERTIFICATE-----\n", "ไม่ใช่ไฟล์ที่โปรแกรมนี้เปิดได้"),
    ],
)
def test_what_does_not_open_by_itself_is_explained_in_one_sentence(
    named: MainController, modals: Modals, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    said: list[str] = []
    (tmp_path / name).write_bytes(content)
    modals.then(read(said))
    named.open_files([tmp_path / name])
    assert len(said) == 1 and name in said[0] and words in said[0] and "โปรด" in said[0] + "โปรด" * (words == "ถอดรหัส")
    assert named.draft is None and named.window.isVisible()


def test_what_is_not_there_is_told(named: MainController, modals: Modals, tmp_path: Path) -> None:
    said: list[str] = []
    modals.then(*[read(said)] * 3)
    for name in ("หลักฐาน.pdf", "น่าน.dgdesk", "ก" * 300):
        named.open_files([tmp_path / name])
    assert all("ไม่พบ" in one for one in said[:2]) and "อ่าน" in said[2]
    assert len(said[2]) < 400, "a long name does not fill the screen"


def test_a_folder_is_told(named: MainController, modals: Modals, tmp_path: Path) -> None:
    said: list[str] = []
    modals.then(read(said))
    named.open_files([tmp_path])
    assert "เป็นโฟลเดอร์" in said[0]


@pytest.mark.parametrize("name", ["ชุดข้อมูล.zip", "ชุดข้อมูล.ZIP"])
def test_a_bundle_is_verified_at_once_even_a_broken_one(
    named: MainController, modals: Modals, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 broken")
    shown: list[tuple[str, str]] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, CheckDialog)
        until(lambda: dialog.verdict.plain_text())
        shown.append((dialog.bundle.text(), dialog.verdict.plain_text()))
        dialog.reject()

    modals.then(look)
    named.open_files([tmp_path / name])
    assert shown[0][0] == str(tmp_path / name) and shown[0][1]


def test_of_several_files_the_first_draft_is_opened_and_the_rest_is_named(
    named: MainController, modals: Modals, empty_draft: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    drafts = [Path(shutil.copy(empty_draft, tmp_path / name)) for name in ("น่าน.dgdesk", "แพร่.DGDESK")]
    (tmp_path / "หลักฐาน.pdf").write_bytes(b"%PDF-1.7\n")
    modals.then(read(said))
    named.open_files([tmp_path / "หลักฐาน.pdf", *drafts])
    assert named.draft is not None and named.draft.path == drafts[0]
    assert "3 ไฟล์" in said[0] and "น่าน.dgdesk" in said[0]


def test_a_damaged_draft_counts_as_what_its_name_says(tmp_path: Path) -> None:
    for name, content, kind in (
        ("a.DgDesk", b"", "draft"),
        ("a.dgdesk", b"\0" * 999, "draft"),
        ("a.DGEDITION", b"PK", "edition"),
        ("a.Zip", b"x", "bundle"),
        ("a.txt", b"x", "ui.arrived.other"),
        ("แบบสำรวจ.dgdesk.text", b"x", "ui.arrived.other"),
    ):
        (tmp_path / name).write_bytes(content)
        assert arrived(tmp_path / name) == kind, name


# -- a draft that is open in another window ---------------------------------------------------------------------------

FIRST = """
import sys
from dgdesk.ui.shell import app
from dgdesk.ui.shell.main_window import MainWindow
MainWindow.raise_ = lambda window: print("to the front", flush=True)
show = MainWindow.show_content
def shown(window, content):
    show(window, content)
    if type(content).__name__ == "Workspace":
        print("open", flush=True)
MainWindow.show_content = shown
print("code", app.run(sys.argv[1:], who="สมศรี"), flush=True)
"""


class Desks:
    """Windows of one person, each in a process of its own."""

    def __init__(self, profile: Path) -> None:
        variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DGDESK_HOME": str(profile)}
        self._variables = variables | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self.running: list[subprocess.Popen[str]] = []

    def open(self, draft: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", FIRST, str(draft)]
        self.running.append(
            subprocess.Popen(command, env=self._variables, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        )
        return self.running[-1]


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    made = Desks(tmp_path / "profile")
    yield made
    for one in made.running:
        one.kill()
        one.communicate()


def test_a_second_double_click_brings_the_window_to_the_front_that_has_the_draft(
    desks: Desks, empty_draft: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(empty_draft, tmp_path / "น่าน.dgdesk"))
    first = desks.open(path)
    assert first.stdout is not None and first.stdout.readline() == "open\n"
    second = desks.open(path)
    assert second.communicate(timeout=60)[0] == "code 0\n", "the second window ends without a question"
    assert first.stdout.readline() == "to the front\n" and first.poll() is None
    assert not list((tmp_path / "profile" / "windows").glob("call-*"))


def test_a_window_that_does_not_answer_is_waited_for_a_second_and_then_todays_question_comes(
    named: MainController, modals: Modals, tmp_path: Path
) -> None:
    profile = Profile(tmp_path / "profile")
    holder = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    there, here = Presence(profile.root, TODAY), Presence(profile.root, TODAY)
    there.look()
    mark = next((profile.root / "windows").glob("*.lock"))
    mark.write_text(mark.read_text(encoding="utf-8").replace(str(os.getpid()), str(holder.pid)), encoding="utf-8")
    here.look()
    named.office.begin(here, after=100_000)
    held = new_draft(tmp_path / "น่าน.dgdesk", clock=lambda: TODAY, who="สมศรี", respondent="TH-55")
    lock = tmp_path / "น่าน.dgdesk.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace(str(os.getpid()), str(holder.pid)), encoding="utf-8")
    said: list[str] = []
    modals.then(read(said))
    begun = time.monotonic()
    named.open_files([tmp_path / "น่าน.dgdesk"])
    assert 0.9 < time.monotonic() - begun < 10
    assert "สมศรี" in said[0] and named.draft is None and named.window.isVisible()
    assert not list((profile.root / "windows").glob("call-*")), "the call is taken back"
    held.close()
    there.leave()
    here.leave()
    holder.kill()
    holder.wait()

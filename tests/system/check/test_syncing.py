"""Folders that a service carries to the net, told by their names and by what the service says of itself."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from dgdesk.system.check.places import syncing_service


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        (r"C:\Users\สมศรี\OneDrive - จังหวัดน่าน\งาน", "OneDrive"),
        (r"C:\Users\สมศรี\onedrive\Documents", "OneDrive"),
        (r"D:\Dropbox (Personal)\x", "Dropbox"),
        (r"G:\My Drive\x", "Google Drive"),
        (r"G:\ไดรฟ์ของฉัน\x", "Google Drive"),
        (r"C:\Users\a\iCloudDrive", "iCloud"),
        (r"C:\Users\a\Documents\OneDriveless", ""),
        (r"C:\Users\a\Documents\ส่ง OneDrive", ""),
    ],
)
def test_a_folder_tells_by_its_name(folder: str, service: str) -> None:
    assert syncing_service(PureWindowsPath(folder), {}) == service


def test_onedrive_says_where_its_folder_is_whatever_that_is_called() -> None:
    environment = {"OneDriveCommercial": r"C:\งานจังหวัด"}
    assert syncing_service(PureWindowsPath(r"c:\งานจังหวัด\แบบสำรวจ"), environment) == "OneDrive"
    assert syncing_service(PureWindowsPath(r"c:\งานจังหวัดอื่น"), environment) == ""


def test_google_drive_mounts_a_volume_of_its_own() -> None:
    assert syncing_service(PureWindowsPath("G:\\"), {}, "Google Drive") == "Google Drive"


def test_other_systems_have_such_folders_too() -> None:
    assert syncing_service(PurePosixPath("/home/a/Nextcloud/x"), {}) == "Nextcloud"

"""The portable ZIP: the program with a mark beside it that makes it keep its settings there."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

FOLDER = "dgdesk"
MARK = "portable.txt"
"""`dgdesk.system.profile` looks for it beside the program."""
NOTE = """\ufeffแบบสำรวจรัฐบาลดิจิทัลจังหวัด (dgdesk) แบบพกพา

แตกไฟล์ ZIP ทั้งหมดลงในแฟลชไดรฟ์หรือโฟลเดอร์ที่ต้องการ แล้วเปิด dgdesk.exe ไม่ต้องติดตั้ง
การตั้งค่าและกุญแจลงนามเก็บไว้ในโฟลเดอร์ profile ข้างโปรแกรม ผู้ที่ได้แฟลชไดรฟ์นี้ไปจะได้กุญแจลงนามไปด้วย
จึงควรตั้งรหัสผ่านของกุญแจให้คาดเดาได้ยาก และเก็บรักษาแฟลชไดรฟ์ไว้ในที่ปลอดภัย

เมื่อมีรุ่นใหม่ ให้ลบโฟลเดอร์ _internal แล้วแตกไฟล์ ZIP รุ่นใหม่ทับ โฟลเดอร์ profile จะคงอยู่
หากลบไฟล์ portable.txt นี้ โปรแกรมจะใช้การตั้งค่าของเครื่องแทน
"""
_FIRST_YEAR = 1980


def write(folder: Path, target: Path, epoch: int) -> None:
    """Write the program in ``folder`` as a ZIP: same files and time, same bytes (with the same zlib).

    ``epoch`` counts seconds as `SOURCE_DATE_EPOCH` does.
    """
    moment = time.gmtime(epoch)[:6]
    moment = moment if moment[0] >= _FIRST_YEAR else (_FIRST_YEAR, 1, 1, 0, 0, 0)
    part = target.with_name(target.name + ".part")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    with part.open("wb") as stream:
        with zipfile.ZipFile(stream, "w") as packed:
            for name in sorted([*files, MARK]):
                entry = zipfile.ZipInfo(f"{FOLDER}/{name}", moment)
                entry.compress_type = zipfile.ZIP_DEFLATED
                # As if written on Windows, without the rights of this PC's files.
                entry.create_system, entry.external_attr = 0, 0x20
                content = NOTE.replace("\n", "\r\n").encode() if name == MARK else files[name].read_bytes()
                packed.writestr(entry, content, compresslevel=9)
        stream.flush()
        os.fsync(stream.fileno())
    with zipfile.ZipFile(part) as packed:
        if broken := packed.testzip():
            raise OSError(f"{broken} in {target.name} cannot be read back")
    part.replace(target)

"""Make the real files again that lie beside this script: LibreOffice's and ImageMagick's, not the program's own.

Needs LibreOffice with its Python bridge (Debian: libreoffice-writer-nogui, -calc-nogui, -impress-nogui, python3-uno)
and ImageMagick with HEIC. Run it with the Python that has ``uno``: ``/usr/bin/python3 make_files.py``. Needs no dgdesk.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import NamedValue, PropertyValue

HERE = Path(__file__).parent
PORT = 21988
TEXT = "คำสั่งจังหวัดน่าน ที่ ๑/๒๕๖๘ เรื่อง แต่งตั้งคณะทำงาน"
FACTORY = {"writer": "swriter", "calc": "scalc", "impress": "simpress"}
# name, program, filter, password
FILES = [
    ("plain.docx", "writer", "MS Word 2007 XML", ""),
    ("plain.doc", "writer", "MS Word 97", ""),
    ("plain.odt", "writer", "writer8", ""),
    ("plain.rtf", "writer", "Rich Text Format", ""),
    ("plain.pdf", "writer", "writer_pdf_Export", ""),
    ("plain.xlsx", "calc", "Calc MS Excel 2007 XML", ""),
    ("plain.xls", "calc", "MS Excel 97", ""),
    ("plain.ods", "calc", "calc8", ""),
    ("plain.pptx", "impress", "Impress MS PowerPoint 2007 XML", ""),
    ("plain.ppt", "impress", "MS PowerPoint 97", ""),
    ("plain.odp", "impress", "impress8", ""),
    ("password.docx", "writer", "MS Word 2007 XML", "รหัสลับ"),
    ("password.doc", "writer", "MS Word 97", "secret"),
    ("password.odt", "writer", "writer8", "secret"),
    ("password.pdf", "writer", "writer_pdf_Export", "secret"),
    ("password.xlsx", "calc", "Calc MS Excel 2007 XML", "secret"),
    ("password.xls", "calc", "MS Excel 97", "secret"),
    ("password.ods", "calc", "calc8", "secret"),
    ("password.pptx", "impress", "Impress MS PowerPoint 2007 XML", "secret"),
    ("macros.odt", "writer", "writer8", ""),
]
PICTURES = {
    "photo.heic": ["-size", "64x48", "gradient:red-blue"],
    "scan.tif": ["-size", "64x48", "gradient:white-black", "-compress", "lzw", "+clone"],
    "photo.jpg": ["-size", "160x120", "plasma:red-blue", "-quality", "80"],
    "photo.png": ["-size", "64x48", "gradient:red-blue"],
    "map.gif": ["-size", "16x16", "gradient:red-blue"],
}


def value(name: str, held: object) -> PropertyValue:
    made = PropertyValue()
    made.Name, made.Value = name, held
    return made


def named(name: str, held: object) -> NamedValue:
    made = NamedValue()
    made.Name, made.Value = name, held
    return made


def desktop(port: int):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            time.sleep(0.5)
    sys.exit("LibreOffice does not answer")


def make_office(folder: Path) -> None:
    call = ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{folder}"]
    office = subprocess.Popen([*call, f"--accept=socket,host=127.0.0.1,port={PORT};urp"])
    try:
        desk = desktop(PORT)
        for name, program, kind, password in FILES:
            hidden = (value("Hidden", True),)
            document = desk.loadComponentFromURL(f"private:factory/{FACTORY[program]}", "_blank", 0, hidden)
            if program == "writer":
                document.Text.String = TEXT
            if program == "calc":
                document.Sheets.getByIndex(0).getCellByPosition(0, 0).String = TEXT
            if name.startswith("macros"):
                document.BasicLibraries.createLibrary("Standard")
                library = document.BasicLibraries.getByName("Standard")
                library.insertByName("Module1", "Sub Main\nEnd Sub\n")
            options = [value("FilterName", kind)]
            if password and kind.endswith("pdf_Export"):
                data = (value("EncryptFile", True), value("DocumentOpenPassword", password))
                options.append(value("FilterData", uno.Any("[]com.sun.star.beans.PropertyValue", data)))
            elif "2007" in kind and password:
                # For these kinds LibreOffice wants to be told the scheme: MS-OFFCRYPTO's "standard" one.
                held = (named("CryptoType", "Standard"), named("OOXPassword", password))
                options.append(value("EncryptionData", uno.Any("[]com.sun.star.beans.NamedValue", held)))
            elif password:
                options.append(value("Password", password))
            document.storeToURL((HERE / name).as_uri(), tuple(options))
            document.close(True)
        desk.terminate()
    except Exception:
        office.kill()
        raise
    office.wait(timeout=60)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make_office(Path(folder))
    # LibreOffice puts 400 KB of nothing into every .ppt.
    subprocess.run(["gzip", "-9nf", str(HERE / "plain.ppt")], check=True)
    for name, drawing in PICTURES.items():
        subprocess.run(["convert", *drawing, str(HERE / name)], check=True)

"""The first lines that run in each frozen program: Python's modules lie once for all of them, in ``_internal``.

PyInstaller packs an archive of modules into every program; here it is an empty one. Its start asks for the archive's
place in this variable, after the lines here have run.
"""

import sys

vars(sys)["_pyinstaller_pyz"] = f"{vars(sys)['_MEIPASS']}/modules.pyz?0"

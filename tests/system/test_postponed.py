"""A module is not loaded by a start that does not use it, and is there whole for whoever does."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = """
import sys
from dgdesk.system.postponed import postpone_imports
postpone_imports()
import sqlalchemy
loaded = lambda: "asyncio.events" in sys.modules
before = loaded()
"""
USES = {
    "an attribute": "import asyncio; used = asyncio.run",
    "a name": "from asyncio import to_thread as used",
    "a module of it": "import asyncio.queues; used = asyncio.queues.Queue",
    "all names": "from asyncio import *; used = run",
    "by a thread": """
import asyncio, threading
found = []
threads = [threading.Thread(target=lambda: found.append(asyncio.Event)) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(set(found)) == 1 and len(found) == 8
used = found[0]
""",
}


def said(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_sqlalchemy_is_imported_without_it() -> None:
    assert said(f"{BEGIN}\nprint(before, 'ssl' in sys.modules)") == ["False", "False"]


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_whoever_uses_it_has_the_whole_of_it(use: str) -> None:
    script = f"{BEGIN}\n{use}\nprint(before, loaded(), callable(used), sys.modules['asyncio'].__name__)"
    assert said(script) == ["False", "True", "True", "asyncio"]


def test_what_was_imported_before_its_use_does_the_work_afterwards() -> None:
    script = f"""{BEGIN}
import asyncio
held = asyncio
async def work():
    await held.sleep(0)
    return held.iscoroutine(work)
print(held.run(work()), hasattr(held, "nothing_of_this_name"), sys.modules["asyncio"].run is held.run)
"""
    assert said(script) == ["False", "False", "True"]


def test_who_only_looks_at_it_does_not_load_it() -> None:
    script = f"""{BEGIN}
import asyncio, inspect
try:
    inspect.getsource(asyncio)
except TypeError:
    pass
print(hasattr(asyncio, "__wrapped__"), asyncio.__spec__.name, loaded())
"""
    assert said(script) == ["False", "asyncio", "False"]


def test_one_that_is_there_already_stays() -> None:
    script = f"import asyncio\n{BEGIN}\nprint(before, sys.modules['asyncio'] is asyncio)"
    assert said(script) == ["True", "True"]


def test_a_print_has_no_need_of_pictures_or_the_network() -> None:
    script = f"""{BEGIN}
import zxingcpp, reportlab.pdfbase.pdfdoc
print(*(name in sys.modules for name in ("PIL.ExifTags", "http.client", "ssl")))
"""
    assert said(script) == ["False", "False", "False"]


def test_a_part_of_a_package_is_found_by_its_whole_name() -> None:
    script = f"""{BEGIN}
import PIL.Image
print(PIL.Image.new("L", (2, 3)).size == (2, 3), PIL.Image is sys.modules["PIL.Image"])
"""
    assert said(script) == ["True", "True"]


def test_a_bound_that_is_set_holds_in_the_module_itself() -> None:
    script = f"""{BEGIN}
from PIL import Image
Image.MAX_IMAGE_PIXELS = 7
print(sys.modules["PIL.Image"].MAX_IMAGE_PIXELS, Image.MAX_IMAGE_PIXELS, Image.new.__globals__["MAX_IMAGE_PIXELS"])
"""
    assert said(script) == ["7", "7", "7"]


def test_one_that_cannot_be_loaded_is_tried_again_at_its_next_use() -> None:
    script = f"""{BEGIN}
from PIL import Image
path, sys.path[:] = sys.path[:], []
import PIL
places, PIL.__path__ = PIL.__path__, []
def use():
    try:
        return Image.new("L", (1, 1)).size
    except ImportError:
        return "none"
first = use()
sys.path[:], PIL.__path__ = path, places
print(first, use() == (1, 1))
"""
    assert said(script) == ["none", "True"]


@pytest.mark.parametrize(
    "use",
    [
        "from email.utils import parseaddr; used = parseaddr('ก <a@b.th>') == ('ก', 'a@b.th')",
        "from importlib.metadata import entry_points; used = len(entry_points(group='none')) == 0",
        "from importlib.metadata import version; used = version('sqlalchemy') > '1'",
        "import email.utils as held; used = held.formataddr(('a', 'a@b.th')) == 'a <a@b.th>'",
    ],
)
def test_a_function_taken_at_an_import_does_its_work_when_it_is_called(use: str) -> None:
    assert said(f"{BEGIN}\n{use}\nprint(used)") == ["True"]


def test_certificates_with_an_address_are_read_all_the_same() -> None:
    script = f"""{BEGIN}
from cryptography import x509
before = "socket" in sys.modules
print(before, x509.RFC822Name("a@b.th").value)
try:
    x509.RFC822Name("ก <a@b.th>")
except ValueError:
    print("refused")
"""
    assert said(script) == ["False", "a@b.th", "refused"]

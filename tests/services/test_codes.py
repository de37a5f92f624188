"""Two readers of QR codes that we did not write read the sign-off sheet and loose pages from poor scans.

zxing-cpp, which the program itself uses, reads the same in `tests/printing`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from dgdesk.printing.document import Printed
from dgdesk.printing.page_code import page_text
from dgdesk.printing.signoff import Seal, print_signoff
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.respondents import ISO_3166_2, Respondent
from dgdesk.survey.rules.state import Rules
from dgdesk.text.messages import load_catalogue
from printing.survey.support import DIGEST, printed
from printing.test_signoff import SEAL
from scenario import Scenario, rules, scenario

__all__ = ["rules", "scenario"]

pytestmark = pytest.mark.services

TURNED = (0, 1, -2, 3)
BLURRED = (0.0, 0.8, 1.2, 1.6)
HERE = Path(__file__).parent

Reader = Callable[[list[Path]], list[list[str]]]


def zbar(paths: list[Path]) -> list[list[str]]:
    """The texts on each picture, as zbar reads them."""
    found = []
    for path in paths:
        command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode in (0, 4), ended.stderr  # 4: no code found
        found.append(ended.stdout.splitlines())
    return found


def opencv(paths: list[Path]) -> list[list[str]]:
    """The texts on each picture, as OpenCV reads them; `build/dev.py` says where it lies."""
    beside = os.environ.get("DGDESK_READERS")
    assert beside, "build/dev.py test --services brings OpenCV; readers.txt names it"
    command = [sys.executable, str(HERE / "opencv_reader.py"), *map(str, paths)]
    variables = {**os.environ, "PYTHONPATH": beside}
    ended = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    found: list[list[str]] = json.loads(ended.stdout)
    return found


def poor_scans(printed: Printed, page: int, folder: Path) -> Iterator[Path]:
    """The page as sixteen office scans: 150 dots an inch, turned, blurred, JPEG of quality 50."""
    document = pypdfium2.PdfDocument(printed.data)
    try:
        whole = document[page].render(scale=150 / 72).to_pil().convert("L")
    finally:
        document.close()
    for angle in TURNED:
        turned = whole.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
        for blur in BLURRED:
            path = folder / f"{page}_{angle}_{blur}.jpg"
            turned.filter(ImageFilter.GaussianBlur(blur)).save(path, "JPEG", quality=50)
            yield path


def any_seal(seed: int) -> Seal:
    """A seal with digests, province and fingerprint that nobody chose."""
    chance = random.Random(seed)
    answers, bundle, key = (f"{chance.getrandbits(256):064x}" for _ in range(3))
    code = f"TH-{chance.randint(10, 96)}"
    whose = Respondent(ISO_3166_2, code, "เชียงใหม่")
    return SEAL._replace(respondent=whose, answers_digest=answers, bundle_digest=bundle, fingerprint=key)


@pytest.mark.parametrize("read", [zbar, opencv])
@pytest.mark.parametrize("seed", range(2))
def test_every_poor_scan_of_a_sheet_is_read(rules: Rules, tmp_path: Path, read: Reader, seed: int) -> None:
    signoff, seal = rules.form.definition.signoff, any_seal(seed)
    assert signoff is not None
    paths = list(poor_scans(print_signoff(signoff, seal, load_catalogue()), 0, tmp_path))
    unread = [path.name for path, texts in zip(paths, read(paths), strict=True) if seal.text not in texts]
    assert len(paths) == 16 and unread == []


def corner_by_zbar(paths: list[Path]) -> list[list[str]]:
    """The texts in the lower right corner of each page: among the letters of a whole page zbar finds no small code."""
    for path in paths:
        with Image.open(path) as page:
            corner = page.crop((page.width * 3 // 4, page.height * 7 // 8, page.width, page.height))
        corner.save(path.with_suffix(".png"))
    return zbar([path.with_suffix(".png") for path in paths])


@pytest.mark.parametrize("read", [corner_by_zbar, opencv])
@pytest.mark.parametrize("choices", [PrintChoices(section="p3"), PrintChoices("draft", section="g")])
def test_scans_of_a_loose_page_name_it_unless_they_are_much_blurred(
    scenario: Scenario, tmp_path: Path, read: Reader, choices: PrintChoices
) -> None:
    scenario.answers(general_province="TH-50")
    made = printed(scenario.rules, scenario.state, choices)
    draft = f"DRAFT.TH-50.{DIGEST[:8].upper()}"
    name = f"{draft if choices.variant == 'draft' else DIGEST[:16].upper()}.{str(choices.section).upper()}"
    paths = [path for path in poor_scans(made, 0, tmp_path) if path.stem.endswith(("_0.0", "_0.8"))]
    text = page_text(name, 1, made.pages)
    unread = [path.name for path, texts in zip(paths, read(paths), strict=True) if text not in texts]
    assert len(paths) == 8 and unread == []

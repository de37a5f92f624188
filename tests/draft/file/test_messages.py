"""Every code of the package has its sentence in both languages, and every sentence its code."""

from __future__ import annotations

import re
import string
from pathlib import Path

import yaml

import dgdesk.draft.file
import dgdesk.system.progress
from dgdesk.resources import resource


def codes_in_source() -> set[str]:
    folder = Path(dgdesk.draft.file.__file__).parent
    return {
        code
        for path in (*folder.glob("*.py"), Path(dgdesk.system.progress.__file__))  # which says that it was cancelled
        for code in re.findall(r'"(package\.\w+)"', path.read_text(encoding="utf-8"))
    }


def test_sentences_and_codes_match():
    sentences = {
        code: sentence
        for name in ("package", "package_evidence")
        for code, sentence in yaml.safe_load(resource(f"i18n/{name}.yaml").read_text(encoding="utf-8")).items()
        if code.startswith("package.")
    }
    assert sentences.keys() == codes_in_source()
    for code, by_language in sentences.items():
        assert by_language.keys() == {"th", "en"}, code
        values = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in by_language.values()]
        assert values[0] == values[1], code
        assert re.search("[ก-๛]", by_language["th"]) and not re.search("[ก-๛]", by_language["en"]), code

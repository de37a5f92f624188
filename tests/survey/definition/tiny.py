"""A small questionnaire to break: one section, one page, the questions handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from dgdesk.survey.definition.models import Definition

Tree = dict[str, Any]

INDICATORS: Tree = {
    "headings": ["ตัวชี้วัด"],
    "pillars": [
        {
            "id": "1",
            "heading": "ตัวชี้วัดที่ 1",
            "title": "1. นโยบาย",
            "weight": "100",
            "weight_text": "จำนวนร้อยละ 100",
            "indicators": [{"id": "1.1", "number": "1.1", "name": "Policy"}],
        }
    ],
    "footnote": {"text": "หมายเหตุ"},
}


def yes_no(id: str, yes: Tree | None = None, no: Tree | None = None, **more: Any) -> Tree:
    """Return a question answered "yes" or "no"."""
    options = [{"id": "no", "label": "ไม่มี", **(no or {})}, {"id": "yes", "label": "มี", **(yes or {})}]
    return {"id": id, "kind": "single", "label": "มีหรือไม่", "options": options, **more}


def text(id: str, **more: Any) -> Tree:
    """Return a question answered in words."""
    return {"id": id, "kind": "text", "label": "โปรดระบุ", **more}


def definition(
    *fields: Tree, checks: tuple[Tree, ...] = (), title: str = "ส่วนที่ 1", short: str = "หน้าแรก"
) -> Definition:
    """Return a definition of these fields on one page; ``short`` names the page and its section."""
    page = {"id": "s.page1", "short": short, "items": list(fields)}
    section = {"id": "s", "title": title, "short": short, "pages": [page]}
    return Definition.model_validate(
        {"edition": "tiny", "title": "แบบสำรวจ", "sections": [section], "indicators": INDICATORS, "checks": checks}
    )


def write_edition(folder: Path, *fields: Tree, head: Tree | None = None, **files: str) -> Path:
    """Write a small edition as data files; ``files`` (``edition=``, ``s=`` …) replace single ones by other text.

    ``head`` is said in ``edition.yaml`` besides id, title and sections.
    """
    trees: dict[str, Any] = {
        "edition": {"id": "tiny", "title": "แบบสำรวจ", "sections": ["s"], **(head or {})},
        "common": {
            "texts": {"ev": "(แนบหลักฐาน)"},
            "templates": {"name": {"kind": "text", "label": "ชื่อ", "notes": ["ของ {id}"]}},
        },
        "indicators": INDICATORS,
        "provinces": {"provinces": [{"id": "TH-50", "label": "เชียงใหม่", "en": "Chiang Mai"}]},
        "s": {
            "id": "s",
            "title": "ส่วนที่ 1",
            "short": "ส่วนแรก",
            "pages": [{"id": "s.page1", "short": "หน้าแรก", "items": list(fields) or [yes_no("q1")]}],
        },
    }
    folder.mkdir(exist_ok=True)
    for name, tree in trees.items():
        content = files.get(name, yaml.safe_dump(tree, allow_unicode=True))
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return folder

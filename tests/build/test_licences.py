"""The licences page names every distribution that a file of the program came from, with all its texts."""

from __future__ import annotations

import json
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

import licences

MIT = "Permission is hereby granted"


def install(home: Path, name: str, files: dict[str, str], about: str = "License-Expression: MIT\n") -> Distribution:
    """Put a distribution into ``home``, as pip would."""
    info = home / f"{name}-1.0.dist-info"
    for path, text in files.items():
        target = home / path.replace("INFO", info.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{about}", encoding="utf-8")
    lines = [f"{path.replace('INFO', info.name)},," for path in files]
    (info / "RECORD").write_text("\n".join(lines), encoding="utf-8")
    return PathDistribution(info)


@pytest.fixture
def installed(tmp_path: Path) -> list[Distribution]:
    bill = json.dumps({"components": [{"name": "ring", "version": "1", "licenses": [{"license": {"id": "ISC"}}]}]})
    one = {"one/__init__.py": "", "one/_core.so": "", "INFO/licenses/LICENSE": MIT, "INFO/sboms/b.cyclonedx.json": bill}
    return [
        install(tmp_path, "One_Part", {**one, "INFO/licenses/third/zlib.txt": "zlib's words"}),
        install(tmp_path, "two", {"two.py": "", "INFO/LICENSE.txt": f"{MIT}\n"}, "License: whatever\n"),
        install(tmp_path, "unused", {"unused.py": "", "INFO/LICENSE": "x"}),
        install(tmp_path, "bare", {"bare.py": ""}),
    ]


def test_a_distribution_counts_when_one_of_its_files_is_taken(installed: list[Distribution], tmp_path: Path) -> None:
    sources = [str(tmp_path / "one" / "_core.so"), str(tmp_path / "two.py"), "/elsewhere/libz.so"]
    assert [each.metadata["Name"] for each in licences.bundled(sources, installed)] == ["One_Part", "two"]


def test_all_texts_and_what_was_compiled_in_are_told(installed: list[Distribution]) -> None:
    part = licences.part_of(installed[0])
    assert (part.name, part.version, part.licence) == ("One_Part", "1.0", "MIT")
    assert part.texts == (("licenses/LICENSE", MIT), ("licenses/third/zlib.txt", "zlib's words"))
    assert part.inside == ("ring 1 (ISC)",)


def test_a_distribution_without_a_text_stops_the_build(installed: list[Distribution]) -> None:
    with pytest.raises(ValueError, match="bare comes without a licence text"):
        licences.part_of(installed[3])


def test_a_text_stands_on_the_page_once(installed: list[Distribution]) -> None:
    page = licences.page([licences.part_of(each) for each in installed[:2]])
    assert page.count(f"<pre>{MIT}</pre>") == 1 and "The same text as" in page
    assert page.index("One_Part") < page.index("zlib&#x27;s words")


def test_words_of_strangers_are_no_markup() -> None:
    page = licences.page([licences.Part("<b>", "&", "<i>", (("<u>", "</pre><script>"),), ("<s>",))])
    assert "<script>" not in page and "<b>" not in page and "<u>" not in page and "<s>" not in page


@pytest.mark.parametrize(
    ("about", "word"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: x\n", "MIT OR Apache-2.0"),
        ("License: long\nClassifier: License :: OSI Approved :: BSD License\n", "BSD License"),
        ("License: BSD-3-Clause\n", "BSD-3-Clause"),
        ("", "see its text"),
    ],
)
def test_the_licence_in_a_word(tmp_path: Path, about: str, word: str) -> None:
    assert licences.licence_of(install(tmp_path, "x", {}, about)) == word


def test_our_own_parts_have_their_texts() -> None:
    own = {part.name: part for part in licences.own_parts(licences.HERE.parents[1], "1.2.3")}
    assert own.keys() == {"dgdesk", "Sarabun", "Thai words (ICU, PyThaiNLP)", "Python"}
    assert all(text.strip() for part in own.values() for _, text in part.texts)
    assert "SIL OPEN FONT LICENSE" in own["Sarabun"].texts[0][1]


def test_qt_comes_with_both_its_licences_and_how_to_change_it() -> None:
    for name in ("pyside6-essentials", "shiboken6"):
        texts = [(licences.HERE / each).read_text(encoding="utf-8") for each in licences._LEFT_OUT[name]]
        assert any("GNU LESSER GENERAL PUBLIC LICENSE" in text and "Version 3" in text for text in texts)
        assert any("TERMS AND CONDITIONS" in text for text in texts) and any(
            "are not changed" in text for text in texts
        )

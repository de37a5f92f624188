"""The look into the finished program: what must not be there is named, what has no licence too."""

from __future__ import annotations

import audit

PAGE = '<tr><td><a href="#p0">SQLAlchemy</a></td></tr><tr><td><a href="#p1">typing_extensions</a></td></tr>'


def test_tests_shims_and_headers_are_named() -> None:
    wrong = ["_internal/icuuc.dll", "_internal/lxml/tests/a.xml", "_internal/x\\include\\a.h", "_internal/libthai.so.0"]
    right = ["_internal/PySide6/Qt/lib/libicuuc.so.73", "dgdesk.exe", "_internal/dgdesk/resources/help/th.html"]
    assert audit.wrong_files([*wrong, *right]) == sorted(wrong)


def test_modules_of_the_tests_and_of_the_network_are_named() -> None:
    wrong = ["_pytest.main", "tests.scenario", "sqlalchemy.dialects.mysql.base", "unittest"]
    assert audit.wrong_modules([*wrong, "sqlalchemy.dialects.sqlite", "dgdesk.selftest"]) == sorted(wrong)


def test_a_package_without_a_licence_is_named_by_its_distribution() -> None:
    owners = {
        "sqlalchemy": ["SQLAlchemy"],
        "typing_extensions": ["typing_extensions"],
        "yaml": ["PyYAML"],
        "dgdesk": ["dgdesk"],
    }
    assert audit.unnamed(["sqlalchemy", "typing_extensions", "yaml", "dgdesk", "os"], owners, PAGE) == ["PyYAML"]

"""Telephone numbers, web and e-mail addresses: read as typed, kept in one form, refused with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.resources import resource
from dgdesk.text.contacts import parse_email, parse_phone, parse_url
from dgdesk.text.messages import load_catalogue


def reason(parse: Callable[[str], str], text: str) -> str:
    """The code with which ``parse`` refuses ``text``."""
    with pytest.raises(ValueError) as refused:
        parse(text)
    return str(refused.value.args[0])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("021234567", "02-123-4567"),
        ("02-123-4567", "02-123-4567"),
        ("0 2123 4567", "02-123-4567"),
        ("0-2123-4567", "02-123-4567"),
        ("(02) 123 4567", "02-123-4567"),
        ("๐๒ ๑๒๓ ๔๕๖๗", "02-123-4567"),
        ("02\u2013123\u20104567", "02-123-4567"),
        ("038123456", "038-123-456"),
        ("0 5312 3456", "053-123-456"),
        ("0812345678", "081-234-5678"),
        ("06.1234.5678", "061-234-5678"),
        ("+66812345678", "081-234-5678"),
        ("+66 (0)2 123 4567", "02-123-4567"),
        ("(+66) 38 123 456", "038-123-456"),
        ("1111", "1111"),
        ("1800 123 456", "1800-123-456"),
    ],
)
def test_a_telephone_number_gets_one_form(typed: str, kept: str) -> None:
    assert parse_phone(typed) == kept
    assert parse_phone(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "-", "02123456", "0212345678", "081234567", "08123456789", "191", "11111", "+66 1111", "+1 212 555 1234"),
        *("02-123-4567, 02-123-4568", "02-123-4567-8", "02-123-456a", "011234567", "66812345678", "๑๑๑", "0" * 100),
    ],
)
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    assert reason(parse_phone, typed) == "phone.bad"


@pytest.mark.parametrize(
    "typed", ["02-123-4567 ต่อ 123", "021234567ต่อ๑๒", "02-123-4567 ext. 5", "021234567 x12", "021234567#1"]
)
def test_an_extension_has_a_field_of_its_own(typed: str) -> None:
    assert reason(parse_phone, typed) == "phone.extension"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.example.go.th/a?b=1#c", "https://www.example.go.th/a?b=1#c"),
        ("HTTP://WWW.Example.GO.TH/Path", "http://www.example.go.th/Path"),
        ("www.example.go.th", "https://www.example.go.th"),
        ("example.go.th/ข่าว", "https://example.go.th/ข่าว"),
        ("example.go.th:8080/x", "https://example.go.th:8080/x"),
        ("https://สพร.ไทย/เอกสาร", "https://สพร.ไทย/เอกสาร"),
        ("ตัวอย่าง.ไทย", "https://ตัวอย่าง.ไทย"),
        ("https://xn--12c1fe0br.xn--o3cw4h", "https://xn--12c1fe0br.xn--o3cw4h"),
        (" https://example.go.th/%E0%B8%81 ", "https://example.go.th/%E0%B8%81"),
        ("http://203.0.113.9/ogd", "http://203.0.113.9/ogd"),
        ("https://example.go.th./", "https://example.go.th/"),
        ("https://example.go.th?id=1", "https://example.go.th?id=1"),
        ("https://example.go.th/report.pdf", "https://example.go.th/report.pdf"),
        (
            "https://drive.example.com/file/d/1_a-B/view?usp=sharing",
            "https://drive.example.com/file/d/1_a-B/view?usp=sharing",
        ),
    ],
)
def test_a_web_address_is_kept_whole_with_its_scheme(typed: str, kept: str) -> None:
    assert parse_url(typed) == kept
    assert parse_url(kept) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "url.bad"),
        ("https://", "url.host"),
        ("ไม่มี", "url.host"),
        ("localhost", "url.host"),
        ("http://intranet/", "url.host"),
        ("กทม.", "url.host"),
        ("พ.ศ", "url.host"),
        ("อปท.จังหวัด", "url.host"),
        ("report.pdf", "url.host"),
        ("http://-a.go.th", "url.host"),
        ("http://a..go.th", "url.host"),
        ("http://1.2.3", "url.host"),
        ("http://1.2.3.999", "url.host"),
        ("http://a_b.go.th", "url.host"),
        (f"http://{'a' * 64}.go.th", "url.host"),
        (f"http://{'ก' * 60}.ไทย", "url.host"),
        ("http://[::1]/", "url.host"),
        ("http://[x", "url.bad"),
        ("www.example.go.th และ www.a.go.th", "url.space"),
        ("https://a.go.th\nhttps://b.go.th", "url.space"),
        ("ftp://example.go.th", "url.scheme"),
        ("javascript:alert(1)", "url.scheme"),
        ("mailto:a@example.go.th", "url.scheme"),
        ("file:///c:/a.pdf", "url.scheme"),
        ("https:example.go.th", "url.scheme"),
        ("https://user:secret@example.go.th", "url.bad"),
        ("a@example.go.th", "url.bad"),
        ("https://example.go.th:99999", "url.bad"),
        ("https://example.go.th:x", "url.bad"),
        ("https://example.go.th/<script>", "url.bad"),
        ("https://example.go.th\\@evil.example", "url.bad"),
        ("https://example.go.th/" + "a" * 2048, "url.bad"),
    ],
)
def test_a_web_address_that_cannot_be_one_is_refused_with_a_reason(typed: str, code: str) -> None:
    assert reason(parse_url, typed) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Saraban@Example.GO.TH", "Saraban@example.go.th"),
        (" a.b+c@sub.example.go.th ", "a.b+c@sub.example.go.th"),
        ("สารบรรณ@ตัวอย่าง.ไทย", "สารบรรณ@ตัวอย่าง.ไทย"),
        ("a@xn--12c1fe0br.xn--o3cw4h", "a@xn--12c1fe0br.xn--o3cw4h"),
    ],
)
def test_an_email_address_is_kept(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept
    assert parse_email(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "a",
            "@a.th",
            "a@",
            "a@b",
            "a@b@c.th",
            "a b@c.th",
            ".a@b.th",
            "a.@b.th",
            "a..b@c.th",
            "a@b..th",
            "a@-b.th",
        ),
        *(
            "a@b.th,c@d.th",
            "a@b.th;c@d.th",
            "<a@b.th>",
            '"a b"@c.th',
            "mailto:a@b.th",
            "a@[1.2.3.4]",
            "ก@ข.ค",
            "a" * 65 + "@b.th",
        ),
        "a@" + "b." * 126 + "th",
    ],
)
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    assert reason(parse_email, typed) == "email.bad"


@given(st.text(alphabet="ab.-@:/?#[]1๑กิ่\\ \n\u200b\ud800%w"), st.sampled_from([parse_phone, parse_url, parse_email]))
def test_any_text_is_kept_in_a_form_that_stays_or_refused_with_a_code(text: str, parse: Callable[[str], str]) -> None:
    try:
        kept = parse(text)
    except ValueError as refused:
        assert isinstance(refused.args[0], str) and "." in refused.args[0]
    else:
        assert parse(kept) == kept


def test_every_reason_has_its_sentence() -> None:
    source = resource("i18n").parents[1] / "src" / "dgdesk" / "text"
    if not source.is_dir():
        pytest.skip("no source beside the resources")
    catalogue = load_catalogue()
    codes = {"number.bad", "month.bad", "phone.bad", "phone.extension", "email.bad"}
    codes |= {"url.bad", "url.space", "url.scheme", "url.host"}
    assert all(catalogue.text(code) for code in codes)
    raised = "".join(path.read_text(encoding="utf-8") for path in source.glob("*.py"))
    assert all(f'ValueError("{code}"' in raised for code in codes)

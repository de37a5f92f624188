"""QR codes are those of another writer, module by module, and dark where it says so."""

from __future__ import annotations

import pytest
import segno

from dgdesk.printing.qr import rows_of

TEXTS = ["TSB1:TH-50:TH-PROVINCE-2568:" + "A2" * 26 + ":" + "7Z" * 26, "A", "TSP1:ABCDEF-QRSTUV"]
"""Texts for which both writers choose the same modes; of several that are equally short they may choose others."""


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_is_that_of_another_writer_with_one_of_the_eight_masks(text: str) -> None:
    made = rows_of(text)
    others = [segno.make(text, error="m", micro=False, boost_error=False, mask=mask).matrix for mask in range(8)]
    assert made in [tuple(bytes(row) for row in other) for other in others]


def test_a_code_has_as_many_rows_as_columns_and_its_corners_are_dark() -> None:
    rows = rows_of("TSP1:0123456789ABCDEF:1:43")
    assert {len(row) for row in rows} == {len(rows)} == {25}
    assert rows[0][:8] == rows[0][-1:-9:-1] == rows[-1][:8] == bytes([1, 1, 1, 1, 1, 1, 1, 0])

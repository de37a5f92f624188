"""An edition goes out into a workbook and comes back equal: the shipped one, and two hundred random ones."""

from __future__ import annotations

import pytest

from dgdesk.draft.drafts import edition_folder, newest_edition
from dgdesk.editions.workbook.check import check_book, same_edition, write_texts
from dgdesk.editions.workbook.files import file_texts, read_files
from dgdesk.editions.workbook.grid import book_of
from dgdesk.editions.workbook.making import make_folder
from dgdesk.editions.workbook.opening import open_book
from dgdesk.editions.workbook.reading import read_book
from dgdesk.editions.workbook.sheets import write_book
from dgdesk.editions.workbook.tables import tables_of
from dgdesk.survey.definition.load import freeze
from dgdesk.survey.rules.edition_check import check_edition
from dgdesk.text.editions import edition_heads, read_head
from dgdesk.text.messages import load_catalogue
from editions.workbook.random_editions import random_edition

SAY = load_catalogue().text


def test_the_shipped_edition_goes_out_and_comes_back_equal(tmp_path):
    shipped = read_files(edition_folder(newest_edition()))
    write_book(shipped, tmp_path / "book.xlsx", SAY)

    _, flaws = make_folder(tmp_path / "book.xlsx", tmp_path / "made")

    assert flaws == ()
    made = read_files(tmp_path / "made")
    assert made.definition == shipped.definition
    assert freeze(made.definition) == freeze(shipped.definition)
    assert (made.rubric, made.words, made.listed) == (shipped.rubric, shipped.words, shipped.listed)
    assert check_edition(tmp_path / "made")[1] == ()
    # and so is what it says of itself
    head = edition_heads()[made.definition.edition]
    assert read_head(head.folder, made.head, shipped=True) == head


def test_what_was_made_from_a_workbook_makes_the_same_workbook_again(tmp_path):
    write_book(read_files(edition_folder(newest_edition())), tmp_path / "one.xlsx", SAY)
    make_folder(tmp_path / "one.xlsx", tmp_path / "made")

    write_book(read_files(tmp_path / "made"), tmp_path / "two.xlsx", SAY)

    assert open_book(tmp_path / "two.xlsx") == open_book(tmp_path / "one.xlsx")


@pytest.mark.parametrize("tens", range(20))
def test_random_editions_come_back_equal_from_tables_and_from_files(tens, tmp_path):
    for seed in range(10 * tens, 10 * tens + 10):
        edition = random_edition(seed)
        trees, flaws = read_book(book_of(tables_of(edition)))
        assert flaws == (), (seed, flaws[:3])
        assert same_edition(edition, trees), seed

        folder = tmp_path / str(seed)
        folder.mkdir()
        write_texts(folder, file_texts(trees))
        read = read_files(folder)
        assert read.definition == edition.definition, seed
        assert (read.rubric, read.words) == (edition.rubric, edition.words), seed


@pytest.mark.parametrize("seed", [3, 77, 1234, 5678])
def test_random_editions_come_back_equal_from_real_workbooks(seed, tmp_path):
    edition = random_edition(seed)
    write_book(edition, tmp_path / "book.xlsx", SAY)
    trees, flaws = read_book(open_book(tmp_path / "book.xlsx"))
    assert flaws == ()
    assert same_edition(edition, trees)


def test_the_second_row_is_for_people_and_may_be_in_either_language(tmp_path):
    shipped = read_files(edition_folder(newest_edition()))
    for language in ("th", "en"):
        write_book(shipped, tmp_path / f"{language}.xlsx", load_catalogue(language).text)
        assert check_book(open_book(tmp_path / f"{language}.xlsx"))[1] == ()

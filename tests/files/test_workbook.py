"""A comparison as a workbook: numbers as numbers, and text that no spreadsheet runs."""

import io
import re
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.files.exports import spreadsheet
from comparison.files.exports.spreadsheet import Column, Link, Sheet, Style, Styled, cut, sheet_names, to_xlsx
from comparison.models import Edition, NotApplicable
from tests.make import fill, make_category, make_check, make_claim, make_criterion, make_framework, make_source
from tests.reading import page

STEM = "/compare/alpha-vs-beta"
HOST = "http://testserver"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT = datetime(2026, 3, 4, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
Rows = list[list[str | float | None]]


class Book:
    """What a workbook's parts say: cells in rows, links by cell."""

    def __init__(self, content: bytes) -> None:
        with ZipFile(io.BytesIO(content)) as parts:
            self.parts = {name: parts.read(name).decode() for name in parts.namelist()}
        for text in self.parts.values():
            ElementTree.fromstring(text)  # is well-formed
        shared = self.parts.get("xl/sharedStrings.xml", "<x/>")
        self.texts = ["".join(item.itertext()) for item in ElementTree.fromstring(shared)]
        names = [
            sheet.get("name") for sheet in ElementTree.fromstring(self.parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")
        ]
        self.sheets = {str(name): self._rows(number) for number, name in enumerate(names, 1)}
        assert not any("<f>" in text for text in self.parts.values())

    def sheet(self, number: int) -> str:
        return self.parts[f"xl/worksheets/sheet{number}.xml"]

    def links(self, number: int) -> set[str]:
        related = self.parts.get(f"xl/worksheets/_rels/sheet{number}.xml.rels", "<x/>")
        return {str(link.get("Target")) for link in ElementTree.fromstring(related)}

    def _rows(self, number: int) -> Rows:
        rows = ElementTree.fromstring(self.sheet(number)).iter(f"{MAIN}row")
        return [self._row(row) for row in rows]

    def _row(self, row: ElementTree.Element) -> list[str | float | None]:
        values = {column_of(str(cell.get("r"))): self._value(cell) for cell in row}
        return [values.get(index) for index in range(1 + max(values, default=-1))]

    def _value(self, cell: ElementTree.Element) -> str | float | None:
        if cell.get("t") == "inlineStr":
            return "".join(cell.itertext())
        value = cell.findtext(f"{MAIN}v")
        return None if value is None else self.texts[int(value)] if cell.get("t") == "s" else float(value)


def column_of(reference: str) -> int:
    """0 for A1, 26 for AA1."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def written(*values: spreadsheet.Value) -> Book:
    return Book(to_xlsx("Title", [Sheet("Sheet", (Column("Head"),), [[value] for value in values])], AT))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "{=1}", "http://a.example/", "internal:A1", "12", "  x ", "\t"]
)
def test_text_stays_text(text) -> None:
    book = written(text, Styled(text, Style.GOOD), Link(text, "http://b.example/"))
    assert book.sheets["Sheet"][1:] == [[text]] * 3
    assert book.links(1) == {"http://b.example/"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00\x0b\x1f\x7f\x9fb", "ab"),
        ("\ud800\ufffe\uffff.", "."),
        ("_x0041_ _x005F_", "_x005F_x0041_ _x005F_x005F_"),  # as the format escapes it
        ("two\nlines", "two\nlines"),
        ("x" * 40_000, "x" * 32_766 + "…"),
        ("\U0001f600" * 20_000, "\U0001f600" * 16_383 + "…"),
    ],
)
def test_a_cell_holds_any_text_that_fits(text, shown) -> None:
    assert written(text).sheets["Sheet"][1] == [shown]


def test_cuts_count_as_spreadsheets_do() -> None:
    assert (cut("abc", 3), cut("abcd", 3), cut("a\U0001f600b", 3), cut("\U0001f600", 2)) == (
        "abc",
        "ab…",
        "a…",
        "\U0001f600",
    )


def test_only_addresses_of_the_web_become_links(monkeypatch) -> None:
    addresses = ["javascript:alert(1)", "file:///etc/passwd", "internal:A1", "", "http://a.example/" + "x" * 3000]
    assert written(*(Link("Text", address) for address in addresses)).links(1) == set()
    monkeypatch.setattr(spreadsheet, "MAX_LINKS", 1)
    book = written(Link("One", "https://a.example/?a=1&b=2"), Link("Two", "https://b.example/"))
    assert (book.links(1), book.sheets["Sheet"][1:]) == ({"https://a.example/?a=1&b=2"}, [["One"], ["Two"]])


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        (["a/b:c?[d]*", "'x'", ""], ["a b c  d", "x", "Sheet"]),
        (["x" * 40, "X" * 40], ["x" * 30 + "…", "X" * 28 + "… 2"]),
        (["History", "About", "about"], ["History of", "About", "about 2"]),
    ],
)
def test_names_of_sheets_are_allowed_and_differ(names, allowed) -> None:
    assert sheet_names(names) == allowed
    book = Book(to_xlsx("Title", [Sheet(name, (), []) for name in names], AT))
    assert list(book.sheets) == allowed


def test_a_large_workbook_is_written_by_way_of_a_file_and_says_the_same(monkeypatch) -> None:
    values = ("=1", 1.5, Link("a", "http://a.example/"), AT.date(), "\x01_x0041_", None, Styled("b", Style.WORST))
    small = written(*values)
    monkeypatch.setattr(spreadsheet, "MAX_CELLS_IN_MEMORY", 0)
    large = [to_xlsx("Title", [Sheet("Sheet", (Column("Head"),), [[value] for value in values])], AT) for _ in range(2)]
    assert "xl/sharedStrings.xml" in small.parts
    assert large[0] == large[1]
    assert Book(large[0]).sheets == small.sheets
    assert Book(large[0]).links(1) == small.links(1)


def test_its_date_is_the_given_one() -> None:
    properties = written("x").parts["docProps/core.xml"]
    assert set(re.findall(r">(20[^<]+Z)<", properties)) == {"2026-03-05T01:30:00Z"}


# A comparison.

LEAD = "Beta leads, one source each on Alpha and Beta"


@pytest.fixture
def things(db) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    one, two = make_source("One", author="+A", address="https://a.example/"), make_source("@Two", slug="two")
    speed, data = make_category("Performance"), make_category("Data")
    ease = make_criterion("rating", "Ease", category=speed)
    delay = make_criterion("figure", "Delay", category=speed, unit="ms")
    orm = make_criterion("feature", "Orm", category=data)
    users = make_criterion("list", "=1+1", slug="users", category=data)
    make_claim(framework=alpha, criterion=ease, source=one, level=-2, start=5, end=9)
    make_claim(framework=beta, criterion=ease, source=two, level=2)
    make_claim(framework=alpha, criterion=delay, source=make_source("Run", kind="measurement"), low=5, high=9)
    make_claim(framework=alpha, criterion=orm, source=one, support="built-in")
    make_claim(framework=alpha, criterion=orm, source=two, support="none")
    make_claim(framework=alpha, criterion=users, source=two, item='=HYPERLINK("http://x")')
    make_check(make_claim(framework=beta, criterion=users, source=two, item="C"), "false")
    NotApplicable.objects.create(framework=beta, criterion=delay, reason="It has none.")


def workbook(client, query: str = "") -> Book:
    response = client.get(f"{STEM}.xlsx{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, MEDIA_TYPE)
    assert response.headers["Content-Disposition"] == 'attachment; filename="alpha-vs-beta.xlsx"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return Book(response.content)


def test_a_workbook_has_verdicts_numbers_claims_and_what_it_is(client, things) -> None:
    book = workbook(client)
    assert list(book.sheets) == ["Verdicts", "Numbers", "Claims", "About"]
    verdicts = {row[1]: row[2:] for row in book.sheets["Verdicts"]}
    assert verdicts["Criterion"] == ["Alpha", "Beta", "Outcome"]
    assert verdicts["Ease"] == ["Poor (−1.00), one source", "Strong (+1.00), one source", LEAD]
    assert verdicts["Delay"][:2] == ["5–9 ms, one source", "Not applicable: It has none."]
    assert verdicts["Orm"][:2] == ["Built in or none, disputed", "No evidence"]
    assert verdicts["=1+1"][0] == '=HYPERLINK("http://x")'
    assert f"{HOST}{STEM}/users/" in book.links(1)
    numbers = [row for row in book.sheets["Numbers"] if row[0] == "ease"]
    assert [row[6:9] for row in numbers] == [[-1.0, 0.5, -2.0], [1.0, 0.5, 2.0]]
    claims = {(row[0], row[1], row[7]): row for row in book.sheets["Claims"]}
    first = claims["Ease", "Alpha", "One"]
    assert [first[3], first[4], first[9], *first[13:15]] == [-2.0, "Against", "+A", 5.0, 9.0]
    assert claims["=1+1", "Beta", "@Two"][4:6] == ["Set aside", "False"]
    assert "https://a.example/" in book.links(3)
    about = {row[0]: row[1] for row in book.sheets["About"]}
    edition = Edition.objects.current()
    assert [about["Address"], about["Edition"], about["Criteria"]] == [f"{HOST}{STEM}/", edition.number, 4]
    assert about["How to cite"].endswith(f" {HOST}{STEM}/")
    assert about["Data licence"] == "MIT"


def test_its_head_stays_in_sight_and_can_be_filtered(client, things) -> None:
    verdicts = workbook(client).sheet(1)
    assert 'xSplit="2" ySplit="1"' in verdicts
    assert '<autoFilter ref="A1:E5"/>' in verdicts


def test_what_a_colour_says_stands_in_the_words(client, things) -> None:
    """Cells that are filled alike begin with the same words, or have the same state."""
    book = workbook(client)
    styles = ElementTree.fromstring(book.sheet(1))
    filled: dict[str, set[str]] = {}
    for row, texts in zip(list(styles.iter(f"{MAIN}row"))[1:], book.sheets["Verdicts"][1:], strict=True):
        for index in (2, 3):
            filled.setdefault(str(row[index].get("s")), set()).add(str(texts[index]))
    assert sorted(map(sorted, filled.values()), key=str) == [
        ["5–9 ms, one source", '=HYPERLINK("http://x")'],
        ["Built in or none, disputed"],
        ["No evidence", "Not applicable: It has none."],
        ["Poor (−1.00), one source"],
        ["Strong (+1.00), one source"],
    ]


def test_it_has_the_filters_of_the_page_and_the_same_bytes_each_time(client, things) -> None:
    book = workbook(client, "?category=data&order=beta")
    assert book.sheets["Verdicts"][0][1:4] == ["Criterion", "Beta", "Alpha"]
    assert {row[0] for row in book.sheets["Verdicts"][1:]} == {"Data"}
    assert {row[0] for row in book.sheets["Claims"][1:]} == {"Orm", "=1+1"}
    about = {row[0]: row[1] for row in book.sheets["About"]}
    assert about["Address"] == f"{HOST}{STEM}/?category=data&order=beta"
    assert about["Criteria"] == "2 of 4: those that pass the filters of the address"
    assert "show=7" in page(client, f"{STEM}.xlsx?show=7", 400)
    assert client.get("/compare/beta-vs-alpha.xlsx").headers["Location"] == f"{STEM}.xlsx"
    page(client, "/frameworks/alpha.xlsx", 404)


def test_it_is_kept_like_a_page_and_linked_from_it(client, things) -> None:
    first = client.get(f"{STEM}.xlsx")
    again = client.get(f"{STEM}.xlsx", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    html = page(client, f"{STEM}/?show=disputed")
    assert f'<a href="{STEM}.xlsx?show=disputed">Workbook (XLSX)</a>' in re.sub(r"<a\s+", "<a ", html)
    assert (
        f'<link rel="alternate" type="{MEDIA_TYPE}" title="Workbook (XLSX)" href="{STEM}.xlsx?show=disputed">' in html
    )


def test_a_page_in_another_language_leads_to_it(client, things) -> None:
    assert re.search(rf'href="{STEM}.xlsx">Arbeitsmappe \(XLSX\)</a>', page(client, f"/de{STEM}/"))


def test_it_costs_the_same_at_any_size(client, db) -> None:
    costs = []
    for frameworks, criteria in ((2, 4), (5, 12)):
        stem = "/compare/" + "-vs-".join(sorted(framework.slug for framework in fill(frameworks, criteria)))
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{stem}.xlsx").status_code == 200
        costs.append(len(found))
    assert costs[0] == costs[1] <= 8

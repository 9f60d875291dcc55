"""Files as spreadsheets of other countries write them: separators, blank rows, decimals, encodings, and names."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comparison.files.claims_csv import csv_pieces, decode_upload, read_rows
from comparison.files.claims_import import Plan, Planner
from comparison.models import Claim
from comparison.texts.number_marks import DecimalMark
from tests.admin_site import as_user
from tests.make import make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import squeezed

pytestmark = pytest.mark.django_db

IMPORT = "/admin/comparison/claim/import/"
HEAD = "source;framework;criterion;statement;low;high\n"
ROW = "article;one;figure;Takes long;{0};{0}\n"


@pytest.fixture
def catalogue() -> None:
    make_source("Article", slug="article")
    make_framework("One", aliases="The first\nUno")
    make_criterion("figure", name="Time per request", slug="figure", synonyms="latency")


def plan_rows(text: str, mark: DecimalMark | None = None) -> Plan:
    return Planner(None, mark).read(read_rows(text))


def lows(plan: Plan) -> list[Decimal | None]:
    assert plan.errors == []
    return [claim.low for _, claim in plan.created]


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_a_line_that_names_the_separator_is_followed(line) -> None:
    text = line + "source;framework;criterion;statement\na, b, c;d;e;f, g, h, i, j\n"
    (row,) = read_rows(text)
    assert (row[0], row[1]["source"], row[1]["statement"]) == (2, "a, b, c", "f, g, h, i, j")


def test_any_separator_may_be_named() -> None:
    assert read_rows("sep=|\nsource|framework|criterion|statement\na|b|c|d\n")[0][1]["criterion"] == "c"
    assert read_rows("sep=\t\nsource\tframework\tcriterion\tstatement\na\tb\tc\td\n")[0][1]["criterion"] == "c"


@pytest.mark.parametrize("blank", ["\n", "\n\n", ";;;;;\n", ' ; ;"";\n\n', "\r\n\r\n"])
def test_blank_rows_before_the_headings_count_but_do_not_matter(catalogue, blank) -> None:
    rows = read_rows(blank + HEAD + ROW.format(3))
    number = blank.replace("\r", "").count("\n") + 2
    assert [(row, cells["statement"]) for row, cells in rows] == [(number, "Takes long")]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["1.440", "2,5"], ["1440", "2.5"]),
        (["1.440", "2.5"], ["1.440", "2.5"]),
        (["1,440", "1,440.5"], ["1440", "1440.5"]),
        (["12.345", "1.234.567,5"], ["12345", "1234567.5"]),
        (["1 440,25"], ["1440.25"]),
        (["0.125"], ["0.125"]),
        (["1440", "7"], ["1440", "7"]),
        (["2,5", "2.5"], ["2.5", "2.5"]),
    ],
)
def test_decimals_are_read_as_the_files_own_numbers_show(catalogue, numbers, expected) -> None:
    text = HEAD + "".join(ROW.format(number).replace("long", f"long {number}") for number in numbers)
    assert lows(plan_rows(text)) == [Decimal(number) for number in expected]


@pytest.mark.parametrize("number", ["1.440", "1,440", "12.345", "999,999", "−1.440"])
def test_a_number_that_may_be_two_is_asked_about(catalogue, number) -> None:
    plan = plan_rows(HEAD + ROW.format(number))
    assert plan.asks_for_mark
    assert [(error.row, error.column) for error in plan.errors] == [(2, "low"), (2, "high")]
    assert all(" or " in error.reason for error in plan.errors)
    assert plan.created == []


def test_what_was_asked_decides(catalogue) -> None:
    text = HEAD + ROW.format("1.440")
    assert lows(plan_rows(text, DecimalMark.POINT)) == [Decimal("1.440")]
    assert lows(plan_rows(text, DecimalMark.COMMA)) == [Decimal("1440")]
    error = plan_rows(HEAD + ROW.format("1.44"), DecimalMark.COMMA).errors[0]
    assert error.reason == "“1.44” is no number with a decimal comma."


@pytest.mark.parametrize("low", ["12.345", "1440.125", "0.125", "1234.5678", "1440", "7.5", "999.999"])
def test_exported_figures_come_back_the_same(low) -> None:
    make_claim(criterion=make_criterion("figure"), low=Decimal(low), high=Decimal(low))
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion")))
    plan = plan_rows(text)
    assert (plan.unchanged, plan.errors, plan.changed) == (1, [], [])
    again = io.StringIO()
    csv.writer(again, delimiter=";").writerows(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert plan_rows(again.getvalue()).unchanged == 1


def page_of(data: bytes, **more: Any) -> str:
    upload = SimpleUploadedFile("claims.csv", data)
    response = as_user(make_user("Contributor")).post(IMPORT, {"upload": upload, "_look": "1"} | more)
    content = response.content.decode()
    return squeezed(content)


def test_the_page_asks_which_mark_is_meant(catalogue) -> None:
    html = page_of((HEAD + ROW.format("1.440")).encode())
    assert "may be 1.44 or 1440" in html
    assert "0 new" in html
    assert "Look at it again" in html
    html = page_of((HEAD + ROW.format("1.440")).encode(), mark="comma")
    assert "1,440" in html
    assert "1 new" in html
    assert '<option value="comma" selected>' in html


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("windows-1252", "it was read as Windows-1252"),
        ("utf-16", "it was read as UTF-16"),
    ],
)
def test_files_in_other_encodings_are_read_and_named(catalogue, encoding, named) -> None:
    words = "Größe, café – “so”, 5 €"
    html = page_of((HEAD + ROW.format(3).replace("Takes long", words)).encode(encoding))
    assert f"One, Time per request: {words}" in html
    assert "1 new" in html
    assert ("The file is not in UTF-8" in html, named in html) == (bool(named), True)


def test_pasted_rows_have_no_encoding(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    assert "not in UTF-8" not in squeezed(client.post(IMPORT, {"text": HEAD + ROW.format(3)}).content.decode())


def test_an_upload_tells_its_encoding() -> None:
    assert decode_upload("é\r\nx".encode()) == ("é\nx", "utf-8")
    assert decode_upload(b"\xe9") == ("é", "windows-1252")


@pytest.mark.parametrize("source", ["article", "Article", "ARTICLE", " A\u00adrticle "])
@pytest.mark.parametrize("framework", ["one", "ONE", "Uno", "the first"])
@pytest.mark.parametrize("criterion", ["figure", "Time per request", "Latency", "time\u00a0per request"])
def test_rows_may_give_names_as_well_as_slugs(catalogue, source, framework, criterion) -> None:
    plan = plan_rows(HEAD + f"{source};{framework};{criterion};x;3;3\n")
    assert plan.errors == []
    ((_, claim),) = plan.created
    assert (claim.source.slug, claim.framework.slug, claim.criterion.slug) == ("article", "one", "figure")


def test_a_name_of_several_is_asked_about(catalogue) -> None:
    make_source("Article", slug="article-2")
    make_framework("Two", aliases="Uno")
    plan = plan_rows(HEAD + "Article;Uno;figure;x;3;3\n")
    assert [(error.column, error.reason) for error in plan.errors] == [
        ("source", "“Article” is the name of several: article, article-2. Give the slug of one."),
        ("framework", "“Uno” is the name of several: one, two. Give the slug of one."),
    ]
    assert plan_rows(HEAD + "article;one;figure;x;3;3\n").errors == []


def test_names_find_what_is_stored(catalogue) -> None:
    text = HEAD + "Article;Uno;latency;Takes long;3;3\n"
    plan = plan_rows(text)
    ((_, claim),) = plan.created
    claim.save()
    assert plan_rows(text).unchanged == 1
    assert plan_rows(text.replace("Uno", "one").replace("Article", "article")).unchanged == 1

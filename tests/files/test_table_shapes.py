"""A comparison as one row per criterion and framework, and as verdicts alone to paste; footnotes in Markdown."""

import csv
import io
import re

import pytest

from comparison.models import Framework, NotApplicable
from tests.make import fill, make_category, make_check, make_claim, make_criterion, make_framework, make_source
from tests.reading import page, queries

pytestmark = pytest.mark.django_db

STEM = "/compare/alpha-vs-beta"


@pytest.fixture
def things() -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    first, second = make_source("One"), make_source("Two")
    speed, data = make_category("Performance"), make_category("Data")
    ease = make_criterion("rating", "Ease", category=speed)
    delay = make_criterion("figure", "Delay", category=speed, unit="ms")
    orm = make_criterion("feature", "Orm", category=data)
    users = make_criterion("list", "=Users", slug="users", category=data)
    make_claim(framework=alpha, criterion=ease, source=first, level=-2)
    make_claim(framework=beta, criterion=ease, source=second, level=2)
    make_claim(framework=alpha, criterion=delay, source=make_source("Run", kind="measurement"), low=5, high=1440)
    make_claim(framework=alpha, criterion=orm, source=first, support="built-in")
    make_claim(framework=alpha, criterion=orm, source=second, support="none")
    make_claim(framework=alpha, criterion=users, source=first, item="A; b")
    make_check(make_claim(framework=beta, criterion=users, source=make_source("Gone"), item="C"), "false")
    NotApplicable.objects.create(framework=beta, criterion=delay, reason="It has none.")


def tidy(client, query: str = "") -> list[dict[str, str]]:
    text = page(client, f"{STEM}.tidy.csv{query}").removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_tidy_file_has_a_row_for_each_criterion_and_framework(client, things) -> None:
    rows = {(row["slug"], row["framework"]): row for row in tidy(client)}
    assert len(rows) == 8
    assert list(rows["ease", "alpha"].values()) == [
        *("ease", "Ease", "performance", "rating", "alpha", "Alpha", "-1.0", "0.5", "-2.0", "", "", ""),
        *("one source", "beta", "one", "http://testserver/compare/alpha-vs-beta/ease/"),
    ]
    delay = rows["delay", "alpha"]
    assert [delay[key] for key in ("value", "low", "high", "unit")] == ["722.5", "5.0", "1440.0", "ms"]
    assert [rows["delay", "beta"][key] for key in ("state", "strength", "value")] == ["not applicable", "", ""]
    assert [rows["orm", "alpha"][key] for key in ("state", "sources")] == ["disputed", "one two"]
    assert [rows["users", name]["value"] for name in ("alpha", "beta")] == ["A; b", ""]
    assert rows["users", "beta"]["state"] == "no evidence"
    assert rows["users", "beta"]["name"] == "'=Users"


def test_a_tidy_file_says_what_the_json_says_and_has_plain_numbers(client, things) -> None:
    cells = {
        (row["criterion"], slug): cell
        for row in client.get(f"{STEM}.json").json()["rows"]
        for slug, cell in row["cells"].items()
    }
    for row in tidy(client):
        cell = cells[row["slug"], row["framework"]]
        assert row["position"] == ("" if cell["position"] is None else str(cell["position"]))
        assert row["sources"].split() == cell["sources"]
    assert "\N{MINUS SIGN}" not in page(client, f"{STEM}.tidy.csv")


@pytest.mark.parametrize(
    ("numbers", "median"),
    [(("0.1", "0.2"), 0.15), (("0.1", "0.7"), 0.4), (("0.0001", "0.0002"), 0.00015), (("1.1", "2.2", "3.3"), 2.2)],
)
def test_the_middle_of_numbers_has_no_digits_that_nobody_gave(client, things, numbers, median) -> None:
    gap = make_criterion("figure", "Gap", unit="ms")
    alpha = Framework.objects.get(slug="alpha")
    for number in numbers:
        make_claim(framework=alpha, criterion=gap, source=make_source(), low=number, high=number)
    cells = {row["criterion"]: row["cells"] for row in client.get(f"{STEM}.json").json()["rows"]}
    assert cells["gap"]["alpha"]["value"]["median"] == median
    values = {(row["slug"], row["framework"]): row["value"] for row in tidy(client)}
    assert values["gap", "alpha"] == str(median)


def test_a_compact_table_has_verdicts_without_claims(client, things) -> None:
    lines = page(client, f"{STEM}.compact.md").splitlines()
    assert lines[0] == "# Alpha vs Beta"
    assert lines[2].endswith("Claims and sources: http://testserver/compare/alpha-vs-beta/")
    assert lines[4:6] == ["| Criterion | Alpha | Beta | Outcome |", "|---|---|---|---|"]
    assert "| Ease | Poor (−1.00), one source | Strong (+1.00), one source | Beta leads |" in lines
    assert "| Orm | Built in or none, disputed | No evidence | Unsettled |" in lines
    assert len(lines) == 10
    assert not re.search(r"claim \d|\[\^", "\n".join(lines))


def test_a_compact_table_of_one_framework_has_no_outcomes(client, things) -> None:
    lines = page(client, "/compare/alpha.compact.md").splitlines()
    assert lines[4:6] == ["| Criterion | Alpha |", "|---|---|"]
    assert [line.count("|") for line in lines[4:]] == [3] * 6
    assert "Not ranked" not in "".join(lines)


@pytest.mark.parametrize("shape", ["tidy.csv", "compact.md"])
def test_the_shapes_have_the_filters_of_the_page(client, things, shape) -> None:
    text = page(client, f"{STEM}.{shape}?category=data&order=beta")
    assert "Orm" in text
    assert "Ease" not in text
    assert text.index("Beta") < text.index("Alpha")
    refused = client.get(f"{STEM}.{shape}?show=7")
    assert (refused.status_code, "show=7" in refused.content.decode()) == (400, True)
    assert client.get(f"/compare/beta-vs-alpha.{shape}").headers["Location"] == f"{STEM}.{shape}"
    for stem in (f"{STEM}/ease", "/frameworks/alpha", "/claims"):
        page(client, f"{stem}.{shape}", 404)
    assert f'href="{STEM}.{shape}"' in page(client, f"{STEM}/")


def test_footnotes_have_one_mark_in_every_file_and_none_is_unused(client, things) -> None:
    def notes(address: str) -> set[str]:
        text = page(client, address)
        found = set(re.findall(r"^(\[\^.+?\]: .+)$", text, re.MULTILINE))
        assert {note.split(":")[0] for note in found} == set(re.findall(r"\[\^.+?\](?!:)", text))
        return found

    whole = notes(f"{STEM}.md")
    assert sorted(note.split(":")[0] for note in whole) == ["[^one]", "[^run]", "[^two]"]  # no claim of “gone” counts
    assert notes(f"{STEM}.md?criterion=delay") == {note for note in whole if "run" in note}
    assert notes(f"{STEM}/orm.md") == {note for note in whole if "run" not in note}
    assert notes("/frameworks/alpha.md") == whole


def test_the_shapes_cost_the_same_at_any_size(client) -> None:
    costs = []
    for frameworks, criteria in ((2, 4), (5, 12)):
        stem = "/compare/" + "-vs-".join(sorted(framework.slug for framework in fill(frameworks, criteria)))
        costs.append([queries(client, f"{stem}.{shape}") for shape in ("tidy.csv", "compact.md")])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8

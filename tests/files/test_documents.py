"""Which claims a list shows, and what the files to download contain: JSON, CSV and Markdown."""

import csv
import io
import json
import re
from html import unescape

import pytest

from comparison.evidence import Kind
from comparison.files.documents import escape_markdown
from comparison.models import Claim, Criterion, Edition, NotApplicable
from tests.database import recorded
from tests.make import make_category, make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import page, rows, squeezed

pytestmark = pytest.mark.django_db

MEDIA_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8"}
TABLES = ["/compare/alpha-vs-beta", "/compare/alpha-vs-beta/speed", "/frameworks/alpha", "/criteria/speed"]
LISTS = ["/frameworks", "/criteria", "/sources", "/claims", "/sources/one"]
FORMULA_STARTS = (*"=+-@\t\r＝＋－＠﹣", "\u3000＝", "\u200b＝")
CELL_KEYS = ["state", "value", "position", "strength", "for", "against", "reported", "sources"]
CLAIM = "id framework criterion category kind source section start end statement value state findings"
CLAIM += " version_range url"
each_format = pytest.mark.parametrize("file_format", MEDIA_TYPES)


@pytest.fixture
@recorded
def animals() -> None:
    """Ten claims, each with an animal as its statement."""
    speed, data, people = (make_category(name) for name in ("Performance", "Data", "People"))
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    criteria = {
        "speed": make_criterion("rating", "Speed", category=speed),
        "delay": make_criterion("figure", "Delay", category=speed),
        "orm": make_criterion("feature", "Orm", category=data),
        "users": make_criterion("list", "Users", category=people),
        "team": make_criterion("fit", "Team", category=people),
    }
    first, second = make_source("One"), make_source("Two")
    Claim.objects.bulk_create(
        Claim(
            statement=animal, framework=framework, criterion=criteria[slug], source=source, state="published", **value
        )
        for animal, framework, slug, source, value in [
            ("ant", alpha, "speed", first, {"level": 2, "section": "Start here", "start": 20, "end": 30}),
            ("bee", alpha, "orm", first, {"support": "built-in", "start": 5, "end": 9}),
            ("cat", alpha, "orm", second, {"support": "none"}),
            ("dog", beta, "speed", second, {"level": -1}),
            ("elk", beta, "users", second, {"item": "Pinterest"}),
            ("fox", beta, "delay", first, {"low": 5, "high": 1440, "section": "100% tested"}),
            ("gnu", beta, "orm", first, {"support": "partial"}),
            ("hen", alpha, "speed", second, {"level": 0}),
            ("ibex", alpha, "team", first, {"level": -2}),
            ("jay", beta, "orm", second, {"support": "extension"}),
        ]
    )
    for animal, finding in (("dog", "false"), ("elk", "misleading"), ("elk", "confirmed"), ("hen", "outdated")):
        make_check(Claim.objects.get(statement=animal), finding)
    Claim.objects.all().announce("Filled")


def animal_list(client, query: str) -> str:
    return " ".join(claim["statement"] for claim in client.get(f"/claims.json?{query}").json()["results"])


FILTERED = {
    "": "jay ibex hen gnu fox elk dog cat bee ant",
    "framework=&q=&sort=&side=&finding=&page=": "jay ibex hen gnu fox elk dog cat bee ant",
    "utm_source=mail": "jay ibex hen gnu fox elk dog cat bee ant",
    "framework=alpha": "ibex hen cat bee ant",
    "framework=alpha&framework=beta": "jay ibex hen gnu fox elk dog cat bee ant",
    "framework=alpha&framework=alpha": "ibex hen cat bee ant",
    "criterion=orm": "jay gnu cat bee",
    "category=performance": "hen fox dog ant",
    "category=data&category=people": "jay ibex gnu elk cat bee",
    "source=one": "ibex gnu fox bee ant",
    "kind=rating": "hen dog ant",
    "kind=rating&kind=fit": "ibex hen dog ant",
    "side=for": "jay bee ant",
    "side=against": "ibex dog cat",
    "side=neither": "hen gnu fox elk",
    "finding=false": "dog",
    "finding=misleading&finding=confirmed": "elk",
    "finding=outdated&finding=false": "hen dog",
    "finding=none": "jay ibex gnu fox cat bee ant",
    "finding=none&finding=false": "jay ibex gnu fox dog cat bee ant",
    "q=ANT": "ant",
    "q=pinter": "elk",
    "q=start": "ant",
    "q=+start++ant+": "ant",
    "q=start+cat": "",
    "q=%25": "fox",
    "q=_": "",
    "q='": "",
    "framework=alpha&kind=rating&side=for": "ant",
    "source=two&finding=none&criterion=orm": "jay cat",
    "framework=alpha&criterion=users": "",
    "side=for&finding=false": "",
    "sort=oldest": "ant bee cat dog elk fox gnu hen ibex jay",
    "sort=newest": "jay ibex hen gnu fox elk dog cat bee ant",
    "sort=framework": "ant bee cat hen ibex dog elk fox gnu jay",
    "sort=criterion": "fox bee cat gnu jay ant dog hen ibex elk",
    "sort=source": "bee ant fox gnu ibex cat dog elk hen jay",
    "sort=source&finding=none&framework=beta": "fox gnu jay",
}


@pytest.mark.parametrize("query", FILTERED)
def test_filters_select_claims(client, animals, query) -> None:
    assert animal_list(client, query) == FILTERED[query]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def listed_animals(html: str) -> list[str]:
    return re.findall(r'<tr id="claim-\d+">.*?<td dir="auto"> ?(\w+)', squeezed(html))


def test_the_claims_page_lists_the_filtered_claims_and_fills_the_form(client, animals) -> None:
    html = page(client, "/claims/?framework=beta&side=against&source=two&sort=oldest&kind=rating&q=dog")
    assert listed_animals(html) == ["dog"]
    assert "dog False −1 Beta: Speed Two" in text(html)
    chosen = re.findall(r'<option value="([^"]+)" selected>', html)
    assert (chosen, 'value="dog"' in html) == (["beta", "two", "rating", "against", "oldest"], True)


def test_the_form_keeps_the_choice_of_unchecked_claims(client) -> None:
    assert '<option value="none" selected>' in page(client, "/claims/?finding=none")


def read(client, address: str) -> list[list[str]]:
    """The rows of a CSV or Markdown file, its head first."""
    text = page(client, address)
    if ".csv" in address:
        assert text.startswith("\ufeff")
        assert "\ufeff" not in text[1:]
        return list(csv.reader(io.StringIO(text[1:], newline="")))
    lines = [line for line in text.split("\n") if line.startswith("|")]
    split = [re.findall(r" ?((?:[^|\\]|\\.)*?) ?\|", line[1:]) for line in lines]
    assert set(split.pop(1)) == {"---"}
    return [[re.sub(r"\\(.)", r"\1", cell) for cell in line] for line in split]


ANY_ORIGIN = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers")


def headers(client, address: str) -> tuple[str | None, ...]:
    answer = client.get(address)
    return tuple(answer.headers.get(name) for name in ("Content-Type", "Content-Disposition", *ANY_ORIGIN))


@each_format
def test_every_file_names_its_type_and_allows_any_origin(client, animals, file_format) -> None:
    for stem in (*TABLES, *LISTS):
        name = stem.split("/", 2)[-1].replace("/", "-")
        disposition = f'{"attachment" if file_format == "csv" else "inline"}; filename="{name}.{file_format}"'
        assert headers(client, f"{stem}.{file_format}") == (MEDIA_TYPES[file_format], disposition, "*", "ETag")
        assert "Access-Control-Allow-Origin" not in client.get(f"{stem}/").headers


@pytest.mark.parametrize("address", ["/claims.csv", "/api/v1/claims/", "/frameworks.json"])
def test_an_unchanged_file_may_be_read_from_any_origin_too(client, animals, address) -> None:
    etag = client.get(address).headers["ETag"]
    unchanged = client.get(address, headers={"if-none-match": etag})
    assert (unchanged.status_code, *(unchanged.headers[name] for name in ANY_ORIGIN)) == (304, "*", "ETag")


@each_format
def test_a_file_from_the_cache_is_the_same_file(client, animals, file_format) -> None:
    first, second = (headers(client, f"/claims.{file_format}") for _ in range(2))
    assert first == second


@each_format
def test_an_empty_catalogue_has_files_too(client, file_format) -> None:
    for stem in ("/frameworks", "/criteria", "/sources", "/claims"):
        assert page(client, f"{stem}.{file_format}")
    make_framework("Alpha")
    assert page(client, f"/frameworks/alpha.{file_format}")


@pytest.mark.parametrize("end", ["xml", "JSON", "json/", "csvx", ""])
def test_other_endings_are_not_found(client, animals, end) -> None:
    for stem in (*TABLES, *LISTS):
        page(client, f"{stem}.{end}", 404)


@pytest.mark.parametrize("stem", TABLES)
def test_a_table_as_json_has_the_agreed_keys(client, animals, stem) -> None:
    table = client.get(f"{stem}.json").json()
    assert list(table) == ["edition", "frameworks", "rows", "sources"]
    assert table["edition"] == Edition.objects.current().number
    assert table["rows"]
    for row in table["rows"]:
        assert list(row) == ["criterion", "category", "kind", "outcome", "reason", "leader", "together", "cells"]
        assert list(row["cells"]) == table["frameworks"]
        assert row["leader"] in (None, *table["frameworks"])
        assert set(row["together"]) <= set(table["frameworks"])
        assert row["outcome"] in ("lead", "even", "unsettled", "not ranked")
        for cell in row["cells"].values():
            assert list(cell) == CELL_KEYS
    keys = ["number", "slug", "title", "kind", "publisher", "author", "address", "weight", "opinion_weight"]
    assert [list(source) for source in table["sources"]] == [keys] * len(table["sources"])


def test_the_cells_of_a_table_carry_each_kinds_value(client, animals) -> None:
    pk = dict(Claim.objects.values_list("statement", "pk"))
    cells = {row["criterion"]: row["cells"] for row in client.get("/compare/alpha-vs-beta.json").json()["rows"]}
    # Each source is an independent article: weight 2, strength 2 / (2 + 2); two of them 4 / (4 + 2).
    from_one = {"state": "one source", "strength": 0.5, "for": [], "against": [], "reported": [], "sources": ["one"]}
    assert cells["speed"]["alpha"] == from_one | {"value": 2.0, "position": 1.0, "for": [pk["ant"]]}
    assert cells["team"]["alpha"] == from_one | {"value": -2.0, "position": -1.0, "against": [pk["ibex"]]}
    figure = {"median": 722.5, "low": 5.0, "high": 1440.0}
    unranked = {"position": None, "strength": 0.0, "for": [pk["fox"]], "reported": [pk["fox"]]}
    assert cells["delay"]["beta"] == from_one | unranked | {"value": figure}
    nothing = {"state": "no evidence", "value": None, "position": None, "strength": 0.0, "sources": []}
    assert cells["users"]["beta"] == from_one | nothing  # its only claim was found misleading
    disputed = {"state": "disputed", "value": "none", "position": 0.0, "strength": 0.6667}
    sided = {"for": [pk["bee"]], "against": [pk["cat"]], "sources": ["one", "two"]}
    assert cells["orm"]["alpha"] == from_one | disputed | sided


def test_a_list_as_json_has_its_items_with_their_sources(client) -> None:
    claim = make_claim(framework=make_framework("Alpha"), criterion=make_criterion("list", "Users"), item="Pinterest")
    (row,) = client.get("/frameworks/alpha.json").json()["rows"]
    assert row["cells"]["alpha"]["value"] == [{"item": "Pinterest", "sources": 1, "claims": [claim.pk]}]
    assert (row["cells"]["alpha"]["position"], row["reason"]) == (None, "list")


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_a_cell_without_evidence_has_no_value(client, kind) -> None:
    criterion = make_criterion(kind, "Asked")
    make_claim(framework=make_framework("Alpha"), criterion=criterion)
    NotApplicable.objects.create(framework=make_framework("Gamma"), criterion=criterion, reason="No.")
    make_framework("Beta")
    cells = client.get("/compare/alpha-vs-beta-vs-gamma.json").json()["rows"][0]["cells"]
    nothing = {
        "value": None,
        "position": None,
        "strength": 0.0,
        "for": [],
        "against": [],
        "reported": [],
        "sources": [],
    }
    assert cells["alpha"]["value"] is not None
    assert cells["beta"] == {"state": "no evidence"} | nothing
    assert cells["gamma"] == {"state": "not applicable"} | nothing


def test_a_claim_as_json_has_the_agreed_keys_in_their_order(client, animals) -> None:
    for address in ("/claims.json", "/sources/one.json"):
        assert {" ".join(claim) for claim in client.get(address).json()["results"]} == {f"{CLAIM} updated_edition part"}
    claims = {claim["statement"]: claim for claim in client.get("/claims.json").json()["results"]}
    values = [claims[animal]["value"] for animal in ("ant", "hen", "bee", "fox", "elk")]
    figure = {"low": 5.0, "high": 1440.0, "unit": "ms"}
    assert values == [{"level": 2}, {"level": 0}, {"support": "built-in"}, figure, {"item": "Pinterest"}]
    ant = Claim.objects.get(statement="ant")
    fields = [ant.pk, "alpha", "speed", "performance", "rating", "one", "Start here", 20, 30, "ant", {"level": 2}]
    assert list(claims["ant"].values()) == [
        *fields,
        "published",
        [],
        "",
        f"http://testserver/claims/{ant.pk}/",
        ant.updated_edition,
        None,
    ]
    assert [check["finding"] for check in claims["elk"]["findings"]] == ["misleading", "confirmed"]
    assert list(claims["elk"]["findings"][0]) == ["finding", "note", "evidence", "on"]


def test_every_list_as_json_has_the_agreed_keys(client, animals) -> None:
    lists = {stem: client.get(f"{stem}.json").json() for stem in LISTS}
    keys = ["count", "count_is_exact", "edition", "next", "previous", "results"]
    assert {stem: sorted(data) for stem, data in lists.items()} == dict.fromkeys(LISTS, keys)
    assert all(data["count"] == len(data["results"]) for data in lists.values())


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "\tx",
    "\rx",
    "  =1",
    "-",
    '=HYPERLINK("http://x")',
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
]
FORMULAS += ["\u3000＝1", "\u200b＝1", "﹣1"]


@pytest.mark.parametrize("bad", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(client, bad) -> None:
    article = make_source("Article", author=bad, publisher=bad, note=bad)
    alpha = make_framework("Alpha", tagline=bad, aliases=bad)
    users = make_criterion("list", f"{bad} users", slug="users", question=bad)
    make_claim(framework=alpha, criterion=users, source=article, statement=bad, item=bad, section=bad)
    make_claim(framework=alpha, criterion=make_criterion(name="Speed"), source=article, level=-1)
    for stem in ("/claims", "/sources", "/frameworks", "/criteria", "/sources/article", "/frameworks/alpha"):
        head, *lines = read(client, f"{stem}.csv")
        assert {len(line) for line in lines} == {len(head)}
        assert [cell for line in lines for cell in line if cell.startswith(FORMULA_STARTS) and cell != "-1"] == []
    rated, named = (
        dict(zip(head, line, strict=True)) for head, *lines in [read(client, "/claims.csv")] for line in lines
    )
    assert (rated["value"], named["value"], named["start"]) == ("-1", f"'{bad}", "")


def test_no_head_of_a_csv_is_a_formula(client) -> None:
    make_claim(framework=make_framework("=1+1", slug="alpha"))
    assert [cell for cell in read(client, "/frameworks/alpha.csv")[0] if cell.startswith(FORMULA_STARTS)] == []


@pytest.mark.parametrize(("kind", "is_missed"), [("measurement", False), ("independent", True)])
def test_the_address_of_a_source_is_missed_unless_it_was_measured_here(client, kind, is_missed) -> None:
    framework = make_framework("Alpha")
    make_claim(framework=framework, source=make_source("Seen", kind=kind))
    assert ("Address not known" in page(client, "/frameworks/alpha.csv")) == is_missed
    assert ("Address not known" in page(client, "/frameworks/alpha/")) == is_missed


def test_a_csv_has_everything_a_citation_needs_in_columns(client) -> None:
    known = {"author": "A. Nother", "publisher": "Press", "address": "https://a.example/", "title": 'So, "it" goes\non'}
    source = make_source(slug="one", published="2024-02-03", **known)
    claim = make_claim(source=source, start=3, end=9, section="Two;\n three", statement='a "b", c\nd')
    for address in ("/claims.csv", "/sources/one.csv"):
        head, line = read(client, address)
        cells = dict(zip(head, line, strict=True))
        assert known.items() <= cells.items()
        assert (cells["start"], cells["end"], cells["id"]) == ("3", "9", str(claim.pk))
        assert (cells["section"], cells["statement"]) == (claim.section, claim.statement)
        assert "2024-02-03" in line


def test_a_table_as_csv_cites_in_full(client, animals) -> None:
    head, *lines = read(client, "/compare/alpha-vs-beta.csv")
    assert head[:4] == ["Category", "Criterion", "Outcome", "Alpha"]
    assert (len(lines), {len(line) for line in lines}) == (5, {9})
    row = next(line for line in lines if line[1] == "Speed")
    assert row[2:5] == ["Unsettled, no evidence on Beta", "Strong (+1.00, strength 0.50)", "On one article’s word"]
    pk = Claim.objects.get(statement="ant").pk
    assert re.fullmatch(rf"\(\+\) ant \[One\. .*undated.*\] \(claim {pk}, characters 20–30\)", row[5])


NASTY = ["a | b", "a\nb", "a\r\n\r\n| c |", "end \\", "\\|", "\\\\|", "`|`", "| --- |", "\x0b|", "a\u2028|b"]
NASTY += ["**a** _b_", "[^99]", "[^1]", "[^x]: y", "<img src=x>", "[a](javascript:alert(1))", "![x](//x.example/y)"]


@each_format
@pytest.mark.parametrize("nasty", NASTY)
def test_files_contain_any_text_unchanged(client, nasty, file_format) -> None:
    source = make_source("One", author=nasty, publisher=nasty, note=nasty)
    things = make_criterion("list", "Things", question=nasty, category=make_category(nasty, slug="c"))
    alpha = make_framework("Alpha", tagline=nasty)
    make_claim(framework=alpha, criterion=things, source=source, statement=nasty, item=nasty, section=nasty)
    for stem in ("/frameworks/alpha", "/frameworks", "/sources", "/claims"):
        text = page(client, f"{stem}.{file_format}")
        if file_format == "json":
            assert json.dumps(nasty, ensure_ascii=False) in text
            continue
        head, *lines = read(client, f"{stem}.{file_format}")
        assert {len(line) for line in lines} == {len(head)}
        expected = " ".join(nasty.split()) if file_format == "md" else nasty
        assert any(expected in cell for line in lines for cell in line)
        if file_format == "md":
            assert_sound(text)


def assert_sound(markdown: str) -> None:
    """No tag, no link, and no footnotes but those of the sources, each with its text."""
    addresses = r"(?<!\\)<https?://[^<>\s]*>"  # as Markdown writes those that hold marks
    assert re.findall(r"(?<!\\)<|(?<!\\)\[[^]^]*\]\(", re.sub(addresses, "", markdown)) == []
    marks, notes = (re.findall(rf"{start}\[\^([\w-]+)\]", markdown, re.MULTILINE) for start in (r"(?<!\\)", "^"))
    assert set(marks) == set(notes)
    assert len(marks) >= 2 * len(notes) == 2 * len(set(notes))


PLAIN = [
    "about ~5~ or ~~6~~ ms",
    "R&amp;D &copy; &#35; R&D",
    "a <b> c & d < e",
    "C #",
    "# 1",
    "1. first",
    "12) x",
    "- x",
    "> x",
]
PLAIN += [
    "$5 and $6",
    "2 * 3 * 4",
    "snake_case and _x_",
    "--- x",
    "+ x",
    "=== ",
    "[x] done",
    "![a](b)",
    "`code` ``",
    "1.5 s",
]
ADDRESSES = {
    "https://a.example/x": "https://a.example/x",
    "https://a.example/_a_/~b/?c=1&amp;d=2": "<https://a.example/_a_/~b/?c=1&amp;d=2>",
    "https://a.example/Flask_(web)": "<https://a.example/Flask_(web)>",
    "(https://a.example/~x)": r"(<https://a.example/~x>)",
    "https://a.example/a_b.": "<https://a.example/a_b>.",
    "https://a.example/a|b": r"https://a.example/a\|b",
}


@pytest.mark.parametrize("text", [*PLAIN, *NASTY])
def test_markdown_leaves_no_markup_in_a_text(text) -> None:
    """What CommonMark, GitHub's tables and its formulas would read as markup has a backslash before it."""
    escaped = escape_markdown(text)
    assert re.sub(r"\\([!-/:-@[-`{-~])", r"\1", escaped) == " ".join(text.split())
    bare = re.sub(r"\\[!-/:-@[-`{-~]", "x", escaped)
    assert not re.search(r"[|<*_`\[\]~$]|&#?\w+;|^(\d+[.)]|[-+]|#+)(\s|$)|^>|^--|^=+$|\s#+$", bare)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_markdown_leads_where_it_led(address) -> None:
    assert escape_markdown(f"See {address}") == f"See {ADDRESSES[address]}"


def test_a_title_is_escaped_too(client) -> None:
    make_claim(framework=make_framework("<img src=x>\n| [^9] |", slug="alpha"))
    text = page(client, "/frameworks/alpha.md")
    assert_sound(text)
    assert {len(line) for line in read(client, "/frameworks/alpha.md")} == {6}


def test_a_table_as_markdown_cites_every_source_at_its_foot(client, animals) -> None:
    text = page(client, "/compare/alpha-vs-beta.md")
    assert_sound(text)
    edition = f"Edition {Edition.objects.current().number}, "
    assert re.match(rf"# Alpha vs Beta\n\n{edition}.* http://testserver/compare/alpha-vs-beta/\n\n\| Category", text)
    assert re.findall(r"^\[\^(\w+)\]: \w+\. .*undated", text, re.MULTILINE) == ["one", "two"]


FILTERS = ["", "criterion=speed&criterion=orm", "category=people", "kind=fit", "show=disputed", "min_sources=2"]
FILTERS += ["source=two", "sort=difference", "order=beta", "reference=beta&category=data", "q=orm", "q=nothing"]


@pytest.mark.parametrize("query", FILTERS)
def test_every_file_of_a_table_has_the_rows_of_the_page(client, animals, query) -> None:
    html = page(client, f"/compare/alpha-vs-beta/?{query}")
    table = client.get(f"/compare/alpha-vs-beta.json?{query}").json()
    assert [row["criterion"] for row in table["rows"]] == rows(html)
    names = [Criterion.objects.get(slug=slug).name for slug in rows(html)]
    for file_format in ("csv", "md"):
        assert f'href="/compare/alpha-vs-beta.{file_format}{f"?{query}" if query else ""}"' in unescape(html)
        head, *lines = read(client, f"/compare/alpha-vs-beta.{file_format}?{query}")
        assert [line[1] for line in lines] == names
        assert [name.lower() for name in head[3::3]] == table["frameworks"]


@each_format
@pytest.mark.parametrize("address", ["/compare/alpha-vs-beta.{}?show=7", "/claims.{}?side=up"])
def test_a_bad_filter_of_a_file_is_named(client, animals, address, file_format) -> None:
    response = client.get(address.format(file_format))
    assert response.status_code == 400
    assert address.split("?")[1] in response.content.decode()


@pytest.mark.parametrize("query", ["", "framework=alpha&side=for", "sort=source", "page_size=3&page=2", "q=nothing"])
def test_every_file_of_claims_has_the_claims_of_the_page(client, animals, query) -> None:
    shown = animal_list(client, query).split()
    assert listed_animals(page(client, f"/claims/?{query}")) == shown
    for file_format in ("csv", "md"):
        lines = [line for line in read(client, f"/claims.{file_format}?{query}") if len(line) > 1]  # what is left out
        assert [line[5] for line in lines[1:]] == shown


@each_format
@pytest.mark.parametrize("names", ["beta-vs-alpha", "alpha-vs-beta-vs-alpha", "Alpha-vs-BETA", "alpha-vs-beta-vs-"])
def test_a_redirect_to_the_canonical_address_keeps_format_and_query(client, animals, names, file_format) -> None:
    for row in ("", "/speed"):
        response = client.get(f"/compare/{names}{row}.{file_format}?category=data&q=a%26b%20%C3%A9&x")
        canonical = f"/compare/alpha-vs-beta{row}.{file_format}?category=data&q=a%26b%20%C3%A9&x"
        assert (response.status_code, response.headers["Location"]) == (301, canonical)


def updated_editions(client) -> dict[str, int]:
    return {claim["statement"]: claim["updated_edition"] for claim in client.get("/claims.json").json()["results"]}


def test_a_changed_claim_has_a_new_edition(client, admin_client) -> None:
    first = make_claim(statement="first")
    make_claim(statement="other")
    before = updated_editions(client)
    assert before == {"first": Edition.objects.current().number - 1, "other": Edition.objects.current().number}
    first.refresh_from_db()
    first.section = "Elsewhere"
    first.revise(make_user("Editor"))
    assert updated_editions(client) == before | {"first": Edition.objects.current().number}


def test_a_check_of_a_claim_changes_its_edition(client, admin_client) -> None:
    claim = make_claim(statement="first")
    before = updated_editions(client)
    data = {"finding": "false", "note": "Seen otherwise.", "on": "2026-11-20", "no_address": "on"}
    assert admin_client.post(f"/admin/comparison/claim/{claim.pk}/check/", data).status_code == 302
    assert client.get("/claims.json").json()["results"][0]["findings"]
    assert updated_editions(client)["first"] == Edition.objects.current().number > before["first"]

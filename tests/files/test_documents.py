"""Which claims a list holds, and what is in the files taken along: JSON, CSV and Markdown."""

import csv
import io
import json
import re
from html import unescape

import pytest

from comparison.evidence import Kind
from comparison.models import Claim, Criterion, Edition, NotApplicable
from tests.make import make_category, make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import page, rows

pytestmark = pytest.mark.django_db

FORMS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8"}
TABLES = ["/compare/alpha-vs-beta", "/compare/alpha-vs-beta/speed", "/frameworks/alpha", "/criteria/speed"]
LISTS = ["/frameworks", "/criteria", "/sources", "/claims", "/sources/one"]
RUN = ("=", "+", "-", "@", "\t", "\r")
CLAIM = "id framework criterion category kind source section start end statement value state findings version_range url"
each_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def shelf() -> None:
    """Ten claims, each with a beast as its statement."""
    speed, data, people = (make_category(name) for name in ("Performance", "Data", "People"))
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    asked = {
        "speed": make_criterion("rating", "Speed", category=speed),
        "delay": make_criterion("figure", "Delay", category=speed),
        "orm": make_criterion("feature", "Orm", category=data),
        "users": make_criterion("list", "Users", category=people),
        "team": make_criterion("fit", "Team", category=people),
    }
    first, second = make_source("One"), make_source("Two")
    Claim.objects.bulk_create(
        Claim(statement=beast, framework=one, criterion=asked[slug], source=source, state="published", **said)
        for beast, one, slug, source, said in [
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
    for beast, finding in (("dog", "false"), ("elk", "misleading"), ("elk", "confirmed"), ("hen", "outdated")):
        make_check(Claim.objects.get(statement=beast), finding)
    Claim.objects.all().announce("Filled")


def beasts(client, query: str) -> str:
    return " ".join(one["statement"] for one in client.get(f"/claims.json?{query}").json()["results"])


CHOSEN = {
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


@pytest.mark.parametrize("query", CHOSEN)
def test_filters_choose_claims(client, shelf, query) -> None:
    assert beasts(client, query) == CHOSEN[query]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_the_claims_page_lists_what_passes_and_keeps_the_form(client, shelf) -> None:
    html = page(client, "/claims/?framework=beta&side=against&source=two&sort=oldest&kind=rating&q=dog")
    assert re.findall(r'<tr id="claim-\d+">.*?<td>(\w+)', html) == ["dog"]
    assert "dog False −1 Beta: Speed Two" in text(html)
    chosen = re.findall(r'<option value="([^"]+)" selected>', html)
    assert (chosen, 'value="dog"' in html) == (["beta", "two", "rating", "against", "oldest"], True)


def test_the_form_keeps_the_choice_of_unchecked_claims(client) -> None:
    assert '<option value="none" selected>' in page(client, "/claims/?finding=none")


def read(client, address: str) -> list[list[str]]:
    """The rows of a CSV or Markdown file, its head first."""
    found = page(client, address)
    if ".csv" in address:
        assert found.startswith("\ufeff")
        assert "\ufeff" not in found[1:]
        return list(csv.reader(io.StringIO(found[1:], newline="")))
    lines = [line for line in found.split("\n") if line.startswith("|")]
    split = [re.findall(r" ?((?:[^|\\]|\\.)*?) ?\|", line[1:]) for line in lines]
    assert set(split.pop(1)) == {"---"}
    return [[re.sub(r"\\(.)", r"\1", one) for one in line] for line in split]


def headers(client, address: str) -> tuple[str | None, ...]:
    answer = client.get(address)
    return tuple(
        answer.headers.get(name) for name in ("Content-Type", "Content-Disposition", "Access-Control-Allow-Origin")
    )


@each_form
def test_every_file_says_what_it_is_and_is_open_to_all(client, shelf, form) -> None:
    for stem in (*TABLES, *LISTS):
        name = stem.split("/", 2)[-1].replace("/", "-")
        kept = f'{"attachment" if form == "csv" else "inline"}; filename="{name}.{form}"'
        assert headers(client, f"{stem}.{form}") == (FORMS[form], kept, "*")
        assert "Access-Control-Allow-Origin" not in client.get(f"{stem}/").headers


@each_form
def test_a_file_from_the_cache_is_the_same_file(client, shelf, form) -> None:
    first, second = (headers(client, f"/claims.{form}") for _ in range(2))
    assert first == second


@each_form
def test_an_empty_catalogue_makes_files_too(client, form) -> None:
    for stem in ("/frameworks", "/criteria", "/sources", "/claims"):
        assert page(client, f"{stem}.{form}")
    make_framework("Alpha")
    assert page(client, f"/frameworks/alpha.{form}")


@pytest.mark.parametrize("end", ["xml", "JSON", "json/", "csvx", ""])
def test_other_endings_are_not_found(client, shelf, end) -> None:
    for stem in (*TABLES, *LISTS):
        page(client, f"{stem}.{end}", 404)


@pytest.mark.parametrize("stem", TABLES)
def test_a_table_as_json_has_the_agreed_keys(client, shelf, stem) -> None:
    found = client.get(f"{stem}.json").json()
    assert list(found) == ["edition", "frameworks", "rows", "sources"]
    assert found["edition"] == Edition.objects.current().number
    assert found["rows"]
    for row in found["rows"]:
        assert list(row) == ["criterion", "category", "kind", "outcome", "leader", "cells"]
        assert list(row["cells"]) == found["frameworks"]
        assert row["leader"] in (None, *found["frameworks"])
        assert row["outcome"] in ("lead", "even", "unsettled", "not ranked")
        for cell in row["cells"].values():
            assert list(cell) == ["state", "value", "for", "against", "sources"]
    keys = ["number", "slug", "title", "kind", "publisher", "author", "address", "weight"]
    assert [list(one) for one in found["sources"]] == [keys] * len(found["sources"])


def test_the_cells_of_a_table_carry_each_kinds_value(client, shelf) -> None:
    pk = dict(Claim.objects.values_list("statement", "pk"))
    found = {row["criterion"]: row["cells"] for row in client.get("/compare/alpha-vs-beta.json").json()["rows"]}
    one = {"state": "one source", "against": [], "sources": ["one"]}
    two = one | {"sources": ["two"]}
    assert found["speed"]["alpha"] == one | {"value": 1.0, "for": [pk["ant"]]}
    assert found["team"]["alpha"] == one | {"value": -1.0, "for": [], "against": [pk["ibex"]]}
    assert found["delay"]["beta"] == one | {"value": {"median": 722.5, "low": 5.0, "high": 1440.0}, "for": [pk["fox"]]}
    items = [{"item": "Pinterest", "sources": 1, "claims": [pk["elk"]]}]
    assert found["users"]["beta"] == two | {"value": items, "for": [pk["elk"]]}
    disputed = {"state": "disputed", "value": "none", "for": [pk["cat"]], "against": [pk["bee"]]}
    assert found["orm"]["alpha"] == disputed | {"sources": ["one", "two"]}


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_what_nobody_knows_has_no_value(client, kind) -> None:
    asked = make_criterion(kind, "Asked")
    make_claim(framework=make_framework("Alpha"), criterion=asked)
    NotApplicable.objects.create(framework=make_framework("Gamma"), criterion=asked, reason="No.")
    make_framework("Beta")
    cells = client.get("/compare/alpha-vs-beta-vs-gamma.json").json()["rows"][0]["cells"]
    nothing = {"value": None, "for": [], "against": [], "sources": []}
    assert cells["alpha"]["value"] is not None
    assert cells["beta"] == {"state": "no evidence"} | nothing
    assert cells["gamma"] == {"state": "not applicable"} | nothing


def test_a_claim_as_json_has_the_agreed_keys_in_their_order(client, shelf) -> None:
    for address in ("/claims.json", "/sources/one.json"):
        assert {" ".join(one) for one in client.get(address).json()["results"]} == {f"{CLAIM} updated_edition"}
    found = {one["statement"]: one for one in client.get("/claims.json").json()["results"]}
    values = [found[beast]["value"] for beast in ("ant", "hen", "bee", "fox", "elk")]
    figure = {"low": 5.0, "high": 1440.0, "unit": "ms"}
    assert values == [{"level": 2}, {"level": 0}, {"support": "built-in"}, figure, {"item": "Pinterest"}]
    ant = Claim.objects.get(statement="ant")
    said = [ant.pk, "alpha", "speed", "performance", "rating", "one", "Start here", 20, 30, "ant", {"level": 2}]
    assert list(found["ant"].values()) == [*said, "published", [], "", f"/claims/{ant.pk}/", ant.updated_edition]
    assert [one["finding"] for one in found["elk"]["findings"]] == ["misleading", "confirmed"]
    assert list(found["elk"]["findings"][0]) == ["finding", "note", "evidence", "on"]


def test_every_list_as_json_pages_as_agreed(client, shelf) -> None:
    found = {stem: client.get(f"{stem}.json").json() for stem in LISTS}
    keys = ["count", "edition", "next", "previous", "results"]
    assert {stem: sorted(one) for stem, one in found.items()} == dict.fromkeys(LISTS, keys)
    assert all(one["count"] == len(one["results"]) for one in found.values())


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@x", "\t=1", "\tx", "\rx", "  =1", "-", '=HYPERLINK("http://x")'])
def test_no_cell_of_a_csv_is_a_formula(client, bad) -> None:
    article = make_source("Article", author=bad, publisher=bad, note=bad)
    alpha = make_framework("Alpha", tagline=bad, aliases=bad)
    users = make_criterion("list", f"{bad} users", slug="users", question=bad)
    make_claim(framework=alpha, criterion=users, source=article, statement=bad, item=bad, section=bad)
    make_claim(framework=alpha, criterion=make_criterion(name="Speed"), source=article, level=-1)
    for stem in ("/claims", "/sources", "/frameworks", "/criteria", "/sources/article", "/frameworks/alpha"):
        head, *lines = read(client, f"{stem}.csv")
        assert {len(line) for line in lines} == {len(head)}
        assert [one for line in lines for one in line if one.startswith(RUN) and one != "-1"] == []
    rated, named = (
        dict(zip(head, line, strict=True)) for head, *lines in [read(client, "/claims.csv")] for line in lines
    )
    assert (rated["value"], named["value"], named["start"]) == ("-1", f"'{bad}", "")


def test_no_head_of_a_csv_is_a_formula(client) -> None:
    make_claim(framework=make_framework("=1+1", slug="alpha"))
    assert [one for one in read(client, "/frameworks/alpha.csv")[0] if one.startswith(RUN)] == []


def test_a_csv_has_everything_a_citation_needs_in_columns(client) -> None:
    known = {"author": "A. Nother", "publisher": "Press", "address": "https://a.example/", "title": 'So, "it" goes\non'}
    source = make_source(slug="one", published="2024-02-03", **known)
    claim = make_claim(source=source, start=3, end=9, section="Two;\n three", statement='a "b", c\nd')
    for address in ("/claims.csv", "/sources/one.csv"):
        head, line = read(client, address)
        found = dict(zip(head, line, strict=True))
        assert known.items() <= found.items()
        assert (found["start"], found["end"], found["id"]) == ("3", "9", str(claim.pk))
        assert (found["section"], found["statement"]) == (claim.section, claim.statement)
        assert "2024-02-03" in line


def test_a_table_as_csv_cites_in_full(client, shelf) -> None:
    head, *lines = read(client, "/compare/alpha-vs-beta.csv")
    assert head[:4] == ["Category", "Criterion", "Outcome", "Alpha"]
    assert (len(lines), {len(line) for line in lines}) == (5, {9})
    row = next(line for line in lines if line[1] == "Speed")
    assert row[2:5] == ["Unsettled, nothing on Beta", "Strong (+1.00)", "One source"]
    pk = Claim.objects.get(statement="ant").pk
    assert re.fullmatch(rf"\(\+\) ant \[One\. .*undated.*\] \(claim {pk}, characters 20–30\)", row[5])


NASTY = ["a | b", "a\nb", "a\r\n\r\n| c |", "end \\", "\\|", "\\\\|", "`|`", "| --- |", "\x0b|", "a\u2028|b"]
NASTY += ["**a** _b_", "[^99]", "[^1]", "[^x]: y", "<img src=x>", "[a](javascript:alert(1))", "![x](//x.example/y)"]


@each_form
@pytest.mark.parametrize("nasty", NASTY)
def test_files_hold_whatever_was_said(client, nasty, form) -> None:
    source = make_source("One", author=nasty, publisher=nasty, note=nasty)
    things = make_criterion("list", "Things", question=nasty, category=make_category(nasty, slug="c"))
    alpha = make_framework("Alpha", tagline=nasty)
    make_claim(framework=alpha, criterion=things, source=source, statement=nasty, item=nasty, section=nasty)
    for stem in ("/frameworks/alpha", "/frameworks", "/sources", "/claims"):
        found = page(client, f"{stem}.{form}")
        if form == "json":
            assert json.dumps(nasty, ensure_ascii=False) in found
            continue
        head, *lines = read(client, f"{stem}.{form}")
        assert {len(line) for line in lines} == {len(head)}
        kept = " ".join(nasty.split()) if form == "md" else nasty
        assert any(kept in one for line in lines for one in line)
        if form == "md":
            assert_sound(found)


def assert_sound(markdown: str) -> None:
    """No tag, no link, no footnote but those of the sources, each of which is at the foot."""
    assert re.findall(r"(?<!\\)<|(?<!\\)\[[^]^]*\]\(", markdown) == []
    marks, notes = (re.findall(rf"{start}\[\^(\w+)\]", markdown, re.MULTILINE) for start in (r"(?<!\\)", "^"))
    assert set(marks) == set(notes)
    assert len(marks) >= 2 * len(notes) == 2 * len(set(notes))


def test_a_title_is_text_too(client) -> None:
    make_claim(framework=make_framework("<img src=x>\n| [^9] |", slug="alpha"))
    found = page(client, "/frameworks/alpha.md")
    assert_sound(found)
    assert {len(line) for line in read(client, "/frameworks/alpha.md")} == {6}


def test_a_table_as_markdown_cites_every_source_at_its_foot(client, shelf) -> None:
    found = page(client, "/compare/alpha-vs-beta.md")
    assert_sound(found)
    edition = f"Edition {Edition.objects.current().number}, "
    assert re.match(rf"# Alpha vs Beta\n\n{edition}.* http://testserver/compare/alpha-vs-beta/\n\n\| Category", found)
    assert re.findall(r"^\[\^\d\]: (\w+)\. .*undated", found, re.MULTILINE) == ["One", "Two"]


FILTERS = ["", "criterion=speed&criterion=orm", "category=people", "kind=fit", "show=disputed", "min_sources=2"]
FILTERS += ["source=two", "sort=difference", "order=beta", "reference=beta&category=data", "q=orm", "q=nothing"]


@pytest.mark.parametrize("query", FILTERS)
def test_every_file_of_a_table_has_the_rows_of_the_page(client, shelf, query) -> None:
    html = page(client, f"/compare/alpha-vs-beta/?{query}")
    found = client.get(f"/compare/alpha-vs-beta.json?{query}").json()
    assert [row["criterion"] for row in found["rows"]] == rows(html)
    names = [Criterion.objects.get(slug=slug).name for slug in rows(html)]
    for form in ("csv", "md"):
        assert f'href="/compare/alpha-vs-beta.{form}{f"?{query}" if query else ""}"' in unescape(html)
        head, *lines = read(client, f"/compare/alpha-vs-beta.{form}?{query}")
        assert [line[1] for line in lines] == names
        assert [one.lower() for one in head[3::3]] == found["frameworks"]


@each_form
@pytest.mark.parametrize("address", ["/compare/alpha-vs-beta.{}?show=7", "/claims.{}?side=up"])
def test_a_bad_filter_of_a_file_is_named(client, shelf, address, form) -> None:
    response = client.get(address.format(form))
    assert response.status_code == 400
    assert address.split("?")[1] in response.content.decode()


@pytest.mark.parametrize("query", ["", "framework=alpha&side=for", "sort=source", "page_size=3&page=2", "q=nothing"])
def test_every_file_of_claims_has_the_claims_of_the_page(client, shelf, query) -> None:
    shown = beasts(client, query).split()
    assert re.findall(r'<tr id="claim-\d+">.*?<td>(\w+)', page(client, f"/claims/?{query}")) == shown
    for form in ("csv", "md"):
        assert [line[5] for line in read(client, f"/claims.{form}?{query}")[1:]] == shown


@each_form
@pytest.mark.parametrize("names", ["beta-vs-alpha", "alpha-vs-beta-vs-alpha", "Alpha-vs-BETA", "alpha-vs-beta-vs-"])
def test_the_way_to_the_canonical_address_keeps_ending_and_query(client, shelf, names, form) -> None:
    for row in ("", "/speed"):
        response = client.get(f"/compare/{names}{row}.{form}?category=data&q=a%26b%20%C3%A9&x")
        wanted = f"/compare/alpha-vs-beta{row}.{form}?category=data&q=a%26b%20%C3%A9&x"
        assert (response.status_code, response.headers["Location"]) == (301, wanted)


def updated(client) -> dict[str, int]:
    return {one["statement"]: one["updated_edition"] for one in client.get("/claims.json").json()["results"]}


def test_a_change_of_a_claim_is_seen_by_its_edition(client, admin_client) -> None:
    first = make_claim(statement="first")
    make_claim(statement="other")
    before = updated(client)
    assert before == {"first": Edition.objects.current().number - 1, "other": Edition.objects.current().number}
    first.refresh_from_db()
    first.section = "Elsewhere"
    first.revise(make_user("Editor"))
    assert updated(client) == before | {"first": Edition.objects.current().number}


def test_a_check_of_a_claim_is_a_change_of_it(client, admin_client) -> None:
    claim = make_claim(statement="first")
    before = updated(client)
    given = {"finding": "false", "note": "Seen otherwise.", "on": "2026-11-20", "no_address": "on"}
    assert admin_client.post(f"/admin/comparison/claim/{claim.pk}/check/", given).status_code == 302
    assert client.get("/claims.json").json()["results"][0]["findings"]
    assert updated(client)["first"] == Edition.objects.current().number > before["first"]

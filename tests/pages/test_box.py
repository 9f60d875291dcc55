"""What is in the box of frameworks: of one, side by side, and the counts of all, as pages and as data."""

import csv
import io
import re
from typing import Any

import pytest
from django.core.cache import cache

from comparison.evidence import Kind, State, Support, Verdict
from comparison.in_the_box.features import Offer, additions, count_words, counts_of_all, load_box, names, offer_of
from comparison.in_the_box.page import unbroken
from comparison.models import CellVerdict, Criterion, Edition, Framework, NotApplicable, Source
from tests.database import recorded
from tests.make import (
    fill,
    make_category,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_part,
    make_source,
    rebuild_verdicts,
)
from tests.reading import Links, page, queries, row, rows, squeezed

pytestmark = pytest.mark.django_db

COUNTED = "1 built in, 1 in part, 1 by extension, 1 none, 1 disputed, 1 unknown, 1 not applicable"


@pytest.fixture
@recorded
def boxes() -> dict[str, Any]:
    """Alpha comes by a feature in every way; Beta has mail alone."""
    alpha, beta, data = make_framework("Alpha"), make_framework("Beta"), make_category("Data")
    docs = make_source("Alpha documentation", "documentation", framework=alpha)
    packages = make_source("Alpha packages", "metadata", framework=alpha)
    login, other = make_part(packages, "Alpha-Login 1.2", slug="login"), make_part(packages, "Signed 3")
    article, second = make_source("Article"), make_source("Second article")
    feature = {
        name: make_criterion("feature", name, category=data, order=order)
        for order, name in enumerate(("Mapper", "Login", "Forms", "Cache", "Mail", "Feeds", "Maps"))
    }
    make_claim(framework=alpha, criterion=feature["Mapper"], source=docs, support="built-in", statement="Has models")
    for source, statement in (
        (login, "The package adds login"),
        (other, "Signs people in"),
        (docs, "Sends readers to alpha-login for it"),
        (article, "A library does it"),
    ):
        support = {"support": "extension", "statement": statement}
        make_claim(framework=alpha, criterion=feature["Login"], source=source, **support)
    make_claim(framework=alpha, criterion=feature["Forms"], source=docs, support="partial")
    make_claim(framework=alpha, criterion=feature["Cache"], source=docs, support="none", statement="Has no cache")
    make_claim(framework=alpha, criterion=feature["Mail"], source=article, support="built-in", statement="Sends mail")
    make_claim(framework=alpha, criterion=feature["Mail"], source=second, support="none", statement="Sends no mail")
    make_claim(framework=beta, criterion=feature["Mail"], source=article, support="built-in", statement="Mails too")
    NotApplicable.objects.create(framework=alpha, criterion=feature["Maps"], reason="It draws nothing.")
    make_claim(framework=alpha, criterion=make_criterion(name="Ease", category=data))
    rebuild_verdicts()
    return {"alpha": alpha, "beta": beta, "login": login}


def sections(html: str) -> dict[str, list[str]]:
    """The features named in each section, by its heading."""
    parts = re.split(r'<h2 class="ruled" id="[^"]+">', html)[1:]
    return {
        re.split("<", part)[0].strip(): re.findall(r'(?:class="criterion"|id="\w+")\s+href="[^"]+">(\w+)<', part)
        for part in parts
    }


@pytest.mark.parametrize(
    ("state", "support", "offer"),
    [
        (State.AGREED, Support.BUILT_IN, Offer.BUILT_IN),
        (State.ONE_SOURCE, Support.EXTENSION, Offer.EXTENSION),
        (State.MOSTLY_AGREED, Support.PARTIAL, Offer.PARTIAL),
        (State.AGREED, Support.NONE, Offer.NONE),
        (State.DISPUTED, Support.BUILT_IN, Offer.DISPUTED),
        (State.NO_EVIDENCE, None, Offer.UNKNOWN),
        (State.NOT_APPLICABLE, None, Offer.NOT_APPLICABLE),
    ],
)
def test_an_offer_is_the_support_unless_it_is_disputed_or_unknown(state, support, offer) -> None:
    assert offer_of(Verdict(Kind.FEATURE, state, supports=(support,) if support else ())) is offer


def test_counts_in_words_leave_out_what_there_is_none_of() -> None:
    counts = {Offer.UNKNOWN: 9, Offer.NONE: 4, Offer.BUILT_IN: 12, Offer.EXTENSION: 30, Offer.PARTIAL: 0}
    assert count_words(counts) == ("12 built in, 30 by extension, 4 none, 9 unknown")


@pytest.mark.parametrize(
    ("statement", "is_named"),
    [
        ("Sends readers to flask-login for it", True),
        ("Flask-Login does", True),
        ("Flask-Login-Extra does", False),
        ("Pre-Flask-Login", False),
        ("Has a login", False),
    ],
)
def test_a_statement_names_a_package_as_a_whole_word_without_its_version(statement, is_named) -> None:
    assert names(statement, Source(title="Flask-Login 0.6.3")) is is_named


def test_a_page_shows_one_framework_by_how_it_comes_by_its_features(client, boxes) -> None:
    html = page(client, "/in-the-box/alpha/")
    assert unbroken(COUNTED) in html
    assert sections(html) == {
        "In the box": ["Mapper"],
        "By extension": ["Login"],
        "In part": ["Forms"],
        "None": ["Cache"],
        "Disputed": ["Mail"],
        "Unknown": ["Feeds"],
        "Not applicable": ["Maps"],
        "Sources": [],
    }
    assert "Ease" not in html
    assert "It draws nothing." in row(html, "maps")
    assert 'id="feeds" href="/compare/alpha/feeds/"' in squeezed(html)


def test_every_extension_is_named_with_its_sources(client, boxes) -> None:
    login = squeezed(row(page(client, "/in-the-box/alpha/"), "login"))
    package = re.search(r'href="/sources/[^"]+/">Alpha-Login 1.2</a>((?:<a class="cite.*?</a>)+)', login)
    assert package
    assert package[1].count("#ref-") == 2
    assert ">Signed 3</a>" in login
    assert "A library does it" in login
    assert "Sends readers" not in login
    assert 'href="/compare/alpha/login/"' in login
    assert 'href="/compare/alpha/login/#alpha"' in login


def test_a_claim_set_aside_names_no_extension(client, boxes) -> None:
    make_check(boxes["login"].claims.get(), "outdated")
    Edition.objects.publish("A check")
    login = row(page(client, "/in-the-box/alpha/"), "login")
    assert ">Alpha-Login 1.2</a>" not in login
    assert "Sends readers to alpha-login for it" in login


def test_a_disputed_feature_shows_both_sides(client, boxes) -> None:
    for address in ("/in-the-box/alpha/", "/in-the-box/alpha-vs-beta/"):
        mail = row(page(client, address), "mail")
        assert 'class="state disputed"' in mail
        assert "Sends mail" in mail
        assert "Sends no mail" in mail


def test_frameworks_stand_side_by_side(client, boxes) -> None:
    html = page(client, "/in-the-box/alpha-vs-beta/")
    assert rows(html) == ["mapper", "login", "forms", "cache", "mail", "feeds", "maps"]
    assert f"<span>{unbroken(COUNTED)}</span>" in html
    assert "<span>1\xa0built in, 6\xa0unknown</span>" in html
    cache_row = row(html, "cache")
    assert "<b>None</b>" in cache_row
    assert "Has no cache" not in cache_row  # nobody says otherwise, so its source is enough
    assert "Said by" in cache_row
    assert "That is not a no." in cache_row
    assert 'href="/compare/alpha-vs-beta/cache/"' in cache_row


def test_links_within_a_page_lead_to_something(client, boxes) -> None:
    for address in ("/in-the-box/alpha/", "/in-the-box/alpha-vs-beta/"):
        links = Links()
        links.feed(page(client, address))
        assert {link[1:] for link in links.found if link.startswith("#")} <= links.ids


def test_many_frameworks_have_one_line_for_each_feature(client, boxes) -> None:
    for name in ("Gamma", "Delta", "Epsilon"):
        make_framework(name)
    joined = "alpha-vs-beta-vs-delta-vs-epsilon-vs-gamma"
    html = page(client, f"/in-the-box/{joined}/")
    assert f'<a href="/compare/{joined}/login/#alpha">By extension: Alpha-Login, Signed</a>' in html
    assert re.search(r'<td class="[^"]*disputed[^"]*"><a [^>]+/mail/#alpha">', html)
    assert rows(html) == ["mapper", "login", "forms", "cache", "mail", "feeds", "maps"]


@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_any_number_of_frameworks(client, size) -> None:
    compared = fill(size, 5)
    html = page(client, f"/in-the-box/{'-vs-'.join(sorted(row.slug for row in compared))}/")
    assert html.count('class="sheet"') == size
    assert html.count("<span>1\xa0built in</span>") == size


def test_pages_cost_the_same_at_any_size(client) -> None:
    costs = []
    for size in ((2, 10, 5), (4, 30, 10)):
        compared = sorted(framework.slug for framework in fill(*size))
        stems = [compared[0], "-vs-".join(compared)]
        addresses = ["/in-the-box/", *(f"/in-the-box/{stem}{end}" for stem in stems for end in ("/", ".json", ".csv"))]
        costs.append([queries(client, address) for address in addresses])
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 8


def test_an_address_names_frameworks_in_one_order(client, boxes) -> None:
    for address, other in (
        ("/in-the-box/beta-vs-alpha/", "/in-the-box/alpha-vs-beta/"),
        ("/in-the-box/alpha-vs-alpha.json", "/in-the-box/alpha.json"),
        ("/api/v1/in-the-box/beta-vs-alpha/", "/api/v1/in-the-box/alpha-vs-beta/"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (301, other)
    picked = client.get("/in-the-box/?framework=beta&framework=alpha")
    assert picked.headers["Location"] == "/in-the-box/alpha-vs-beta/"
    assert "There is no framework “alhpa” here." in page(client, "/in-the-box/alhpa/", 404)
    assert client.get("/in-the-box/?framework=nothing").status_code == 404


def test_the_counts_of_all_are_those_of_each(client, boxes) -> None:
    frameworks = list(Framework.objects.order_by("slug"))
    loaded = {row.pk: +counts for row, counts in zip(frameworks, load_box(frameworks).counts(), strict=True)}
    assert {pk: +counts for pk, counts in counts_of_all(frameworks).items()} == loaded
    html = page(client, "/in-the-box/")
    assert unbroken(COUNTED) in html
    Edition.objects.filter(has_verdicts=True).update(has_verdicts=False)
    CellVerdict.objects.all().delete()
    cache.clear()
    assert {pk: +counts for pk, counts in counts_of_all(frameworks).items()} == loaded


def test_the_data_hold_what_the_page_shows(client, boxes) -> None:
    data = client.get("/in-the-box/alpha-vs-beta.json").json()
    assert data == client.get("/api/v1/in-the-box/alpha-vs-beta/").json()
    assert data["counts"]["beta"] == dict.fromkeys(Offer, 0) | {"built-in": 1, "unknown": 6}
    cells = {each["criterion"]: each["cells"]["alpha"] for each in data["features"]}
    assert {slug: cell["offer"] for slug, cell in cells.items()} == {
        "mapper": "built-in",
        "login": "extension",
        "forms": "partial",
        "cache": "none",
        "mail": "disputed",
        "feeds": "unknown",
        "maps": "not applicable",
    }
    added = cells["login"]["added_by"]
    assert [(each["package"], len(each["claims"]), each["sources"]) for each in added] == [
        ("Alpha-Login 1.2", 2, ["alpha-documentation", "alpha-packages"]),
        ("Signed 3", 1, ["alpha-packages"]),
        (None, 1, ["article"]),
    ]
    assert len(cells["mail"]["built_in"]) == len(cells["mail"]["not_built_in"]) == 1


def test_files_hold_a_row_for_each_feature(client, boxes) -> None:
    lines = list(csv.reader(io.StringIO(page(client, "/in-the-box/alpha.csv").lstrip("\ufeff"))))
    assert [line[1:3] for line in lines] == [
        ["Feature", "Alpha"],
        ["Mapper", "Built in"],
        ["Login", "By extension"],
        ["Forms", "In part"],
        ["Cache", "None"],
        ["Mail", "Disputed, most say none"],
        ["Feeds", "Unknown"],
        ["Maps", "Not applicable"],
    ]
    text = page(client, "/in-the-box/alpha.md")
    assert f"Alpha: {COUNTED}." in text
    assert "(by extension) The package adds login" in text


def test_the_counts_of_all_come_as_files(client, boxes) -> None:
    data = client.get("/in-the-box.json?framework=alpha").json()
    assert [data["count"], [row["framework"] for row in data["results"]]] == [2, ["alpha", "beta"]]
    counts = {"built_in": 1, "partial": 0, "extension": 0, "none": 0, "disputed": 0, "unknown": 6, "not_applicable": 0}
    names = {"framework": "beta", "name": "Beta", "url": "http://testserver/in-the-box/beta/"}
    assert data["results"][1] == names | counts
    assert "Beta,1,0,0,0,0,6,0," in page(client, "/in-the-box.csv")
    assert 'href="/in-the-box.md"' in page(client, "/in-the-box/")


def test_pages_of_frameworks_and_comparisons_lead_there(client, boxes) -> None:
    assert 'href="/in-the-box/alpha/"' in page(client, "/frameworks/alpha/")
    for view in ("", "?view=compact"):
        assert 'href="/in-the-box/alpha-vs-beta/"' in page(client, f"/compare/alpha-vs-beta/{view}")
    assert 'href="/in-the-box/"' in page(client, "/frameworks/")


def test_an_empty_catalogue_and_one_without_features_have_pages(client) -> None:
    assert "No framework is stored yet." in page(client, "/in-the-box/")
    make_framework("Alpha")
    Edition.objects.publish("A framework")
    for address in ("/in-the-box/", "/in-the-box/alpha/", "/in-the-box/alpha.csv", "/in-the-box/alpha.json"):
        assert page(client, address)
    assert "No feature is among the criteria yet." in page(client, "/in-the-box/alpha/")
    assert not Criterion.objects.exists()


def test_without_packages_there_is_nothing_to_add(boxes) -> None:
    box = load_box([boxes["beta"]])
    assert [additions(feature.cell) for each in box.rows for feature in each.features] == [[]] * 7

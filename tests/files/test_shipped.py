"""The pages of the shipped catalogue. It is loaded once for this module; changes of a test are rolled back."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.urls import resolve
from django.utils import translation

from comparison.files.catalogue_load import SHIPPED
from comparison.models import Claim, Criterion, Framework
from comparison.serving.languages import language_of_path
from tests.make import make_user
from tests.reading import Links, page, row, rows, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

TABLE = "/compare/django-vs-flask/"
ARTICLES = ("flask-vs-django", "flask-vs-django-whats-the-difference", "django-vs-flask-which-python-framework")


def criteria_with_claims() -> int:
    return Criterion.objects.filter(claims__state="published").distinct().count()


def test_the_real_table_has_every_category(client) -> None:
    html = page(client, TABLE)
    assert len(re.findall(r'scope="rowgroup"', html)) == 13
    assert {"c-security", "c-performance", "c-learning"} <= set(re.findall(r'id="(c-[a-z]+)"', html))
    assert len(rows(html)) == criteria_with_claims() > 100


def test_the_learning_curve_is_disputed(client) -> None:
    shown = row(page(client, TABLE), "learning-curve")
    assert "Disputed" in shown
    assert "sources disagree about Django" in shown
    assert shown.count('class="sign against"') == 2


def test_unknown_does_not_look_like_no(client) -> None:
    html = page(client, TABLE)
    onboarding = row(html, "onboarding")
    assert 'class="unknown"' in onboarding
    assert "That is not a no" in onboarding
    assert 'class="unknown"' not in row(html, "database-testing")


def test_filters_combine(client) -> None:
    html = page(client, TABLE + "?category=performance&show=disputed")
    assert rows(html) == ["speed"]
    assert 'aria-label="Remove the filter Performance"' in html


PERFORMANCE = ["speed", "response-time", "load-time", "cpu-plaintext", "cpu-json", "cpu-single-query"]
PERFORMANCE += ["cpu-twenty-queries", "cpu-fortunes", "cpu-updates", "cpu-hundred-rows", "cpu-large-template"]
PERFORMANCE += ["import-time", "memory"]
SIZES = ["installed-size", "installed-lines", "dependency-count", "lines-one-route", "lines-small-app"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("criterion=speed&criterion=seo", ["seo", "speed"]),
        ("category=performance", PERFORMANCE),
        (
            "kind=figure",
            ["learning-time", *SIZES, *PERFORMANCE[1:], "package-count", "development-cost"],
        ),
        ("q=orm", None),
        ("q=mapper", ["orm"]),
        ("q=entry+barrier", ["learning-curve"]),
        ("q=nothing-like-it", []),
        ("kind=feature&category=features&show=differences&q=mapper", ["orm"]),
        ("min_sources=3&category=learning", ["learning-curve", "ease-of-use", "documentation"]),
        ("show=all&category=performance", PERFORMANCE),
        ("utm_source=mail&kind=figure&category=cost", ["development-cost"]),
        ("category=", None),
    ],
)
def test_filters_choose_rows(client, query, expected) -> None:
    slugs = rows(page(client, f"{TABLE}?{query}"))
    if expected is None:
        assert len(slugs) > 1
    else:
        assert slugs == expected


def test_a_source_alone_recomputes_the_verdicts(client) -> None:
    html = page(client, TABLE + "?source=flask-vs-django-whats-the-difference")
    shown = row(html, "learning-curve")
    assert "Weak" in shown
    assert "On one article’s word" in shown
    assert re.search(r"rest on 1 of \d+ sources", html)
    assert "speed" not in rows(html)
    folded = re.findall(r'<tr class="empty">.*?</tr>', html, re.S)
    assert any("Speed, as reported" in line for line in folded)


def test_sources_keep_their_numbers_when_filtered(client) -> None:
    only = "flask-vs-django-whats-the-difference"
    whole, part = (
        dict(re.findall(r'<li id="ref-(\d+)">.*?href="/sources/([-\w]+)/"', page(client, address), re.DOTALL))
        for address in (TABLE, f"{TABLE}?source={only}")
    )
    assert list(part.values()) == [only]
    assert part.items() < whole.items()


def test_each_chip_removes_its_filter_alone(client) -> None:
    html = page(client, TABLE + "?category=security&category=learning&show=disputed&q=login")
    links = re.findall(r'<a\s+href="([^"]+)"\s+aria-label="Remove the filter ([^"]+)"', html)
    assert {name: link for link, name in links} == {
        "Disputed": "?category=security&amp;category=learning&amp;q=login",
        "Security": "?category=learning&amp;show=disputed&amp;q=login",
        "Learning": "?category=security&amp;show=disputed&amp;q=login",
        "“login”": "?category=security&amp;category=learning&amp;show=disputed",
    }


def test_choices_show_their_counts(client) -> None:
    html = squeezed(page(client, TABLE + "?category=security"))
    segments = re.findall(r'name="show" value="(\w+)"[^>]*> ?\w+ <span class="count">(\d+)', html)
    assert dict(segments)["all"] == "12"
    disputed = rows(page(client, TABLE + "?category=security&show=disputed"))
    assert dict(segments)["disputed"] == str(len(disputed))
    assert 'value="security" checked>Security <span class="count">12' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("criterion=nonsense&show=7", ["criterion=nonsense", "show=7"]),
        ("category=secruity", ["category=secruity", "did you mean security"]),
        ("min_sources=many", ["min_sources=many"]),
        ("min_sources=0", ["min_sources=0"]),
        ("min_sources=-1", ["min_sources=-1"]),
        ("kind=mood", ["kind=mood"]),
        ("source=unheard-of", ["source=unheard-of"]),
        ("q=" + "x" * 300, ["q=xxx"]),
        ("show=disputed&show=7", ["show=7"]),
        ("criterion=%3Cscript%3Ealert(1)%3C/script%3E", ["criterion=&lt;script&gt;"]),
    ],
)
def test_a_bad_filter_is_named_and_the_whole_table_shown(client, query, words) -> None:
    html = page(client, f"{TABLE}?{query}")
    problem = html.split('role="alert"')[1].split("</div>")[0]
    for word in words:
        assert word in problem
    assert len(rows(html)) == criteria_with_claims()
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "address",
    [
        "/compare/flask-vs-django/",
        "/compare/django-vs-flask-vs-django/",
        "/compare/Django-vs-Flask/",
        "/compare/flask-vs-django-vs-/",
    ],
)
def test_other_orders_lead_to_the_canonical_address(client, address) -> None:
    response = client.get(address + "?show=disputed")
    assert (response.status_code, response.headers["Location"]) == (301, TABLE + "?show=disputed")


def test_a_misspelt_framework_gets_a_suggestion(client) -> None:
    html = page(client, "/compare/djagno-vs-flask/", 404)
    assert "“djagno”" in html
    assert f'<a href="{TABLE}">Compare Django and Flask</a>' in html


def test_the_picker_leads_to_the_table(client) -> None:
    response = client.get("/compare/?framework=flask&framework=django")
    assert (response.status_code, response.headers["Location"]) == (302, TABLE)
    assert 'value="django"' in page(client, "/compare/")
    assert "“x”" in page(client, "/compare/?framework=x", 404)


SAMPLE_SIZE = 4  # addresses opened of each kind; there are thousands that look alike
TRANSLATED_SAMPLE_SIZE = 1  # the same pages in another language
FIRST = ["/", TABLE, "/compare/django-vs-flask/learning-curve/", "/frameworks/flask/"]


def test_every_link_leads_somewhere(client) -> None:
    """Follows links from the front page, fragments included: of each kind of address some, evenly chosen."""
    seen: dict[str, Links] = {}
    opened, links = Counter[tuple[str, str]](), set()
    todo = FIRST
    while todo:
        found: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)  # addresses in order, by their kind
        for address in todo:
            opened[kind_of(address)] += 1
            seen[address] = Links()
            seen[address].feed(page(client, address))
            for target, fragment in internal_targets(address, seen[address]):
                links.add((target, fragment, address))
                found[kind_of(target)][target] = None
        new = {kind: [target for target in targets if target not in seen] for kind, targets in found.items()}
        todo = [target for kind, every in new.items() for target in evenly(every, sample_size(kind) - opened[kind])]
    assert len(opened) > 30
    followed = [(target, fragment, address) for target, fragment, address in links if fragment and target in seen]
    assert len(followed) > 300  # the others lead to pages that are not in the sample
    for target, fragment, address in followed:
        assert fragment in seen[target].ids, f"{address} links to {target}#{fragment}"


@cache
def kind_of(address: str) -> tuple[str, str]:
    """The name of the view behind an address, and the language of its page."""
    language = language_of_path(address)
    with translation.override(language):
        return resolve(address).view_name, language


def sample_size(kind: tuple[str, str]) -> int:
    return SAMPLE_SIZE if kind[1] == settings.LANGUAGE_CODE else TRANSLATED_SAMPLE_SIZE


def evenly(addresses: list[str], count: int) -> list[str]:
    """So many of them, from the first to the last at equal distances."""
    return addresses[:: max(1, -(-len(addresses) // count))][:count] if count > 0 else []


def internal_targets(address: str, links: Links) -> Iterator[tuple[str, str]]:
    """Path and fragment of each link of a page to another page of the site, without its parameters' variants."""
    for link in links.found:
        path, _, fragment = link.partition("#")
        if not link.startswith(("http:", "https:", "/admin/")) and "?" not in path:
            yield (address if path in ("", ".") else urljoin(address, path)), fragment


def test_an_edit_of_a_claim_changes_the_table(client) -> None:
    claim = Claim.objects.filter(framework__slug="django", criterion__slug="seo").first()
    assert claim is not None
    before = row(page(client, TABLE), "seo")
    claim.statement, claim.level = "Search engines shun it", -2
    claim.revise(make_user("Editor"))
    after = row(page(client, TABLE), "seo")
    assert "Search engines shun it" not in before
    assert "Search engines shun it" in after


def test_the_table_is_marked_up_as_a_table(client) -> None:
    html = page(client, TABLE)
    assert "<caption" in html
    assert html.count('<th scope="row">') == criteria_with_claims()
    assert html.count('<th scope="col">') == 3


def test_a_claims_page_names_its_passage(client) -> None:
    claim = Claim.objects.filter(criterion__slug="learning-time").first()
    assert claim is not None
    html = page(client, f"/claims/{claim.pk}/")
    passage = (claim.section, f"{claim.start:,}", claim.source.text_sha256)
    for words in (claim.statement, claim.source.title, *passage, "Undated", "Not known"):
        assert words.replace("'", "&#x27;") in html


def test_no_article_gives_two_figures_in_one_cell() -> None:
    """Two figures of one source measure two things: their median would mean nothing."""
    figures = Claim.objects.filter(criterion__kind="figure", source__kind__in=["independent", "vendor"])
    cells = Counter(figures.values_list("source__slug", "framework__slug", "criterion__slug"))
    assert len(cells) > 5
    assert [cell for cell, count in cells.items() if count > 1] == []


def test_a_lead_on_a_source_that_argues_both_ways_says_so(client) -> None:
    shown = row(page(client, f"{TABLE}?{'&'.join(f'source={slug}' for slug in ARTICLES)}"), "security-overall")
    assert "the source argues both ways on Django and Flask" in shown
    assert "On one vendor’s word, for and against" in shown


def test_the_code_names_no_framework() -> None:
    """The names of the frameworks occur only in data, in the experiments' adapters to them, and in tests."""
    root = SHIPPED.parent.parent
    names = [framework.slug for framework in Framework.objects.all()]
    files = [*root.glob("comparison/**/*.py"), *root.glob("templates/**/*.html"), *root.glob("static/*.css")]
    assert len(files) > 20
    for path in files:
        text = re.sub(r"django[._-]\w+|(from|import) django\b|Django 6\.0|from Django|Django's", "", path.read_text())
        if not {"migrations", "adapters"} & set(path.parts):
            assert not re.search(rf"\b({'|'.join(names)})-vs-|\bflask\b|['\"](django|flask)['\"]", text, re.I), path

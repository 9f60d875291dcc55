"""Lists, pages of single things, search and pages about the site, over small catalogues with known answers."""

import json
import re
from collections.abc import Iterable
from html import unescape
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.models import Claim, ClaimState, Criterion, Edition, FormerCriterion, Framework, NotApplicable, Source
from comparison.tables.subject_pages import source_agreement
from comparison.templatetags.comparison import REASON_WORDS
from comparison.texts.relocate import Fate
from tests.database import recorded
from tests.make import (
    fill,
    make_category,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_source,
    make_user,
    rebuild_verdicts,
)
from tests.reading import page, queries

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CARD = re.compile(r'<li>\s*<a href="[^"]+">\s*<b(?: dir="auto")?>([^<]*)</b> <span>([^<]*)</span>')
BUDGETS = {
    "/frameworks/": 6,
    "/frameworks/{framework}/": 9,
    "/criteria/": 3,
    "/criteria/{criterion}/": 9,
    "/sources/": 4,
    "/sources/{source}/": 24,
    "/claims/": 10,
    "/claims/?framework={framework}&criterion={criterion}&source={source}&kind=rating&finding=none&q=s&sort=source": 12,
    "/claims/{claim}/": 7,
    "/disputes/": 10,
    "/methodology/": 10,
    "/about/": 1,
    "/changes/": 3,
    "/changes/feed/": 3,
    "/frameworks/{framework}.atom": 6,
    "/criteria/{criterion}.atom": 6,
    "/report/claim/{claim}/": 5,
    "/report/source/{source}/?topic=source": 2,
    "/report/criterion/{criterion}/": 2,
    "/report/row/{framework}/{criterion}/": 4,
    "/search/": 1,
    "/search/?q=framework": 12,
    "/search/?q=claim": 12,
    "/search/?q=nothing-like-it": 12,
    "/robots.txt": 1,
    "/sitemap.xml": 9,
    "/frameworks.json": 3,
    "/frameworks/{framework}.csv": 9,
    "/criteria.md": 4,
    "/criteria/{criterion}.json": 9,
    "/sources.csv": 3,
    "/sources/{source}.md": 5,
    "/claims.json": 5,
}


def plain(html: str) -> str:
    """The text of the page's content, without tags."""
    content = html.split('<main id="main"', 1)[-1].split("</main>", maxsplit=1)[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", content.partition(">")[2])).split())


def cards(html: str) -> list[tuple[str, str]]:
    return CARD.findall(" ".join(html.split()))


def linked_names(html: str, heading: str) -> list[str]:
    """The links' texts in the section whose heading has this id."""
    section = html.split(f'id="{heading}"')[1].split("</section>", maxsplit=1)[0] if f'id="{heading}"' in html else ""
    links = re.findall(r"<a\s[^>]*>\s*(?:<cite>)?([^<]+)", re.sub("</?mark>", "", section))
    return [unescape(name).strip() for name in links]


def criterion_names(cells: Iterable[tuple[Criterion, Framework]]) -> str:
    return " ".join(sorted(criterion.name for criterion, _ in cells))


def test_every_page_costs_the_same_at_any_size(client) -> None:
    costs: list[dict[str, int]] = []
    for size in ((3, 9, 5), (12, 36, 12)):  # sources of all five kinds
        framework = fill(*size)[0]
        claims = Claim.objects.filter(framework=framework)
        claims.filter(source__kind__in=["documentation", "independent"], level__isnull=False).update(level=-2)
        for claim in claims.filter(level=1).order_by("-source__kind", "pk")[: size[0]]:
            make_check(claim, "confirmed", by=make_user())
        rebuild_verdicts()
        checked = claims.filter(checks__isnull=False).order_by("-source__kind", "-pk")[0]  # of an article
        slugs = {"framework": framework.slug, "criterion": checked.criterion.slug, "source": checked.source.slug}
        costs.append({address: queries(client, address.format(claim=checked.pk, **slugs)) for address in BUDGETS})
    assert costs[0] == costs[1]
    assert {address: cost for address, cost in costs[1].items() if cost > BUDGETS[address]} == {}
    assert linked_names(page(client, "/disputes/"), "sources")


def make_cell(framework: Framework, name: str, kind: str = "rating", **values_by_source) -> None:
    """A criterion with the claims of some sources, named by their slugs, on a framework: a value or a tuple of them."""
    criterion = make_criterion(kind, name)
    fields = {"feature": ["support"], "figure": ["low", "high"], "list": ["item"]}.get(kind, ["level"])
    for slug, values in values_by_source.items():
        source = Source.objects.filter(slug=slug).first() or make_source(slug)
        for value in values if isinstance(values, tuple) else (values,):
            make_claim(framework=framework, criterion=criterion, source=source, **dict.fromkeys(fields, value))


def test_frameworks_are_listed_by_their_number_of_claims(client) -> None:
    make_framework("Gamma")
    make_claim(framework=make_framework("Alpha", tagline="The first."))
    make_cell(make_framework("Beta"), "Speed", one=1, two=2)
    html = page(client, "/frameworks/")
    assert cards(html) == [("Beta", " 2 claims."), ("Alpha", "The first. 1 claim."), ("Gamma", " 0 claims.")]
    assert "3 frameworks" in plain(html)


def test_a_frameworks_page_shows_what_speaks_for_and_against_it(client) -> None:
    alpha, other = make_framework("Alpha", licence="MIT", first_release_year=2001), make_framework("Beta")
    make_cell(alpha, "Good", one=2, two=2)
    make_cell(alpha, "Better", one=2, two=2, three=2)
    make_cell(alpha, "Bad", one=-2)
    make_cell(alpha, "Split", one=2, two=-2)
    make_cell(alpha, "Even", one=0)
    make_cell(alpha, "Team", "fit", one=-1)
    make_cell(alpha, "Tables", "feature", one="none")
    make_cell(alpha, "Delay", "figure", one=5)
    make_cell(alpha, "Users", "list", one="A")
    make_cell(other, "Foreign", two=1)
    html = page(client, "/frameworks/alpha/")
    sections = re.findall(r'id="p\d">([^<]+)<|class="criterion"[^>]*>(\w+)<', html)
    expected = (
        "Strengths: Better Good Weaknesses: Bad Disputed: Split Neither way: Even In the box: Tables Figures: Delay "
        "When it is advised: Team Named for it: Users"
    )
    assert " ".join(f"{title}:" if title else name for title, name in sections) == expected
    links = "In the box, and what you must add Experiments"
    facts = f"Licence MIT First released in 2001 {links} Compare with: Beta"
    assert re.search(f"13 claims from 3 sources.*{facts}", plain(html))


def test_criteria_are_listed_in_their_categories(client) -> None:
    late, early = make_category("Late", order=2), make_category("Early", order=1)
    make_claim(criterion=make_criterion(name="Speed", category=late, order=2))
    make_criterion("figure", "Delay", category=late, order=1, question="How long?")
    make_criterion(name="Ease", category=early)
    text = plain(page(client, "/criteria/"))
    assert re.search(
        r"The 3 questions.* Early Ease .* Late Delay How long\? Figure, 0 claims\. Speed .*1 claim\.", text
    )


def test_a_criterion_shows_every_framework_and_those_without_claims_as_unknown(client) -> None:
    delay = make_criterion("figure", "Delay", question="How long?", synonyms="lag\nwait", help_text="In a browser.")
    make_criterion(name="Silence")
    for name, number in (("Beta", 20), ("Alpha", 5)):
        make_claim(framework=make_framework(name), criterion=delay, low=number, high=number)
    make_framework("Aleph")
    NotApplicable.objects.create(framework=make_framework("Gamma"), criterion=delay, reason="It runs nothing.")
    html = page(client, "/criteria/delay/")
    assert re.findall(r'<tr id="([^"]+)"', html) == ["alpha", "beta", "aleph", "gamma"]
    unknown, apart = plain(html).split(" Aleph ", 1)[1].split(" Gamma ")[:2]
    assert "No source here says anything about it. That is not a no." in unknown
    assert "Not applicable" in apart
    assert "It runs nothing." in apart
    assert set(json.loads(page(client, "/criteria/delay.json"))["rows"][0]["cells"]) == {"alpha", "beta"}
    assert re.search(r"How long\? Lower is better. In a browser. Also: lag, wait\..*5 ms.*20 ms", plain(html))
    assert set(linked_names(html, "sources")) == set(Source.objects.values_list("title", flat=True))
    assert "No source here says anything about it yet" in page(client, "/criteria/silence/")


def test_sources_are_listed_by_their_number_of_claims(client) -> None:
    first = make_source("Original", author="A. Nother", publisher="Press", published="2024-02-03")
    make_claim(source=make_source("Copy", kind="vendor", repeats=first))
    copy = ("Copy", "Publisher not stated, undated. Vendor article, 1 claim. Repeats Original.")
    original = ("Original", "A. Nother. Press, 3 Feb 2024. Independent article, 0 claims.")
    assert cards(page(client, "/sources/")) == [copy, original]


def test_a_source_lists_its_claims_in_the_order_of_its_text(client) -> None:
    source = make_source("Article", address="https://a.example/x", note="Sells hosting.")
    for start in (30, 10, 20):
        make_claim(source=source, start=start, end=start + 5, section=f"Part {start}")
    make_claim(source=make_source("Copy", repeats=source))
    html = page(client, "/sources/article/")
    assert re.findall(r"“<bdi>Part \d+</bdi>”, (\d+)–(\d+)", html) == [("10", "15"), ("20", "25"), ("30", "35")]
    assert "Publisher not stated, undated. Independent article. Sells hosting. https://a.example/x" in plain(html)
    assert "It repeats Article , so the two count once" in plain(page(client, "/sources/copy/"))


def test_a_source_agrees_with_others_opposes_them_is_alone_or_contradicts_itself(client) -> None:
    alpha = make_framework("Alpha")
    for name, level in (("Agreed", 1), ("Neutral", 0), ("Torn", (2, -1))):
        make_cell(alpha, name, one=level, two=2)
    make_cell(alpha, "Users", "list", one="A", two="A")
    make_cell(alpha, "Alone", one=1)
    make_cell(alpha, "Raving", one=(2, -2))
    make_cell(alpha, "Against", one=-1, two=2, three=2)
    make_cell(alpha, "Tables", "feature", one="none", two="built-in", three="built-in")
    make_cell(alpha, "Tie", "feature", one="built-in", two="none")
    make_cell(alpha, "Delay", "figure", one=10, two=100, three=100)
    make_source("bench", kind="measurement")
    make_cell(alpha, "Only reported", "figure", one=10, bench=100)
    make_cell(alpha, "Extended", "feature", one="none", two="extension")
    make_cell(alpha, "Elsewhere", two=1, three=-1)
    make_cell(alpha, "Wrong", one=2, two=-1)
    make_check(Claim.objects.get(criterion__slug="wrong", level=2), "outdated")
    source = Source.objects.get(slug="one")
    make_claim(ClaimState.DRAFT, framework=alpha, source=source)
    agreement = source_agreement(source)
    assert (criterion_names(agreement.alone), criterion_names(agreement.both_ways)) == ("Alone Raving", "Raving Torn")
    # "Tie" (built in against none, equally heavy) has position 0, so neither side opposes the verdict.
    assert criterion_names(agreement.opposing) == "Against Delay Tables"
    text = plain(page(client, "/sources/one/"))
    agrees = (
        "an opinion in 11 cells. In 6 it agrees with the verdict of several sources, in 3 it disagrees, and in 2 it is "
    )
    assert f"{agrees}the only one. It contradicts itself in 2 of them. 1 of its claims is set aside." in text
    disagrees = r"itself on ([^,]+,?){2} It disagrees with the verdict on ([^,]+,?){3} It is the only source on 2"
    assert re.search(disagrees, text)
    copy = make_source("Copy", repeats=source)
    make_claim(framework=alpha, criterion=Criterion.objects.get(slug="alone"), source=copy)
    copied = source_agreement(copy)
    assert (copied.cells, copied.set_aside, source_agreement(source)) == (0, 1, agreement)
    rebuild_verdicts()
    with CaptureQueriesContext(connection) as captured:
        assert (source_agreement(source), source_agreement(copy)) == (agreement, copied)
    assert any("comparison_cellverdict" in query["sql"] for query in captured)


def test_a_claims_page_shows_all_its_fields(client) -> None:
    delay = make_criterion("figure", "Delay", question="How long?")
    source = make_source("Article", author="A. Nother", address="https://a.example/x", published="2024-02-03")
    fields = {"start": 1000, "end": 1010, "section": "Speed", "version_range": ">=2", "quote": "so it is", "low": 5}
    claim = make_claim(framework=make_framework("Alpha"), criterion=delay, source=source, high=1440, **fields)
    make_check(claim, "false", note="Measured: 9 ms.", evidence="https://b.example/", by=make_user(first_name="Eve"))
    html = page(client, f"/claims/{claim.pk}/")
    texts = r"on Alpha: How long\?.*5–1,440 ms Set aside.*A\. Nother, Article .*weight 2.*3 February 2024.*Speed"
    texts += r".*1,000–1,010.*>=2.*so it is.*False Measured: 9 ms\. Evidence Eve.*draft → submitted.*Cite this"
    assert re.search(texts, plain(html))
    assert f"<del>{claim.statement}</del>" in html
    assert 'href="https://a.example/x#char=1000,1010"' in html


@pytest.mark.parametrize("address", ["https://a.example/x#setup", "https://a.example/#/guide/", "https://a.example/x#"])
def test_an_address_with_a_fragment_gets_no_second_one(client, address) -> None:
    claim = make_claim(source=make_source(address=address), start=10, end=20)
    assert f'href="{address}"' in page(client, f"/claims/{claim.pk}/")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("load_catalogue", "loaded with the catalogue"),
        ("attach_text: moved", "passage moved in the source’s new text"),
        ("changed level", "changed level"),
        (None, "saved"),
    ],
)
def test_a_claims_history_is_told_in_words(client, reason, words) -> None:
    claim = make_claim()
    Claim.history.update(history_change_reason=reason)
    html = plain(page(client, f"/claims/{claim.pk}/"))
    assert re.search(rf"History \d+ \w+ \d{{4}}, \d\d:\d\d: {words} ", html)


def test_a_changed_passage_has_words_for_each_fate() -> None:
    assert {reason for reason in REASON_WORDS if "attach" in reason} == {f"attach_text: {fate}" for fate in Fate}


def test_disputes_are_the_disputed_verdicts_widest_first(client) -> None:
    assert "contradict each other nowhere" in page(client, "/disputes/")
    alpha = make_framework("Alpha")
    make_cell(alpha, "Mild", "feature", one="extension", two="partial")
    make_cell(alpha, "Narrow", one=1, two=-1)
    make_cell(alpha, "Delay", "figure", one=10, two=30)
    make_cell(alpha, "Tables", "feature", one="built-in", two="none")
    make_cell(alpha, "Wide", one=2, two=-2, three=2)
    make_cell(alpha, "Mostly", one=2, two=2, three=2, four=-2)
    make_cell(alpha, "Torn", one=(2, -2))
    make_cell(alpha, "Near", "figure", one=10, two=19)
    make_cell(alpha, "Users", "list", one="A", two="B")
    for name in ("False", "Outdated", "Odd", "Draft"):
        make_cell(alpha, name, one=2, two=-2)
    for name in ("false", "outdated"):
        make_check(Claim.objects.get(criterion__slug=name, level=-2), name)
    Claim.objects.get(criterion__slug="draft", level=-2).transition(ClaimState.SUBMITTED, reason="Doubtful.")
    odd = Criterion.objects.get(slug="odd")
    NotApplicable.objects.create(framework=alpha, criterion=odd, reason="No.")
    make_source("copy", repeats=Source.objects.get(slug="one"))
    make_cell(alpha, "Copied", one=2, copy=-2)
    html = page(client, "/disputes/")
    disputed = re.findall(r'class="criterion"[^>]*>Alpha: (\w+)<', html)
    assert disputed == ["Wide", "Tables", "Delay", "Narrow", "Mild"]
    assert "5 verdicts" in plain(html)


def test_the_methodology_page_gives_weights_and_words(client) -> None:
    html = page(client, "/methodology/")
    assert "For example" not in html
    text = plain(html)
    assert (
        "Documentation of the framework itself 3 1 Measurement 3 3 Index metadata of the framework itself 3 1" in text
    )
    assert "Independent article 2 2 Vendor article 1 1 Documentation or index metadata of another framework 1 1" in text
    assert "0.75 or more Strong Well suited 0.25 or more Good Suited in between Middling Neither way" in text
    assert "Built in is worth 1, in part is worth 0.5, by extension is worth 0.5, none is worth −1." in text


def test_the_methodology_page_adds_up_a_rating_a_feature_a_figure_and_a_row(client) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    make_cell(alpha, "Plain", one=2, two=2, three=2)
    make_cell(alpha, "Speed", one=(2, 1), two=-2)
    make_cell(alpha, "Mapper", "feature", one="none", two="extension")
    measured = {slug: make_source(slug, "measurement") for slug in ("test", "trial")}
    delay = make_criterion("figure", "Delay")
    for framework, source, number in ((alpha, "test", 10), (alpha, "trial", 10), (beta, "test", 40)):
        make_claim(framework=framework, criterion=delay, source=measured[source], low=number, high=number)
    text = plain(page(client, "/methodology/"))
    assert "How the verdict on Speed of Alpha adds up" in text
    # One: (1 + ½) / 2 = ¾, times 2. Two: −1, times 2. Together −½ / 4, times 4 / (4 + 2).
    assert "1 +2, +1 +0.75 2 +1.50 5 −2 −1.00 2 −2.00 Position (+1.50 − 2.00) ÷ 4 −0.12" in text
    assert "Strength 4 ÷ (4 + 2) 0.67 Value −0.12 × 0.67 −0.08 So it reads “Middling”. Disputed: weight 2 in" in text
    assert "None (none is read as by extension) +0.50 2 +1.00" in text
    # The geometric mean of 10 and 40 is 20.
    assert "Median 10 ms Position log₂(20 ÷ 10), within −1 and +1 +1.00 Strength 6 ÷ (6 + 2) 0.75 Value" in text
    assert "Alpha 6 +1.00 0.75 +0.75 Beta 3 −1.00 0.60 −0.60" in text
    assert "The positions are 2 apart (a lead needs 0.25), the values +1.35 (a lead needs +0.125). Alpha leads" in text
    assert re.search(r"The 8 cells of .* No evidence 3 One source 1 Agreed 3 Mostly agreed 0 Disputed 1 Not appl", text)


def test_about_names_licence_and_editions(client) -> None:
    assert re.search(r"MIT licence.*CSV, JSON or Markdown.*edition", plain(page(client, "/about/")))


def test_changes_and_their_feed_list_every_edition(client) -> None:
    eve = make_user(first_name="Eve", last_name="Ning")
    for summary in ("Older & wiser", "Newer"):
        Edition.objects.publish(summary, eve)
    text = plain(page(client, "/changes/"))
    assert re.search(
        r"Edition 2 \d+ \w+ 2\d{3}, \d\d:\d\d UTC, Eve Ning Newer Edition 1 .* Older & wiser Edition 0", text
    )
    response = client.get("/changes/feed/")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}summary") for entry in entries[:2]] == ["Newer", "Older & wiser"]
    links = [f"http://testserver/changes/?until={n}#edition-{n}" for n in (2, 1, 0)]
    assert [entry.find(f"{ATOM}link").get("href") for entry in entries] == links
    assert {entry.find(f"{ATOM}summary").get("type") for entry in entries} == {"text"}
    ids = [element.findtext(f"{ATOM}id") for element in (feed, *entries)]
    assert (feed.tag, len(set(ids)), None in ids) == (f"{ATOM}feed", 4, False)
    assert all(re.match(r"\d{4}-\d\d-\d\dT.*[+Z]", element.findtext(f"{ATOM}updated")) for element in (feed, *entries))


def test_the_feed_has_the_author_that_atom_requires(client) -> None:
    feed = ElementTree.fromstring(page(client, "/changes/feed/"))
    authors = [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in feed.findall(f"{ATOM}entry")]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") or (authors and all(authors))


def test_the_feed_leaves_out_characters_that_xml_forbids(client) -> None:
    Edition.objects.publish("Pasted from a \x0cpage\x01")
    assert "Pasted from a" in newest_summary(client)


def newest_summary(client) -> str:
    return ElementTree.fromstring(page(client, "/changes/feed/")).findtext(f".//{ATOM}summary")


@pytest.mark.parametrize(
    "text", ["a < b & c", "<b>bold</b>", "می\u200cخواهم", "क्\u200dष", "👩\u200d💻 team", "soft\u00adware"]
)
def test_the_feed_keeps_plain_text_and_joiners(client, text) -> None:
    Edition.objects.publish(text)
    assert newest_summary(client) == text


def test_marks_that_turn_text_round_do_not_reach_the_feed(client) -> None:
    Edition.objects.publish("Claim published: \u202eognajD\u202c, \u2067x\u2069")
    assert newest_summary(client) == "Claim published: ognajD, x"


def test_ids_of_the_feed_are_the_same_under_another_host(client, settings) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    Edition.objects.publish("New")
    feeds = [client.get("/changes/feed/", headers={"host": host}).content for host in settings.ALLOWED_HOSTS]
    ids = [[element.text for element in ElementTree.fromstring(feed).iter(f"{ATOM}id")] for feed in feeds]
    assert ids[0] == ids[1]
    assert all(re.fullmatch("urn:uuid:[0-9a-f-]{36}", name) for name in ids[0])


def test_links_of_the_feed_still_lead_there_after_a_hundred_editions(client) -> None:
    first = Edition.objects.publish("The first of many")
    feed = ElementTree.fromstring(page(client, "/changes/feed/"))
    address, _, anchor = feed.find(f"{ATOM}entry/{ATOM}link").get("href").partition("#")
    Edition.objects.bulk_create(Edition(number=first.number + n, summary="Another") for n in range(1, 101))
    html = page(client, address.removeprefix("http://testserver"))
    assert f'id="{anchor}"' in html
    assert "The first of many" in html
    page(client, "/changes/?until=999", 404)
    page(client, "/changes/?until=x", 400)


def test_robots_and_sitemap_list_the_pages(client) -> None:
    claim = make_claim(framework=make_framework("Beta"))
    make_framework("Alpha")
    assert "Sitemap: http://testserver/sitemap.xml" in page(client, "/robots.txt")
    urls = [element.text for element in ElementTree.fromstring(page(client, "/sitemap.xml")).iter(f"{SITEMAP}loc")]
    paths = [url.removeprefix("http://testserver") for url in urls]
    subjects = [claim.framework, claim.criterion, claim.source]
    assert {"/", "/compare/alpha-vs-beta/", *(subject.get_absolute_url() for subject in subjects)} <= set(paths)
    assert len(paths) == len(set(paths))
    assert {client.get(path).status_code for path in paths} == {200}


@pytest.mark.parametrize("ending", ["/", ".json", ".csv", ".md"])
@pytest.mark.parametrize("folder", ["frameworks", "criteria", "sources"])
def test_an_unknown_slug_gets_the_nearest(client, folder, ending) -> None:
    make_claim(
        framework=make_framework("Retried"), criterion=make_criterion(name="Retried"), source=make_source("Retried")
    )
    html = page(client, f"/{folder}/retired{ending}", 404)
    assert re.search(r"Not found There is no \w+ “retired” here", plain(html))
    assert f'<a href="/{folder}/retried/">Retried</a>' in html
    assert "Did you mean" not in page(client, f"/{folder}/qqqqqq{ending}", 404)


def test_claims_are_found_under_the_former_slug_of_their_criterion(client) -> None:
    claim, other = make_claim(statement="Quick to learn"), make_claim(statement="Slow to build")
    FormerCriterion.objects.create(slug="learning", criterion=claim.criterion)
    html = page(client, "/claims/?criterion=learning")
    assert claim.statement in html
    assert other.statement not in html
    assert f'<option value="{claim.criterion.slug}" selected>' in html
    assert "not here" not in html
    assert client.get("/claims.json?criterion=learning").json()["count"] == 1


def test_an_unknown_claim_leads_to_all(client) -> None:
    assert re.search('no published claim 7.*<a href="/claims/">', page(client, "/claims/7/", 404), re.DOTALL)


def test_a_slug_that_was_not_found_is_named_even_if_it_looks_like_a_word_of_ours(client) -> None:
    assert "“untried”" in page(client, "/frameworks/untried/", 404)


def result_names(client, query: str) -> list[str]:
    """The answer, frameworks, criteria, sources and claims found, in their order."""
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    html = response.content.decode()
    answer = re.findall(r'id="a"><a href="[^"]+">([^<]+)', html)
    claims = re.findall(r'<a class="question"[^>]*>([^<]+)', re.sub("</?mark>| \\([^)]*\\)", "", html))
    listed = [name for heading in "fcs" for name in linked_names(html, heading)]
    return [*map(unescape, answer), *listed, *map(unescape, claims)]


EASE = "Gopher’s ease"
SEARCHES = {
    "go": ["Go", "Gopher", "Mango", "Zed"],
    "GOPHE": ["Mango", "Gopher"],
    "golang": ["Go"],
    "ang": [],
    "lang": [],
    "entry barrier": [EASE],
    "barrier people": [EASE],
    "press nother": ["Article"],
    "nother go": ["Go"],
    "go half": [EASE, "Go", "Half 0_0 done"],
    "0_0": [EASE, "Half 0_0 done"],
    "100% 0_0": ["Half 0_0 done", "Only 100% tested"],
    "100%": [EASE, "Only 100% tested"],
    "%%": [],
    "__": [],
    "^half": [EASE, "Half 0_0 done"],
    "half:done": [EASE, "Half 0_0 done"],
    "ÜBER": [EASE, "Über alles"],
    "uber": [EASE, "Über alles"],
    "pint-erest": ["Half 0_0 done"],
    "half " * 40: [EASE, "Half 0_0 done"],
    "half done": [EASE, "Half 0_0 done"],
    "it's": ['it\'s "quoted"'],
    '"quoted"': [EASE, 'it\'s "quoted"'],
    "pinterest": [EASE, "Half 0_0 done"],
    "Über": [EASE, "Über alles"],
    "NOT": ["Article"],
    "which is it with half?": [EASE, "Half 0_0 done"],
}
LITERAL_QUERIES = {
    "half OR only": "half only",
    "half AND done": "half done",
    "NEAR(half done)": "near half done",
    "half -only": "half only",
    "^ zz:": "zz",
}
LITERAL_QUERIES |= dict.fromkeys(['"', "%", "_", "'", "(", "\\", "hal*", "half* zz", "x" * 200], "")
LITERAL_QUERIES |= dict.fromkeys(["\N{GRINNING FACE}", "<script>"], "")


@pytest.fixture
@recorded
def searchable() -> None:
    people = make_category("People")
    ease = make_criterion("list", "Gopher’s ease", slug="ease", synonyms="entry barrier", category=people)
    go, article = make_framework("Go", aliases="Golang"), make_source("Article", author="A. Nother", publisher="Press")
    for name, fields in {"Zed": {"tagline": "Ready to go"}, "Mango": {"aliases": "Gophe"}, "Gopher": {}}.items():
        make_framework(name, **fields)
    for statement in ("Only 100% tested", 'it\'s "quoted"', "Über alles", "000"):
        make_claim(framework=go, criterion=ease, source=article, statement=statement)
    make_claim(framework=go, criterion=ease, source=article, statement="Half 0_0 done", item="Pinterest")


@pytest.mark.parametrize("query", SEARCHES)
def test_search_finds_by_beginnings_of_words_and_ranks_whole_names_first(client, searchable, query) -> None:
    assert result_names(client, query) == SEARCHES[query]


def test_results_show_where_the_words_are(client, searchable) -> None:
    html = page(client, "/search/?q=HALF+0_0+pin")
    assert "<mark>Half</mark> <mark>0_0</mark> done" in html
    make_claim(statement="<b> & half")
    assert "&lt;b&gt; &amp; <mark>half</mark>" in page(client, "/search/?q=half")


@pytest.mark.parametrize("query", LITERAL_QUERIES)
def test_a_query_has_no_syntax(client, searchable, query) -> None:
    plainer = LITERAL_QUERIES[query]
    assert result_names(client, query) == (result_names(client, plainer) if plainer else [])


def test_search_shows_the_first_cells_with_claims_and_links_to_all(client) -> None:
    for _ in range(21):
        make_claim(statement="Quick")
    html = page(client, "/search/?q=quick")
    assert 'id="a"' not in html  # no criterion has a quarter of them
    assert html.count('<a class="question"') == html.count('class="value"') == 6
    assert '<a href="/claims/?q=quick">All claims with these words</a>' in html


TYPING_ERRORS = {"gohper": "gopher", "entry barier": "barrier", "golagn": "golang"}


@pytest.mark.parametrize(("query", "meant"), TYPING_ERRORS.items())
def test_a_typing_error_is_read_as_what_was_meant(client, searchable, query, meant) -> None:
    html = page(client, f"/search/?q={query}")
    assert f"Read “{query.split()[-1]}” as “{meant}”." in plain(html)
    assert result_names(client, query)


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%09", "?other=x"])
def test_an_empty_search_shows_neither_results_nor_a_miss(client, searchable, query) -> None:
    assert plain(page(client, f"/search/{query}")) == "Search Search frameworks, criteria, sources and claims Search"


@pytest.mark.parametrize(
    "address", ["/claims/", "/claims/?sort=oldest&page=1", "/claims/?kind=nonsense", "/claims.json"]
)
def test_the_list_of_all_claims_reads_their_number_instead_of_counting_them(client, address) -> None:
    fill(2, 5)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    sql = [query["sql"] for query in captured]
    assert not any("COUNT(*)" in query and 'FROM "comparison_claim"' in query for query in sql)
    count = answer.json()["count"] if address.endswith("json") else answer.context["page"].count
    assert count == 30

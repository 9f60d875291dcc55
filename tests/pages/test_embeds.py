"""What other sites show: a comparison in a frame, and verdicts as badges."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from comparison.files.exports.badge import BAD, GOOD, NEUTRAL, text_width
from comparison.models import FormerCriterion, NotApplicable
from tests.make import fill, make_claim, make_criterion, make_framework, make_source
from tests.reading import INLINE, page, queries, rows
from tests.site_routes import make_catalogue

pytestmark = pytest.mark.django_db

EMBED = "/compare/alpha-vs-beta/embed/"
SVG = "{http://www.w3.org/2000/svg}"


def framing(response) -> tuple[bool, str | None]:
    """Whether other sites may frame the answer, by each of its two headers."""
    policy = response.headers["Content-Security-Policy"]
    return "frame-ancestors *" in policy, response.headers.get("X-Frame-Options")


def test_only_the_embedded_table_may_be_framed(client) -> None:
    make_catalogue()
    for _ in range(2):  # drawn and kept
        assert framing(client.get(EMBED)) == (True, None)
        for address in ("/", "/compare/alpha-vs-beta/", "/compare/alpha-vs-beta/alpha/", "/badge/alpha/alpha.svg"):
            assert framing(client.get(address)) == (False, "DENY")
    etag = client.get(f"{EMBED}?kind=fit").headers["ETag"]
    unchanged = client.get(f"{EMBED}?kind=fit", headers={"if-none-match": etag})
    assert (unchanged.status_code, framing(unchanged)) == (304, (True, None))
    policies = [client.get(address).headers["Content-Security-Policy"] for address in (EMBED, "/")]
    assert policies[0].replace("frame-ancestors *", "frame-ancestors 'none'") == policies[1]


def test_an_embedded_table_has_the_rows_of_its_line_and_leads_out(client) -> None:
    make_catalogue()
    query = "?kind=rating&kind=fit&order=beta"
    html = page(client, EMBED + query)
    assert rows(html) == rows(page(client, f"/compare/alpha-vs-beta/{query}")) != []
    assert INLINE.search(html) is None
    assert '<base target="_blank">' in html
    assert '<meta name="robots" content="noindex">' in html
    links = {unescape(link) for link in re.findall(r'<a [^>]*href="([^"]+)"', html)}
    assert f"/compare/alpha-vs-beta/{query}" in links
    for link in links:
        assert client.get(link.replace("../", "/compare/alpha-vs-beta/").split("#")[0]).status_code == 200, link
    assert "<nav" not in html
    assert "No row passes these filters." in page(client, f"{EMBED}?q=xyz")
    assert "show=7" in page(client, f"{EMBED}?show=7")


def test_the_page_offers_the_line_that_embeds_its_rows(client) -> None:
    make_catalogue()
    for query in ("", "?kind=fit", "?kind=fit&view=compact&open=alpha"):
        html = page(client, f"/compare/alpha-vs-beta/{query}")
        (line,) = re.findall(r'readonly value="(&lt;iframe [^"]+)"', html)
        (address,) = re.findall(r'<iframe src="([^"]+)" title="Alpha vs Beta" ', unescape(line))
        assert unescape(address) == f"http://testserver{EMBED}{query.partition('&')[0]}"


def test_an_unknown_embed_is_a_clear_404_and_another_order_redirects(client) -> None:
    make_catalogue()
    response = client.get("/compare/alpha-vs-nobody/embed/")
    assert response.status_code == 404
    assert "There is no framework “nobody” here." in response.content.decode()
    assert framing(response) == (True, None)  # the sentence is read in the frame
    moved = client.get("/compare/beta-vs-alpha/embed/?kind=fit")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{EMBED}?kind=fit")


def test_embeds_and_badges_cost_the_same_at_any_size(client) -> None:
    costs = []
    for frameworks, criteria in ((2, 4), (5, 12)):
        compared = fill(frameworks, criteria)
        names = "-vs-".join(sorted(framework.slug for framework in compared))
        criterion = make_criterion(name=f"Asked {criteria}")
        for _ in range(frameworks):
            make_claim(framework=compared[0], criterion=criterion)
        addresses = (f"/compare/{names}/embed/", f"/badge/{compared[0].slug}/{criterion.slug}.svg")
        costs.append([queries(client, address) for address in addresses])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8


# Badges.


def badge(client, framework: str, criterion: str) -> tuple[str, str, list[ElementTree.Element]]:
    """The label, the verdict, and the two boxes."""
    response = client.get(f"/badge/{framework}/{criterion}.svg")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    svg = ElementTree.fromstring(response.content)
    label, message = (text.text for text in svg.iter(f"{SVG}text"))
    boxes = list(svg.iter(f"{SVG}rect"))
    assert svg.get("aria-label") == svg.findtext(f"{SVG}title")
    widths = [int(box.get("width")) for box in boxes]
    assert int(svg.get("width")) == sum(widths)
    for text, box in zip(svg.iter(f"{SVG}text"), boxes, strict=True):
        left = int(box.get("x", 0))
        assert int(text.get("x")) >= left
        assert int(text.get("x")) + int(text.get("textLength")) <= left + int(box.get("width"))
    return str(label), str(message), boxes


def test_a_badge_says_the_verdict_and_shows_what_is_disputed_or_unknown(client) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    orm, delay = make_criterion("feature", "Orm"), make_criterion("figure", "Delay", unit="ms")
    make_claim(framework=alpha, criterion=orm, support="built-in")
    make_claim(framework=alpha, criterion=orm, support="none")
    make_claim(framework=alpha, criterion=delay, source=make_source(kind="measurement"), low=5, high=9)
    NotApplicable.objects.create(framework=beta, criterion=delay, reason="It has none.")
    badges = {
        (framework, criterion): badge(client, framework, criterion)
        for framework in ("alpha", "beta")
        for criterion in ("orm", "delay")
    }
    assert {key: found[1] for key, found in badges.items()} == {
        ("alpha", "orm"): "Built in or none, disputed",
        ("beta", "orm"): "No evidence",
        ("alpha", "delay"): "5–9 ms, one source",
        ("beta", "delay"): "Not applicable",
    }
    assert badges["alpha", "orm"][0] == "Alpha: Orm"
    colours = {key: found[2][1].get("fill") for key, found in badges.items()}
    assert colours["beta", "orm"] == colours["beta", "delay"]
    assert len(set(colours.values())) == 3


@pytest.mark.parametrize(("level", "colour"), [(2, GOOD), (-2, BAD), (0, NEUTRAL)])
def test_a_badge_has_the_colour_of_what_the_sources_say(client, level, colour) -> None:
    make_claim(framework=make_framework("Alpha"), criterion=make_criterion(name="Speed"), level=level)
    assert badge(client, "alpha", "speed")[2][1].get("fill") == colour


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ('A&B <"x">', 'A&B <"x">: Speed'),
        ("\x01框架\u202e", " 框架: Speed"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_a_badge_holds_any_name(client, name, label) -> None:
    make_claim(framework=make_framework(name, slug="alpha"), criterion=make_criterion(name="Speed"))
    assert badge(client, "alpha", "speed")[0] == label


def test_the_width_of_a_text_follows_its_letters() -> None:
    assert text_width("") == 0
    assert text_width("iiii") < text_width("aaaa") < text_width("mmmm") == 44
    assert text_width("框架") == 22
    assert text_width("e\u0301") == text_width("e")


def test_an_unknown_badge_is_a_clear_404_and_a_former_criterion_redirects(client) -> None:
    claim = make_claim(framework=make_framework("Alpha"), criterion=make_criterion(name="Speed"))
    FormerCriterion.objects.create(slug="pace", criterion=claim.criterion)
    for address, words in (("alhpa/speed", "framework “alhpa”"), ("alpha/sped", "criterion “sped”")):
        assert f"There is no {words} here." in page(client, f"/badge/{address}.svg", 404)
    moved = client.get("/badge/alpha/pace.svg")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/badge/alpha/speed.svg")
    page(client, "/badge/alpha/speed.png", 404)


def test_a_row_offers_its_badges(client) -> None:
    make_claim(framework=make_framework("A[1]", slug="alpha"), criterion=make_criterion(name="Speed"))
    (line,) = re.findall(r'readonly value="([^"]+)"', page(client, "/compare/alpha/speed/"))
    host = "http://testserver"
    assert unescape(line) == rf"[![A\[1\]: Speed]({host}/badge/alpha/speed.svg)]({host}/compare/alpha/speed/)"

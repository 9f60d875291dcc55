"""The pictures that shared links show."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.models import Criterion, Edition, Framework
from comparison.share_images import canvas, drawings
from comparison.share_images.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    drawable_name,
    drawable_sentence,
    fitted,
    text_width,
    wrapped,
)
from comparison.share_images.drawings import Imprint, comparison_image, criterion_image, framework_image
from comparison.tables.many.stored_table import load_stored_table
from comparison.vocabulary import in_language
from tests.make import fill, make_claim, make_criterion, make_framework, rebuild_verdicts
from tests.reading import page
from tests.site_routes import make_catalogue

HOST = "http://testserver"
IMAGES = {  # of pages
    "/compare/alpha-vs-beta/": "/compare/alpha-vs-beta.png",
    "/compare/alpha-vs-beta/?show=disputed&view=compact": "/compare/alpha-vs-beta.png",
    "/compare/alpha-vs-beta/alpha/": "/compare/alpha-vs-beta/alpha.png",
    "/frameworks/alpha/": "/frameworks/alpha.png",
    "/criteria/alpha/": "/criteria/alpha.png",
    "/recommend/alpha/": "/recommend/alpha.png",
    "/recommend/alpha/?w.alpha=3&framework=alpha": "/share.png",
    "/recommend/kept/0a/": "/recommend/kept/0a.png",
    "/recommend/": "/share.png",
    "/": "/share.png",
    "/claims/?kind=rating": "/share.png",
    "/de/compare/alpha-vs-beta/": "/de/compare/alpha-vs-beta.png",
    "/es/criteria/alpha/": "/es/criteria/alpha.png",
    "/de/recommend/kept/0a/": "/recommend/kept/0a.png",  # what was kept is English
    "/de/": "/de/share.png",
}


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def head(html: str) -> dict[str, str]:
    return {
        name: unescape(text) for name, text in re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    }


@pytest.mark.django_db
def test_every_page_names_the_picture_that_shows_it(client) -> None:
    make_catalogue()
    heads = {address: head(page(client, address)) for address in IMAGES}
    assert {address: own["og:image"].removeprefix(HOST) for address, own in heads.items()} == IMAGES
    for own in heads.values():
        assert (own["og:image:width"], own["og:image:height"]) == ("1200", "630")
        assert own["twitter:card"] == "summary_large_image"
        is_own = not own["og:image"].endswith("/share.png")
        assert own["og:image:alt"] == (own["og:description"] if is_own else "Crosscheck")
    for image in sorted(set(IMAGES.values())):
        response = client.get(image)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png"), image
        assert size(response.content) == (WIDTH, HEIGHT) == (1200, 630)
        assert len(response.content) < 60_000
        again = client.get(image, headers={"if-none-match": response.headers["ETag"]})
        assert again.status_code == 304
    assert "og:image" not in head(page(client, "/compare/nobody/", 404))


@pytest.mark.django_db
def test_a_picture_is_drawn_once_whatever_stands_behind_its_address(client, monkeypatch) -> None:
    make_catalogue()
    drawn: list[bytes] = []
    png = Canvas.png
    monkeypatch.setattr(Canvas, "png", lambda self: drawn.append(png(self)) or drawn[-1])
    for query in ("", "?x=1", "?show=disputed", "?w.alpha=3"):
        for path in ("/compare/alpha-vs-beta.png", "/recommend/alpha.png"):
            assert client.get(path + query).content in drawn
    assert len(drawn) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "location"),
    [
        ("/compare/beta-vs-alpha.png", 301, "/compare/alpha-vs-beta.png"),
        ("/compare/beta-vs-alpha/alpha.png", 301, "/compare/alpha-vs-beta/alpha.png"),
        ("/compare/alpha-vs-nobody.png", 404, None),
        ("/compare/alpha-vs-beta/nothing.png", 404, None),
        ("/frameworks/nobody.png", 404, None),
        ("/criteria/nothing.png", 404, None),
        ("/recommend/nothing.png", 404, None),
        ("/recommend/kept/00.png", 404, None),
        ("/claims/1.png", 404, None),
    ],
)
def test_an_address_without_a_picture(client, address, status, location) -> None:
    make_catalogue()
    response = client.get(address)
    assert (response.status_code, response.headers.get("Location")) == (status, location)


@pytest.mark.django_db
def test_pictures_cost_the_same_at_any_size(client) -> None:
    costs = []
    for frameworks, criteria in ((2, 4), (5, 12)):
        slugs = sorted(framework.slug for framework in fill(frameworks, criteria))
        rebuild_verdicts()
        subject = Criterion.objects.order_by("-pk")[0].slug
        names = "-vs-".join(slugs)
        paths = (f"/compare/{names}", f"/compare/{names}/{subject}", f"/frameworks/{slugs[0]}", f"/criteria/{subject}")
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as found:
                assert client.get(f"{path}.png").status_code == 200
            counts.append(len(found))
        costs.append(counts)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 9


# What is drawn.


@pytest.fixture
def texts(monkeypatch) -> list[str]:
    """What the pictures say; none of it leaves the picture."""
    drawn: list[str] = []

    def note(self, x, y, text, size, colour="", is_bold=False, anchor="la") -> None:
        width = text_width(text, size, is_bold)
        left = x - width if anchor[0] == "r" else x
        assert left >= 0, text
        assert left + width <= WIDTH, text
        assert y + (size if anchor[1] == "a" else 0) <= HEIGHT, text
        drawn.append(text)

    monkeypatch.setattr(Canvas, "text", note)
    return drawn


IMPRINT = Imprint("Crosscheck", Edition(number=7))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2, 5, 9])
@pytest.mark.parametrize("name", ["Framework", "A framework with a very long name that goes on and on", "x" * 120])
def test_all_texts_stay_within_the_picture(texts, count, name) -> None:
    criterion = make_criterion(name="Speed", question="How quick is it? " * 12)
    frameworks = [
        make_framework(f"{name[: 100 - 5 * (number > 0)]} {number}", slug=f"f{number}") for number in range(count)
    ]
    for index, framework in enumerate(frameworks):
        framework.tagline = "Does everything " * 30
        for _ in range(2):
            make_claim(framework=framework, criterion=criterion, level=2 - index % 5)
    rebuild_verdicts()
    stored = load_stored_table(frameworks)
    assert stored is not None
    table = stored.table()
    comparison_image(table, IMPRINT)
    criterion_image(criterion, table.rows[0], IMPRINT)
    framework_image(frameworks[0], table, IMPRINT)
    more = count - drawings.MAX_HEADS
    assert (f"and {more} more" in texts) == (more > 0)


@pytest.mark.django_db
def test_a_comparison_says_who_leads_and_how_many_rows_end_how(texts) -> None:
    one, two = make_framework("One"), make_framework("Two")
    quick, easy, disputed = (make_criterion(name=name) for name in ("Quick", "Easy", "Disputed"))
    for framework, level in ((one, 2), (two, -2)):
        for _ in range(2):
            make_claim(framework=framework, criterion=quick, level=level)
            make_claim(framework=framework, criterion=easy, level=1)
            make_claim(framework=framework, criterion=disputed, level=level)
    make_claim(framework=one, criterion=disputed, level=-2)
    make_claim(framework=one, criterion=disputed, level=-2)
    rebuild_verdicts()
    stored = load_stored_table([one, two])
    assert stored is not None
    comparison_image(stored.table(), IMPRINT)
    assert texts[:5] == ["One vs Two", "One", "leads 1", "Two", "leads 0"]
    assert texts[5:-2] == ["1 led by one", "1 even", "1 unsettled"]
    assert texts[-1] == "Crosscheck"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["führt in 1", "führt in 0", "in 1 führt eines", "Ausgabe 7, 29. November 2026"]),
        ("es", ["lidera 1", "lidera 0", "1 con líder", "Edición 7, 29 de noviembre de 2026"]),
    ],
)
def test_pictures_are_in_the_language_of_their_page(texts, language, words) -> None:
    criterion, one, two = make_criterion("feature", name="Orm"), make_framework("One"), make_framework("Two")
    for framework, support in ((one, "built-in"), (two, "none")):
        for _ in range(2):
            make_claim(framework=framework, criterion=criterion, support=support)
    rebuild_verdicts()
    edition = Edition(number=7, at=datetime(2026, 11, 29, 12, tzinfo=UTC))
    with in_language(language):
        stored = load_stored_table([one, two])
        assert stored is not None
        table = stored.table()
        comparison_image(table, Imprint("Crosscheck", edition))
        assert {*words} <= {*texts}
        criterion_image(criterion, table.rows[0], IMPRINT)
        framework_image(one, table, IMPRINT)
        criterion_image(criterion, None, IMPRINT)
    assert not {"Built in", "No evidence yet.", "1 favourable"} & {*texts}


@pytest.mark.django_db
def test_a_criterion_says_the_verdicts_the_best_first(texts) -> None:
    criterion = make_criterion("feature", name="Orm", question="Does it have one?")
    for name, support in (("One", "none"), ("Two", "built-in")):
        make_claim(framework=make_framework(name), criterion=criterion, support=support)
    rebuild_verdicts()
    stored = load_stored_table(list(Framework.objects.order_by("slug")))
    assert stored is not None
    criterion_image(criterion, stored.table().rows[0], IMPRINT)
    assert texts[:6] == ["Orm", "Does it have one?", "Two", "Built in, one source", "One", "None, one source"]
    criterion_image(criterion, None, IMPRINT)
    assert "No evidence yet." in texts


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Django", "Django"),
        ("Ärger mit Ölſorten", "Ärger mit Ölſorten"),
        ("Джанго", "Джанго"),
        ("框架", "slug"),
        ("Nice \U0001f9e0", "slug"),
        ("a\u202eb", "slug"),
        ("a\x00b", "slug"),
    ],
)
def test_a_name_that_the_font_lacks_is_given_by_its_slug(name, drawn) -> None:
    assert drawable_name(name, "slug") == drawn


@pytest.mark.parametrize(
    ("text", "drawn"),
    [("Use 框架 框架 now", "Use … now"), ("框架", "…"), ("", ""), ("a  b", "a b"), ("… and …", "… and …")],
)
def test_a_word_that_the_font_lacks_is_left_out(text, drawn) -> None:
    assert drawable_sentence(text) == drawn


def test_texts_are_cut_to_their_room() -> None:
    assert fitted("short", 30, 500) == "short"
    cut = fitted("a text that is too long for its room", 30, 200)
    assert cut.endswith("…")
    assert text_width(cut, 30) <= 200
    lines = wrapped("one two three four five six seven " * 5, 30, 300, 3)
    assert len(lines) == 3
    assert all(text_width(line, 30) <= 300 for line in lines)
    assert (wrapped("", 30, 300, 3), wrapped("a b", 30, 300, 3)) == ([], ["a b"])
    assert wrapped("x" * 500 + " y", 30, 300, 2)[1] == "y"


def test_the_font_has_its_licence_beside_it() -> None:
    assert "Permission is hereby granted" in (canvas.FONTS / "LICENSE").read_text()

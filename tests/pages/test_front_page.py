"""The front page shows a dispute, an article's error and an answer, each chosen by a rule from what is stored."""

import re
from typing import Any

import pytest
from django.core.cache import cache

from comparison.models import AskedComparison, Edition, Profile, ProfileWeight
from tests.database import recorded
from tests.make import (
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_source,
    rebuild_verdicts,
)
from tests.reading import Links, page, squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
@recorded
def contested() -> dict[str, Any]:
    """Beta's ease is the widest dispute, and Alpha's speed another; a claim of an article on size is false."""
    alpha, beta, gamma = (make_framework(name) for name in ("Alpha", "Beta", "Gamma"))
    ease, speed, size = (make_criterion(name=name) for name in ("Ease", "Speed", "Size"))
    first, second = make_source("First article"), make_source("Second article")
    docs = make_source("Documentation", "documentation", framework=alpha)
    for framework, criterion, source, level in (
        (beta, ease, first, 2),
        (beta, ease, second, -2),
        (alpha, speed, first, 1),
        (alpha, speed, second, -1),
        (gamma, ease, first, 1),
        (gamma, speed, first, 1),
    ):
        make_claim(framework=framework, criterion=criterion, source=source, level=level, statement=f"Level {level}")
    wrong = make_claim(framework=alpha, criterion=size, source=first, level=-2, statement="Is huge")
    small = make_claim(framework=alpha, criterion=size, source=second, level=-1, statement="Is a little large")
    right = make_claim(framework=alpha, criterion=size, source=docs, level=1, statement="Is small")
    for claim in (small, wrong):
        make_check(claim, "false", note=f"Not so: {claim.statement}").decided_by.add(right)
    profile = Profile.objects.create(slug="quick", name="A quick thing", description="It must be quick.")
    ProfileWeight.objects.create(profile=profile, criterion=speed, weight=3)
    ProfileWeight.objects.create(profile=profile, criterion=ease, weight=1)
    Edition.objects.publish("Everything")
    rebuild_verdicts()
    return {"wrong": wrong, "small": small, "right": right}


def section(html: str, heading: str) -> str:
    """The section whose heading has this id; empty if there is none."""
    _, _, following = html.partition(f'id="{heading}"')
    return squeezed(following.partition("</section>")[0])


def test_the_widest_dispute_is_drawn_with_both_sides_beside_a_rival(client, contested) -> None:
    drawn = section(page(client, "/"), "contradiction")
    assert 'class="criterion" href="/compare/alpha-vs-beta/ease/">Ease</a>' in drawn
    assert 'class="state disputed" href="/compare/alpha-vs-beta/ease/#beta"' in drawn
    assert re.findall(r'class="hidden">([\w ]+): <', drawn) == ["in favour", "against"]
    assert 'href="/sources/first-article/"' in drawn


def test_the_rival_is_the_one_that_people_ask_for(client, contested) -> None:
    AskedComparison.objects.create(slug="beta-vs-gamma", title="Beta vs Gamma", reason="Why not.")
    Edition.objects.publish("A comparison")
    assert 'href="/compare/beta-vs-gamma/ease/"' in section(page(client, "/"), "contradiction")


def test_what_is_in_the_box_is_one_click_away(client, contested) -> None:
    assert '<a href="/in-the-box/">In the box, and what you must add</a>' in page(client, "/")


def test_an_articles_error_is_shown_with_what_contradicts_it(client, contested) -> None:
    shown = section(page(client, "/"), "error")
    wrong, right = contested["wrong"], contested["right"]
    assert "<del>Is huge</del>" in shown
    assert "Not so: Is huge" in shown
    assert "Is a little large" not in shown  # it would move the verdict less
    assert f'href="/claims/{wrong.pk}/"' in shown
    assert f'<a href="/claims/{right.pk}/">Alpha: Is small</a>' in shown


def test_an_error_needs_an_article_and_claims_that_decide_it(client, contested) -> None:
    for name in ("wrong", "small"):
        contested[name].checks.get().decided_by.clear()
    make_check(contested["right"], "outdated").decided_by.add(contested["small"])  # of the documentation
    Edition.objects.publish("Checks")
    assert section(page(client, "/"), "error") == ""


def test_the_answer_for_the_first_kind_of_project_is_shown_with_its_firmness(client, contested) -> None:
    shown = section(page(client, "/"), "recommended")
    assert '<a href="/recommend/quick/">Gamma</a>' in shown
    assert "Other weights" in shown
    assert "wide-plot" in shown


def test_the_front_page_is_the_same_on_every_load_and_cites_sources_that_it_lists(client, contested) -> None:
    first = page(client, "/")
    cache.clear()
    assert page(client, "/") == first
    links = Links()
    links.feed(first)
    assert {link[1:] for link in links.found if link.startswith("#")} <= links.ids


def test_the_front_page_shows_nothing_of_an_empty_catalogue(client) -> None:
    assert "catalogue is empty" in page(client, "/")
    profile = Profile.objects.create(slug="quick", name="A quick thing", description="It must be quick.")
    ProfileWeight.objects.create(profile=profile, criterion=make_criterion(), weight=3)
    make_framework("Alpha")
    Edition.objects.publish("A framework")
    html = page(client, "/")
    assert not any(section(html, heading) for heading in ("contradiction", "error", "recommended"))

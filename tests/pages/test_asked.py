"""The comparisons that people ask for: the front page and the picker lead to them where evidence exists."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from comparison.models import AskedComparison, Edition, Framework
from tests.admin_site import as_admin
from tests.make import make_claim, make_framework, rebuild_verdicts
from tests.reading import page

pytestmark = pytest.mark.django_db


def ask(*frameworks: Framework, **fields: object) -> AskedComparison:
    slugs = sorted(framework.slug for framework in frameworks)
    title = " vs ".join(framework.name for framework in frameworks)
    defaults = {"slug": "-vs-".join(slugs), "title": title, "reason": "Both are round."}
    return AskedComparison.objects.create(**defaults | fields)


def test_pages_lead_to_what_people_ask_for_and_mark_what_lacks_evidence(client) -> None:
    alpha, beta, gamma = (make_framework(name) for name in ("Alpha", "Beta", "Gamma"))
    for framework in (alpha, beta):
        make_claim(framework=framework)
    ask(beta, alpha)
    ask(alpha, beta, gamma)
    rebuild_verdicts()
    front, picker = page(client, "/"), page(client, "/compare/")
    link = '<a href="/compare/alpha-vs-beta/"><b>Beta vs Alpha</b>'
    assert link in front
    assert "Both are round. 2 claims." in " ".join(front.split())
    assert link in picker
    assert "/compare/alpha-vs-beta-vs-gamma/" not in front
    assert '<a href="/compare/alpha-vs-beta-vs-gamma/">' in picker
    assert "No evidence yet on Gamma." in " ".join(picker.replace("\n", " ").split())
    sitemap = page(client, "/sitemap.xml")
    assert sitemap.count("//testserver/compare/alpha-vs-beta/<") == 1
    assert "alpha-vs-beta-vs-gamma" not in sitemap


def test_pairs_stand_in_where_nobody_asks(client) -> None:
    for name in ("Alpha", "Beta"):
        make_claim(framework=make_framework(name))
    assert "?framework=alpha&amp;framework=beta" in page(client, "/")
    assert "people ask for" not in page(client, "/compare/")


def test_a_comparison_of_a_framework_that_is_gone_is_left_out(client) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    ask(alpha, beta)
    beta.delete()
    assert "alpha-vs-beta" not in page(client, "/compare/")


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("alpha", "names two frameworks or more"),
        ("alpha-vs-bta", "There is no framework bta."),
        ("beta-vs-alpha", "in alphabetical order: alpha-vs-beta"),
        ("alpha-vs-alpha-vs-beta", "in alphabetical order: alpha-vs-beta"),
    ],
)
def test_an_address_that_names_no_comparison_is_refused(slug, problem) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    with pytest.raises(ValidationError) as refused:
        AskedComparison(slug=slug, title="t", reason="r").full_clean()
    assert problem in str(refused.value)
    ask(alpha, beta)
    if slug == "alpha":
        with pytest.raises(IntegrityError, match="asked_comparison_of_two_or_more"), transaction.atomic():
            ask(alpha)


def test_an_editor_adds_one_in_the_admin() -> None:
    for name in ("Alpha", "Beta"):
        make_framework(name)
    before = Edition.objects.current().number
    client = as_admin()
    form = {"slug": "alpha-vs-beta", "title": "Alpha vs Beta", "reason": "r", "order": "1"}
    assert client.post("/admin/comparison/askedcomparison/add/", form).status_code == 302
    assert AskedComparison.objects.get().title == "Alpha vs Beta"
    assert Edition.objects.current().number == before + 1
    refused = client.post("/admin/comparison/askedcomparison/add/", form | {"slug": "alpha-vs-gamma"})
    assert "There is no framework gamma." in refused.content.decode()


def test_frameworks_stand_in_one_order_whatever_their_case_and_the_front_page_leads_to_all(client) -> None:
    for name in ("beta", "Alpha", "Gamma"):
        make_claim(framework=make_framework(name))
    rebuild_verdicts()
    picker, own = page(client, "/compare/"), page(client, "/frameworks/gamma/")
    assert re.findall(r'name="framework"\s+value="(\w+)"', picker) == ["alpha", "beta", "gamma"]
    assert re.findall(r"framework=gamma&amp;framework=(\w+)", own) == ["alpha", "beta"]
    assert '<a href="/frameworks/">All 3, and what is known of each</a>' in page(client, "/")

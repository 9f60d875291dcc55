"""Every page in a wide light and a narrow dark window: accessible, without complaints, never scrolling sideways."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comparison.models import Claim, ClaimState, Profile
from tests.browsing import WIDTHS, in_browser, log_in, open_page, scrolls_sideways, violations
from tests.make import make_user

pytestmark = in_browser
PAGES = ["/", "/compare/", "/compare/{pair}/", "/compare/{pair}/?show=7", "/compare/{pair}/learning-curve/"]
PAGES += ["/compare/{pair}/?category=performance&show=disputed&open=speed&reference=flask", "/frameworks/django/"]
PAGES += ["/claims/{claim}/", "/nothing/", "/frameworks/", "/criteria/", "/criteria/speed/", "/sources/"]
PAGES += ["/sources/flask-vs-django-whats-the-difference/", "/claims/?side=against", "/disputes/", "/methodology/"]
PAGES += ["/api/v1/", "/about/", "/changes/", "/search/?q=orm", "/search/?q=mappr"]
PAGES += ["/recommend/", "/recommend/prototype/", "/recommend/shop/?w.orm=9", "/recommend/?w.learning-curve=2"]
PAGES += [
    "/recommend/?w.learning-curve=0",
    "/recommend/prototype/?framework=flask",
    "/compare/{pair}/?profile=shop",
    "{kept}",
]
PAIR = "django-vs-flask"
ADMIN_PAGES = ["", "comparison/claim/queue/", "comparison/claim/drafts/", "comparison/claim/help/"]
ADMIN_PAGES += ["comparison/claim/findings/", "comparison/claim/findings/contradictions/", "comparison/claim/import/"]
ADMIN_PAGES += ["comparison/source/intake/", "comparison/batch/", "comparison/claim/{claim}/check/"]
ADMIN_PAGES += ["comparison/claim/merge/?keep={claim}&merge={other}", "comparison/criterion/{criterion}/merge/"]
ADMIN_PAGES += ["comparison/claim/", "comparison/claim/add/", "comparison/claim/{claim}/change/", "comparison/source/"]
ADMIN_PAGES += ["comparison/source/{source}/change/", "comparison/criterion/{criterion}/change/"]
ADMIN_PAGES += ["comparison/framework/{framework}/change/", "comparison/profile/{profile}/change/"]
ADMIN_PAGES += ["comparison/claim/{claim}/history/", "comparison/claim/{claim}/delete/"]


@pytest.fixture(scope="session")
def windows(browser) -> Iterator[list[Any]]:
    """A page for each width and scheme that opens all addresses: a new window costs as much as most of them."""
    pages = [open_page(browser, "about:blank", width, scheme) for width, scheme in WIDTHS]
    yield pages
    for page in pages:
        page.context.close()


def check(page: Any, address: str, expected_complaints: int = 0) -> None:
    page.complaints.clear()  # those of the checker's own style
    page.goto(address)
    assert len(page.complaints) == expected_complaints, (page.viewport_size, page.complaints)
    assert not scrolls_sideways(page), page.viewport_size
    assert violations(page) == [], page.viewport_size


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_accessible_quiet_and_never_scroll_sideways(windows, site, address) -> None:
    claim = Claim.objects.published().first()
    kept = Client().post("/recommend/keep/?profile=prototype").headers["Location"]
    expected_complaints = 1 if address == "/nothing/" else 0  # the 404 itself
    for page in windows:
        check(page, site + address.format(pair=PAIR, claim=claim.pk, kept=kept), expected_complaints)


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_the_admin_is_accessible_quiet_and_never_scrolls_sideways(windows, site, address) -> None:
    claim = Claim.objects.published().first()
    claim.transition(ClaimState.SUBMITTED, reason="again")
    make_user("Editor", username="ed")
    keys = {"claim": claim.pk, "other": claim.pk + 1, "profile": Profile.objects.latest("pk").pk}
    keys |= {"criterion": claim.criterion_id, "source": claim.source_id, "framework": claim.framework_id}
    for page in windows:
        log_in(page, site, "ed")
        check(page, f"{site}/admin/{address.format(**keys)}")
        page.context.clear_cookies()

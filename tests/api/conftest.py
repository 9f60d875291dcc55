from datetime import date

import pytest

from comparison.models import Claim, Framework, NotApplicable, Profile, ProfileWeight
from tests.api_client import API, SECRET, get_json
from tests.database import recorded
from tests.make import make_check, make_claim, make_criterion, make_framework, make_source


def make_small_catalogue() -> Claim:
    alpha = make_framework("Alpha", aliases="First\nÄlpha", first_release_year=2005, licence="MIT")
    make_framework("Beta")
    article = make_source("Article", published=date(2024, 2, 3), address="https://example.org/a")
    article.set_text(SECRET * 3)
    article.save()
    speed = make_criterion(name="Speed", synonyms="pace\ntempo")
    passage = {"section": "Pace", "start": 16, "end": 25, "version_range": ">=4.2", "quote": SECRET[16:25]}
    claim = make_claim(framework=alpha, criterion=speed, source=article, level=2, **passage)
    make_check(claim, "misleading", evidence="https://example.org/check")
    quick = Profile.objects.create(slug="quick", name="A quick thing", description="It must be quick.")
    ProfileWeight.objects.create(profile=quick, criterion=speed, weight=3, must_have=True)
    quick.exclusions.create(framework=Framework.objects.get(slug="beta"), reason="It is too slow.")
    Profile.objects.create(slug="slow", name="A slow thing", description="It may take its time.", order=9)
    return claim


@pytest.fixture
@recorded
def claim() -> Claim:
    """A small catalogue in which every address of ALL, filled with the claim's key, exists."""
    return make_small_catalogue()


@pytest.fixture
@recorded
def catalogue() -> Claim:
    """Beside the claim, verdicts of every kind and state."""
    claim = make_small_catalogue()
    alpha, beta, article, speed = claim.framework, Framework.objects.get(slug="beta"), claim.source, claim.criterion
    copy, vendor = make_source("Copy", repeats=article), make_source("Vendor", "vendor")
    test, trial = make_source("Test", "measurement"), make_source("Trial", "measurement")
    criteria = {kind: make_criterion(kind, f"On {kind}") for kind in ("feature", "figure", "list", "fit")}
    for criterion in criteria.values():
        for source in (copy, vendor):
            make_claim(framework=alpha, criterion=criterion, source=source)
    for value, source in zip((1, -1, -1), (copy, vendor, test), strict=True):
        make_claim(framework=alpha, criterion=speed, source=source, level=value)
    make_claim(framework=beta, criterion=criteria["figure"], source=trial, low="1.5", high="2.5")
    make_claim(framework=beta, criterion=criteria["figure"], source=test, low=900, high=1000)
    make_check(make_claim(framework=beta, criterion=speed, source=article, level=-1), "false")
    NotApplicable.objects.create(framework=beta, criterion=criteria["feature"], reason="It has none.")
    return claim


@pytest.fixture
def document(client, catalogue):
    return get_json(client, f"{API}openapi.json")

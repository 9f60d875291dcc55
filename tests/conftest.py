import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from comparison.files.catalogue_load import SHIPPED, load
from comparison.models import Edition, Profile, ProfileWeight
from tests.make import make_claim, make_criterion, make_framework


def pytest_configure() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file: in memory SQLite locks whole tables between the browser's requests, which it does nowhere else.
        folder = tempfile.mkdtemp(prefix="crosscheck-tests-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        database.setdefault("TEST", {})["NAME"] = f"{folder}/test.sqlite3"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """The manifest of hashed names exists only after collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The shipped catalogue, loaded once for a test module and undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(SHIPPED)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (only the browser tests need it)

    from tests.browsing import CHROMIUM, QUIET  # noqa: PLC0415

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop running in this thread
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def empty_site(live_server) -> str:
    """The site's address, before anything was published. All tables are emptied after each of these tests."""
    made_by_migrations()
    return live_server.url


def made_by_migrations() -> None:
    """The rows that migrations made and that emptying all tables took away: the first edition and the roles."""
    Edition.objects.get_or_create(number=0)
    editor, config = SimpleNamespace(connection=connection), apps.get_app_config("comparison")
    module = config.models_module
    import_module("comparison.migrations.0002_roles_and_first_edition").create_roles(apps, editor)
    import_module("comparison.migrations.0007_roles_see_batches").grant(apps, editor)
    config.models_module = module


@pytest.fixture
def site(empty_site, settings) -> str:
    """The site's address, with the shipped catalogue."""
    load(SHIPPED)
    return empty_site


@pytest.fixture
def two() -> dict[str, Any]:
    """Two frameworks: One is quicker, Two is easier, and only One has the part."""
    speed, ease, part = (
        make_criterion(name="Speed"),
        make_criterion(name="Ease"),
        make_criterion("feature", name="Part"),
    )
    fit = make_criterion("fit", name="Small team")
    one, two = make_framework("One"), make_framework("Two")
    values = {(one, speed): 2, (one, ease): -1, (two, speed): -1, (two, ease): 2}
    for (framework, criterion), level in values.items():
        for _ in range(2):
            make_claim(framework=framework, criterion=criterion, level=level, statement=f"{criterion} is {level}")
    make_claim(framework=one, criterion=part, support="built-in")
    make_claim(framework=two, criterion=fit, level=2, statement="Good for few people")
    make_claim(framework=one, criterion=fit, level=-2, statement="Not for few people")
    profile = Profile.objects.create(slug="quick", name="A quick thing", description="It must be quick.")
    ProfileWeight.objects.create(profile=profile, criterion=speed, weight=3)
    ProfileWeight.objects.create(profile=profile, criterion=ease, weight=1)
    return {"one": one, "two": two, "profile": profile, "part": part}

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import pytest_runtest_protocol as run_test
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as generated_cases
from whitenoise.middleware import WhiteNoiseMiddleware

from comparison.models import Profile, ProfileWeight
from comparison.serving.middleware import forget_addresses
from config.databases.replica import availability
from config.memory import spare_what_stays, with_room_for_frames
from config.monitoring import readiness
from tests.database import RUN_FOLDER, Snapshots, recorded, write_shipped_catalogue
from tests.make import make_claim, make_criterion, make_framework

# How long a case takes says nothing on machines that others use too. Rows are undone after each test, not each case.
generated_cases.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
generated_cases.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)  # pytest knows it only where xdist is on
def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores: tests of browsers and servers wait for them."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    spare_what_stays()


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """As pytest's own, with the room for frames that the site's pages have too: up to a seventh of the time."""
    return bool(run_with_room(item, nextitem))


run_with_room = with_room_for_frames(run_test)


def pytest_configure() -> None:
    if RUN_FOLDER not in os.environ:  # this is the first process; others inherit the variable
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="crosscheck-tests-")
        atexit.register(shutil.rmtree, os.environ[RUN_FOLDER], ignore_errors=True)
    settings.STATIC_ROOT = Path(os.environ[RUN_FOLDER], "static")  # empty, whatever `make run` has collected
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns where it is missing
    # The manifest of hashed names exists only after collectstatic.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file: in memory SQLite locks whole tables between the browser's requests, which it does nowhere else.
        database.setdefault("TEST", {})["NAME"] = f"{os.environ[RUN_FOLDER]}/test.sqlite3"


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory, django_db_setup, django_db_blocker) -> Snapshots:
    with django_db_blocker.unblock():
        return Snapshots(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture(scope="session", autouse=True)
def _database_after_committing_tests(request) -> None:
    """Puts back what migrations wrote; Django itself would leave all tables empty."""
    if any(item.get_closest_marker("django_db") for item in request.session.items):
        saved = request.getfixturevalue("snapshots")
        TransactionTestCase._fixture_teardown = lambda _case: saved.restore_empty()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once() -> None:
    """Each client of a test makes the middleware anew, which would walk through all static files again."""
    find = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, Any] = {}

    def add_found_files(self: WhiteNoiseMiddleware) -> None:
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_found_files


@pytest.fixture(scope="session", autouse=True)
def _readiness_inside_the_test() -> Iterator[None]:
    """Checks whether the site is ready in the test's own transaction, which other connections would wait for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readiness, "own_connection", lambda alias: nullcontext(connections[alias]))
        patch.setattr(readiness, "Thread", CallInPlace)
        patch.setattr(readiness, "SHARED_SECONDS", 0)
        yield


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    cache.clear()
    forget_addresses()
    readiness.readiness.cache_clear()
    for database in availability.values():
        database.answered()


class CallInPlace:
    """Stands in for a thread."""

    def __init__(self, target: Callable[[], None], **options: Any) -> None:
        self.start = target

    def is_alive(self) -> bool:
        return False

    def join(self, timeout: float) -> None:
        pass


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The shipped catalogue, written once for a test module and undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        write_shipped_catalogue()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
@recorded
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

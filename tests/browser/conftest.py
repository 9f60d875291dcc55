"""One browser and one server for all tests of a process."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test.utils import modify_settings
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browsing import CHROMIUM, OPTIONS

expect.set_options(timeout=30_000)  # milliseconds; the usual five are too few where three processes share two cores


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop running in this thread
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def server(django_db_setup) -> Iterator[str]:
    """The address of a server in a thread of this process; it commits what it writes."""
    live_server = LiveServer("localhost")
    yield live_server.url
    live_server.stop()


@pytest.fixture
def empty_site(server) -> Iterator[str]:
    """The site's address, before anything was published."""
    with modify_settings(ALLOWED_HOSTS={"append": "localhost"}):
        yield server


@pytest.fixture
def site(empty_site, snapshots) -> str:
    """The site's address, with the shipped catalogue."""
    snapshots.restore_shipped()
    return empty_site


@pytest.fixture
def sampled_site(empty_site, snapshots) -> str:
    """The site's address, with some claims on some criteria: the rules' checker looks at each element of a page."""
    snapshots.restore_sample()
    return empty_site

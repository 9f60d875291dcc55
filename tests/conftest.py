import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from comparison.catalogue import SHIPPED, load


def pytest_configure() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing


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

"""What a newcomer meets who starts the project by Django's own commands, or from a wrong place."""

import shutil
import sys
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.installation import KEY, ROOT, copied, python, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def never_collected(settings, tmp_path):
    """An installation whose static files were never collected."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.files.static_files.ModuleStorage"}}


@pytest.mark.parametrize("address", ["/", "/compare/", "/frameworks/", "/recommend/", "/nothing/", "/admin/login/"])
def test_pages_are_shown_with_their_style_before_static_files_were_collected(never_collected, address) -> None:
    client = Client(raise_request_exception=True)
    response = client.get(address)
    assert response.status_code == (404 if address == "/nothing/" else 200)
    sheet = "/static/admin/css/base.css" if address.startswith("/admin") else "/static/site.css"
    assert f'href="{sheet}"' in response.content.decode()
    style = client.get(sheet)
    assert (style.status_code, style.headers["Content-Type"][:8]) == (200, "text/css")
    style.close()


def test_an_empty_site_says_how_to_get_the_catalogue(client) -> None:
    assert "manage.py load_catalogue" in client.get("/").content.decode()


def test_djangos_own_test_command_names_the_right_one() -> None:
    with pytest.raises(CommandError, match=r"The tests run with pytest: make test, or .venv/bin/python -m pytest"):
        call_command("test")


def test_a_python_without_django_is_told_which_one_to_use(tmp_path) -> None:
    done = run(sys.executable, "-S", "manage.py", "check")  # -S: without installed packages
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(
        "has no Django. Run: .venv/bin/python manage.py (make run makes .venv if it is missing)\n"
    )
    assert done.stderr.count("\n") == 1


def test_a_moved_project_still_starts(tmp_path) -> None:
    """Programs of a virtual environment name its folder in their first line; make therefore runs python -m."""
    makefile = (ROOT / "Makefile").read_text()
    assert [line for line in makefile.splitlines() if "$(BIN)/" in line and "$(BIN)/python" not in line] == []


@pytest.mark.parametrize("path", ["/nothing/", "/compare/nothing/"])
def test_djangos_debug_page_is_styled(path) -> None:
    """Django's own page of an error has its style and its script inside."""
    script = f"""
import django; django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
page = Client(headers={{"host": "localhost"}}, raise_request_exception=False).get("{path}")
print(page.status_code, "<style" in page.content.decode(), "'unsafe-inline'" in page["Content-Security-Policy"])
"""
    done = python(
        "-c",
        script,
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY=KEY,
        DEBUG="1",
        DATABASE_URL="sqlite:///:memory:",
    )
    assert done.stdout.split()[1:] == ["True", "True"], done.stderr


def test_the_built_package_holds_all_that_the_site_reads(tmp_path) -> None:
    copied(tmp_path, "config", "comparison", "templates", "static")
    needed = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    done = python("-c", "from setuptools.build_meta import build_wheel; build_wheel('.')", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        assert {name for name in wheel.namelist() if ".dist-info/" not in name} == needed

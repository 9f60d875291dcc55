"""Opening pages in a real browser. CHROMIUM names the program."""

import os
import shutil
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--disable-sync"]
WIDTHS = ((1440, "light"), (390, "dark"))
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine; set CHROMIUM to its path"),
    pytest.mark.django_db(transaction=True),
]


def open_page(browser, address: str, width: int = 1440, scheme: str = "light", **options):
    """A page, with everything the console complained of and every foreign host it asked."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: None if "://localhost:" in request.url else page.complaints.append(request.url))
    page.goto(address)
    return page


def scrolls_sideways(page: Any) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def violations(page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": tags, "resultTypes": ["violations"]})  # what passes need not be listed
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]


def open_admin(browser: Any, site: str, username: str, width: int = 1440, scheme: str = "light", **options: Any) -> Any:
    """The admin's front page as that user, logged in without the form, which takes three more pages."""
    page = open_page(browser, "about:blank", width, scheme, **options)
    log_in(page, site, username)
    page.goto(f"{site}/admin/")
    return page


def log_in(page: Any, site: str, username: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=username))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])

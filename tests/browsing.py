"""Opening pages in a real browser. CHROMIUM names the program."""

import os
import shutil
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from django.test import Client

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")  # the quickest first
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--disable-sync"]
WIDTHS = ((1440, "light"), (390, "dark"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The checker reads the colours of an element and of all that lies under it, a hundred thousand times on a large page.
READ_COLOURS_ONCE = """
const { Color } = axe.commons.color;
const read = Color.prototype.parseString;
const known = new Map();
Color.prototype.parseString = function (text) {
  if (!known.has(text)) known.set(text, new Color(read.call(this, text)));
  const { r, g, b, alpha } = known.get(text);
  return Object.assign(this, { r, g, b, alpha });
};
"""
# The end of one may begin that of what inherits its colour.
FINISH_ANIMATIONS = """() => {
  const running = () => document.getAnimations().filter((each) => each.playState === "running");
  for (let each = running(); each.length; each = running()) each.forEach((animation) => animation.finish());
}"""
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
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def violations(page: Any, reads_sheets: bool = True) -> list[str]:
    """The accessibility rules that the page breaks, each with its first place.

    One rule reads the style sheets, which may not lock the page in one orientation: once is enough for all windows.
    """
    page.wait_for_load_state()  # a click waits for the first bytes of the page it leads to
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {AXE_SCRIPT}\n{READ_COLOURS_ONCE} }}")
    options = {"runOnly": RULES, "resultTypes": ["violations"], "preload": reads_sheets}  # what passes is not listed
    broken = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in broken]


def check_windows(page: Any) -> None:
    """The page is accessible and does not scroll sideways, wide and light as well as narrow and dark.

    It is resized, not loaded again, which would take twice as long: no script of ours asks how wide the window is.
    """
    for number, (width, scheme) in enumerate(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(FINISH_ANIMATIONS)  # colours change slowly
        assert not scrolls_sideways(page), (page.url, width)
        assert not (broken := violations(page, reads_sheets=number == 0)), (page.url, width, broken)
    page.complaints.clear()  # the content policy forbids the style that the rules' checker adds


def open_admin(browser: Any, site: str, username: str, path: str = "", **options: Any) -> Any:
    """That page of the admin as that user, logged in without the form, which takes three more pages."""
    page = open_page(browser, "about:blank", **options)
    log_in(page, site, username)
    page.goto(f"{site}/admin/{path}")
    return page


def log_in(page: Any, site: str, username: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=username))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])

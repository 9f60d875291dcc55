"""What an application must do before its lines are counted, tried over HTTP as a browser would. Standard library alone.

The small application keeps books: a title of at most 100 characters, and a year from 1450 to 2100.
`/` lists them, `/new` creates one, `/login` logs in, and the admin pages lie below `/admin/`.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from comparison.experiments.html_reading import Form, read_page
from comparison.experiments.spec import Failure

GREETING = "Hello, World!"
USERNAME = "librarian"
PASSWORD = "seven green bicycles"  # noqa: S105 - of a user that lives as long as the test
TITLE = "Tom & <script>alert('Jerry')</script>"
UNESCAPED = "<script>alert('Jerry')"
MISTAKES = {
    "without a title": {"title": "", "year": "1999"},
    "with a title that is too long": {"title": "x" * 101, "year": "1999"},
    "with a year that is not a number": {"title": "Mistake", "year": "soon"},
    "with a year before 1450": {"title": "Mistake", "year": "1449"},
    "with a year after 2100": {"title": "Mistake", "year": "2101"},
}
MAX_ADMIN_PAGES = 50
SECONDS = 10


@dataclass(frozen=True)
class Page:
    address: str  # where the redirects ended
    status: int
    html: str

    @property
    def text(self) -> str:
        return read_page(self.html).text

    @property
    def shows_title(self) -> bool:
        """The title as its text: where it was not escaped, the script is an element and no text."""
        return TITLE in self.text

    def form(self, *names: str) -> Form | None:
        """The form that has fields of these names."""
        return next((form for form in read_page(self.html).forms if form.fields.keys() >= set(names)), None)

    def links(self) -> Iterator[str]:
        for link in read_page(self.html).links:
            yield urljoin(self.address, link)


class Browser:
    """Keeps cookies and follows redirects."""

    def __init__(self, address: str) -> None:
        self.address = address
        cookies, no_proxy = urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({})
        self.opener = urllib.request.build_opener(cookies, no_proxy)

    def get(self, path: str) -> Page:
        return self.open(urllib.request.Request(urljoin(self.address, path)))  # noqa: S310 - loopback only

    def send(self, page: Page, form: Form, values: dict[str, str]) -> Page:
        """Sends a form of that page with its fields filled in."""
        address = urljoin(page.address, form.action or page.address)
        data = urlencode({**form.fields, **values}).encode()
        return self.open(urllib.request.Request(address, data, {"Referer": page.address}))  # noqa: S310

    def open(self, request: urllib.request.Request) -> Page:
        try:
            with self.opener.open(request, timeout=SECONDS) as response:
                return Page(response.url, response.status, response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.url, error.code, error.read().decode(errors="replace"))
        except (OSError, http.client.HTTPException) as error:
            path = urlsplit(request.full_url).path
            raise Failure(f"{path} gave no answer: {getattr(error, 'reason', error)}") from None


def one_route(address: str) -> None:
    page = Browser(address).get("/")
    _require(page.status == 200, f"/ has status {page.status} instead of 200")
    _require(page.text.strip() == GREETING, f"/ does not answer {GREETING!r}")


def small_application(address: str) -> None:
    """Everything the small application must do. Each step builds upon those before it."""
    visitor, user = Browser(address), Browser(address)
    lists_books(visitor)
    asks_to_log_in(visitor)
    refuses_a_wrong_password(visitor)
    logs_in(user)
    requires_the_token(user)
    refuses_mistakes(user)
    creates_and_escapes(user)
    admin_lists_books(user, visitor)
    logs_out(user)


def lists_books(visitor: Browser) -> None:
    page = visitor.get("/")
    _require(page.status == 200, f"the list has status {page.status} instead of 200")
    _require("table" in read_page(page.html).elements, "the list has no table")


def asks_to_log_in(visitor: Browser) -> None:
    page = visitor.get("/new")
    _require(page.form("title", "year") is None, "/new shows its form to visitors who are not logged in")
    _require(page.form("username", "password") is not None, "/new does not lead visitors to the login form")


def refuses_a_wrong_password(visitor: Browser) -> None:
    _log_in(visitor, "wrong password")
    page = visitor.get("/new")
    _require(page.form("title", "year") is None, "a wrong password logs in")


def logs_in(user: Browser) -> None:
    _log_in(user, PASSWORD)
    _new_book_form(user)


def requires_the_token(user: Browser) -> None:
    """A hidden field of the form holds the token; without it a book must not be stored."""
    page, form = _new_book_form(user)
    _require(bool(form.hidden), "the form of /new has no hidden field for a CSRF token")
    bare = Form(form.action, form.method, {"title": "", "year": ""})
    refusal = user.send(page, bare, {"title": "Forged", "year": "1999"})
    _require("Forged" not in user.get("/").text, "a form without its CSRF token is accepted")
    _require(400 <= refusal.status < 500, f"a form without its CSRF token gets status {refusal.status} instead of 4xx")


def refuses_mistakes(user: Browser) -> None:
    books = user.get("/").text
    for mistake, values in MISTAKES.items():
        page, form = _new_book_form(user)
        refusal = user.send(page, form, values)
        _require(refusal.status < 500, f"a book {mistake} gets status {refusal.status}")
        _require(user.get("/").text == books, f"a book {mistake} is stored")
        _require(refusal.form("title", "year") is not None, f"a book {mistake} is not refused with its form")
        _require(_has_message(page, refusal), f"a book {mistake} is refused without a message")


def creates_and_escapes(user: Browser) -> None:
    page, form = _new_book_form(user)
    answer = user.send(page, form, {"title": TITLE, "year": "1999"})
    _require(answer.status == 200, f"a correct book gets status {answer.status} instead of 200")
    books = user.get("/")
    _require(UNESCAPED not in books.html, "the list does not escape a title")
    _require(books.shows_title and "1999" in books.text, "the list does not show a new book")


def admin_lists_books(user: Browser, visitor: Browser) -> None:
    """The page is found by following the links of the admin's first page."""
    page = next((page for page in _admin_pages(user) if page.shows_title or UNESCAPED in page.html), None)
    if page is None:
        raise Failure("no page below /admin/ lists the books")
    _require(UNESCAPED not in page.html, "the admin page does not escape a title")
    _require(not visitor.get(page.address).shows_title, "the admin page is shown to visitors who are not logged in")


def logs_out(user: Browser) -> None:
    page = user.get("/")
    form = next((form for form in read_page(page.html).forms if "logout" in form.action), None)
    if form is None:
        raise Failure("the list has no form to log out")
    user.send(page, form, {})
    _require(user.get("/new").form("title", "year") is None, "logging out does not log out")


def _admin_pages(user: Browser) -> Iterator[Page]:
    first = user.get("/admin/")
    _require(first.status == 200, f"/admin/ has status {first.status} instead of 200")
    links = dict.fromkeys(link.partition("#")[0] for link in first.links())
    below = [link for link in links if link.startswith(user.address) and _is_below_admin(link)]
    yield first
    yield from map(user.get, below[:MAX_ADMIN_PAGES])


def _is_below_admin(link: str) -> bool:
    """Links that log out, or change what they are asked to, are left alone."""
    path = urlsplit(link).path
    return path.startswith("/admin/") and not any(word in path for word in ("logout", "delete", "password", "add"))


def _log_in(browser: Browser, password: str) -> None:
    page = browser.get("/login")
    form = page.form("username", "password")
    if form is None:
        raise Failure("/login has no form with username and password")
    browser.send(page, form, {"username": USERNAME, "password": password})


def _new_book_form(user: Browser) -> tuple[Page, Form]:
    page = user.get("/new")
    form = page.form("title", "year")
    if form is None:
        raise Failure("/new has no form with title and year after logging in")
    return page, form


def _has_message(before: Page, after: Page) -> bool:
    """Whether the page says something that it did not say before."""
    return not _lines(after) <= _lines(before)


def _lines(page: Page) -> set[str]:
    return {line.strip() for line in page.text.splitlines()}


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise Failure(problem)

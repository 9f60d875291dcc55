"""What a long article costs a curator: to look at it, to store it, to open it in the reading room."""

from itertools import count

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comparison.models import Source
from comparison.texts.decode import digest
from comparison.texts.html_article import read_page
from tests.bench.asking import check_status, timed, timed_cold
from tests.bench.results import Report

LENGTH = 5_000_000  # characters
GROUP = "Articles of a web page of 5 MB, in the admin"
MAX_STORE_MS, MAX_OPEN_MS = 2_000, 1_000
ADD_SOURCE = "/admin/comparison/source/intake/"
ROUNDS = 3
SENTENCES = """Django answers {number} requests with <b>its</b> ORM, which <a href=/{number}>Flask</a> leaves to an
extension such as <code>Flask-SQLAlchemy</code>; both are quick enough for most sites that people build. Others differ
in this, as everybody knows who has measured them, and nobody should choose a framework for that alone. """
PART = f"""<h2 id=s{{number}}>What {{number}} requests show</h2><p class=text>{SENTENCES * 2}</p>
<p class=text>{SENTENCES * 3}</p>
<ul><li>It is the {{number}}th to say so.<li>Pages take <em>longer</em> than plain text.</ul><p>{SENTENCES}</p>
<table><tr><th>Part<th>Django<th>Flask<tr><td>Start<td>{{number}} ms<td>quicker<tr><td>Size<td>9 MB<td>1 MB</table>
<div class=related-posts><a href=/{{number}}>Post {{number}}</a></div>"""


def article(length: int) -> str:
    """A web page with marks in its lines, lists, tables, and links to other pages."""
    parts, total = ["<html><title>Of two</title><nav>Menu</nav><article><h1>Of two</h1>"], 0
    for number in count():
        part = PART.format(number=number)
        parts.append(part)
        total += len(part)
        if total >= length:
            break
    return "".join([*parts, "</article><footer>The site</footer>"])


def measure_articles(report: Report, length: int = LENGTH) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("bench"))
    page = article(length)
    numbers = count(1)
    fields = {
        "raw": page,
        "read_as": "html",
        "shown": digest(read_page(page).article.encode()),
        "title": "A long article",
        "kind": "independent",
        "language": "en",
        "_save": "1",
    }

    def look() -> None:
        upload = SimpleUploadedFile("page.html", page.encode())
        check_status(ADD_SOURCE, client.post(ADD_SOURCE, {"_look": "1", "upload": upload}).status_code)

    def store() -> None:
        check_status(ADD_SOURCE, client.post(ADD_SOURCE, fields | {"slug": f"long-{next(numbers)}"}).status_code, 302)

    report.add(GROUP, "uploaded and shown as it was read", timed(look, ROUNDS), "ms", limit=MAX_STORE_MS)
    report.add(GROUP, "stored", timed(store, ROUNDS), "ms", limit=MAX_STORE_MS)
    source = Source.objects.get(slug="long-1")
    opened = {
        "opened": reverse("admin:comparison_source_read", args=[source.pk]),
        "opened at a passage": reverse("admin:comparison_source_read", args=[source.pk]) + "?words=its+ORM&line=5",
        "opened with proposals": reverse("admin:comparison_source_read_proposals", args=[source.pk]),
    }
    for name, url in opened.items():
        report.add(GROUP, name, timed_cold(client, url, ROUNDS), "ms", limit=MAX_OPEN_MS)

"""The last kept page while no database answers, marked so that neither people nor programs take it for the newest.

The status stays 200: the page is whole and was true in the edition that it names. No cache may keep it.
"""

import time
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from comparison.serving.kept_pages import KeptPage
from comparison.serving.languages import vary

MAIN = b'<main id="main" tabindex="-1">'
DETAIL = "the database does not answer"


def send_old(request: HttpRequest, page: KeptPage) -> HttpResponse:
    age = max(0, int(time.time() - page.drawn_at))
    body = page.plain_body.replace(MAIN, MAIN + _notice(page).encode(), 1)
    headers = page.headers | {
        "Age": str(age),
        "Cache-Control": "no-store",
        "Cache-Status": f'Crosscheck; hit; ttl=-{age}; detail="{DETAIL}; edition {page.edition_number}"',  # RFC 9211
        "Content-Length": str(len(body)),
        "Vary": vary(request),
        "Warning": '111 - "Revalidation Failed"',  # the same, for older programs
    }
    return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)


def _notice(page: KeptPage) -> str:
    drawn = datetime.fromtimestamp(page.drawn_at, UTC)
    return format_html(
        '<p class="note problem" role="status"><strong>This page may be out of date.</strong> '
        "The database does not answer at the moment. You see edition {}, as kept on {} UTC.</p>",
        page.edition_number,
        f"{drawn.day} {drawn:%B %Y, %H:%M}",
    )

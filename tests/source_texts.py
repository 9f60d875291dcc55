"""Texts of sources, and sources with claims that cite passages of them."""

from pathlib import Path
from typing import Any

from comparison.models import Claim, Source
from tests.make import make_claim, make_criterion, make_framework, make_source

INVENTED = Path(__file__).parent / "texts" / "article.txt"

# A web page, and the article in it.
PAGE = """<!doctype html><html lang="en"><head><title>Site – a page</title>
<meta property="og:title" content="One &amp; two"><meta name="author" content="A. Writer">
<meta property="article:published_time" content="2024-03-02T10:00:00Z"><link rel="canonical" href="https://example.org/x">
<style>p { color: red }</style></head><body><header>The site</header><nav><a href="/">Home</a></nav>
<div class="cookie-note">We use cookies</div><article><header><h1>One &amp; <em>two</em></h1></header>
<p>First<br>second, <b>bold</b>.</p><ul><li>Light</li><li>Small <ul><li>Tiny</li></ul></li></ul>
<table><thead><tr><th>Part</th><th>One</th></tr></thead><tr><td>Mapper</td><td><p>none</p></td></tr></table>
<pre>&lt;script&gt;alert(1)&lt;/script&gt;
  kept   as it is</pre><script>alert(2)</script><div class="ad">Buy now</div><aside>Aside</aside>
<p hidden>Unseen</p></article><section id="comments"><p>Nice one</p></section><footer>Imprint</footer></body></html>"""
ARTICLE = """# One & two

First

second, bold.

- Light
- Small
  - Tiny

| Part | One |
| Mapper | none |

```
<script>alert(1)</script>
  kept   as it is
```
"""


# A page as browsers save it in one file, and a message.
MHTML = b"""From: <Saved by Blink>\r
Snapshot-Content-Location: https://example.org/\r
Subject: =?utf-8?Q?Two?=\r
MIME-Version: 1.0\r
Content-Type: multipart/related;\r
\ttype="text/html"; boundary="----B"\r
\r
------B\r
Content-Type: text/html\r
Content-Transfer-Encoding: quoted-printable\r
Content-Location: https://example.org/\r
\r
<html><head><meta charset=3D"utf-8"></head><body><p>Gr=C3=B6=C3=9Fe is =\r
all</p></body></html>\r
------B\r
Content-Type: text/css\r
\r
p { color: red }\r
------B--\r
"""
EML = """From: a@example.org
To: b@example.org
Subject: Two of them
MIME-Version: 1.0
Content-Type: {kind}; charset="iso-8859-1"
Content-Transfer-Encoding: 8bit

Gr\xf6\xdfe
"""


# A text in which each line differs from the others.
LINES = [f"Line {number} says something of its own about thing {number}." for number in range(80)]
LINES[40] = "Quite another matter is the weather."
LONG = "\n".join(LINES)


# A short text, and later versions of it.
OLD = "Intro.\nAlpha is quick to learn.\nOmega takes some weeks.\nEnd.\n"
PASSAGE = "Alpha is quick to learn"
APPENDED = OLD + "More.\n"
MOVED = "A line that is new.\n" + OLD
CHANGED = OLD.replace("quick", "slow")
GONE = OLD.replace(PASSAGE + ".\n", "")


def source_with(text: str, keep: bool = True) -> Source:
    """One whose text is not kept is as it comes out of the catalogue's files, with digest and length."""
    source = make_source()
    source.set_text(text)
    source.save()
    Source.objects.filter(pk=source.pk).update(text=text if keep else "")
    return source


def source_on_two(text: str) -> Source:
    """An article on two frameworks, with a rating and a feature that it speaks of."""
    make_framework("One")
    make_framework("Two")
    make_criterion("rating", name="Learning curve", slug="learning", synonyms="quick to learn")
    make_criterion("feature", name="Mapper", slug="mapper")
    return source_with(text)


def claims_on(source: Source, *passages: str, **fields: Any) -> list[Claim]:
    """A claim for each passage, looked for behind the passage before; its quote is filled already."""
    made, at = [], 0
    for passage in passages:
        start = source.text.index(passage, at)
        at = start + len(passage)
        quote = passage if len(passage) <= 500 else ""
        made.append(make_claim(source=source, **{"start": start, "end": at, "quote": quote} | fields))
    return made


def reloaded(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def cited_passage(claim: Claim, text: str) -> str:
    return text[reloaded(claim).start : reloaded(claim).end]


def source_with_every_fate() -> tuple[Source, dict[str, Claim]]:
    source = make_source("Known")
    source.set_text(LONG)
    source.save()
    places = {
        "found": "Line 1 says",
        "moved": "Line 60 says",
        "changed": "Line 30 says something",
        "gone": "another matter is the weather",
    }
    claims = {}
    for fate, words in places.items():
        start = LONG.index(words)
        claims[fate] = make_claim(source=source, start=start, end=start + len(words), quote=words)
    return source, claims

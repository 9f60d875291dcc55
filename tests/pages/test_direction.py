"""Texts from right to left, and marks that turn text round, stay where they stand."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.make import make_claim, make_criterion, make_framework, make_source
from tests.reading import page, squeezed

pytestmark = pytest.mark.django_db

TURNED = "\u202eevil"
HEBREW = "שלום"


@pytest.mark.parametrize("text", [TURNED, HEBREW, "\u2067x", "\u202dx"])
def test_statements_have_a_direction_of_their_own(client, text) -> None:
    claim = make_claim(
        statement=text,
        framework=make_framework(f"{text} one", slug="one"),
        criterion=make_criterion(name=f"{text} two", slug="two"),
        source=make_source(f"{text} three", slug="three"),
        section=text,
        quote=text,
    )
    row = re.search(rf'<tr id="claim-{claim.pk}">.*?</tr>', squeezed(page(client, "/claims/")))[0]
    for part in (
        f'<td dir="auto">{text}',
        f"<bdi>{text} one:</bdi>",
        f"<bdi>{text} two</bdi>",
        f"<bdi>{text} three</bdi>",
    ):
        assert part in row
    html = squeezed(page(client, f"/claims/{claim.pk}/"))
    assert f'<h1 dir="auto">{text}</h1>' in html
    assert f'<blockquote dir="auto">{text}' in html
    assert f'<b dir="auto">{text} three</b>' in squeezed(page(client, "/sources/"))
    assert f'<h1 dir="auto">{text} three</h1>' in squeezed(page(client, "/sources/three/"))


@pytest.mark.parametrize("sheet", ["site.css", "admin.css"])
def test_the_sheets_keep_texts_apart_everywhere(sheet) -> None:
    css = (Path(settings.BASE_DIR) / "static" / sheet).read_text()
    assert re.search(r"\btd, th\b[^{]*\{ unicode-bidi: plaintext; \}", css)
    assert re.search(r"\ba, [^{]*\{ unicode-bidi: isolate; \}", css)

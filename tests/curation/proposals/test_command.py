from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comparison.curation.attach_text import attach
from tests.make import make_claim, make_criterion, make_framework, make_source

pytestmark = pytest.mark.django_db
TEXT = "One comes with a mapper. Two has no mapper.\n"


def report(*arguments: str) -> str:
    out = StringIO()
    call_command("proposals", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_compares_proposals_with_claims(tmp_path) -> None:
    one, mapper = make_framework("One"), make_criterion("feature", name="Mapper")
    make_framework("Two")
    source = make_source("Article")
    attach(source, TEXT)
    make_claim(source=source, framework=one, criterion=mapper, start=0, end=23)
    (tmp_path / "article.txt").write_text(TEXT)
    for where in ("article", str(tmp_path)):
        assert "article: 1 claims. At their passages: framework 100.0 %" in report(where)
        assert "Whole article: 2 proposals, recall 100.0 %, precision 50.0 %." in report(where, "--missed")


def test_the_command_says_what_it_cannot_read(tmp_path) -> None:
    make_source("Article")
    for where, words in (("none", "neither a folder"), ("article", "not held here"), (str(tmp_path), "No claims")):
        with pytest.raises(CommandError, match=words):
            report(where)

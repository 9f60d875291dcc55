"""The catalogues of translations: collected from templates and Python, kept as text (.po) and compiled (.mo).

Compiled files are in the repository too, because a site is installed without the programs that make them.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.installation import ROOT

FOLDER = ROOT / "comparison" / "locale"
COMPLETE, PARTIAL = ("de", "es"), ("ar",)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
NOT_PUBLIC = ("comparison/admin/", "comparison/migrations/", "comparison/experiments/", "templates/admin/")
SAME_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # so that the same strings make the same file
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|\{\w*(?::[^}]*)?\}|%%")

Text = str | tuple[str, ...]


def marked_strings() -> Catalog:
    """All strings that are marked, with the files they stand in."""
    found = Catalog(charset="utf-8")
    for path in [*sorted(ROOT.glob("comparison/**/*.py")), *sorted(ROOT.glob("templates/**/*.html"))]:
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(NOT_PUBLIC):
            for message, comments, context in _strings(path):
                found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def _strings(path: Path) -> Iterator[tuple[Text, list[str], str | None]]:
    source = path.read_text()
    if path.suffix == ".html":  # written as if it were Python
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    lines = extract("python", BytesIO(source.encode()), KEYWORDS, ("Translators:",), strip_comment_tags=True)
    for _, message, comments, context in lines:
        yield message, comments, context


def catalogue_path(language: str, ending: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"django.{ending}"


def stored(language: str) -> Catalog:
    path = catalogue_path(language, "po")
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)


def updated(language: str, marked: Catalog) -> Catalog:
    """What is marked, with the translations that are stored. Strings that nothing marks any more are left out."""
    known = stored(language)
    catalogue = Catalog(
        locale=language,
        project="Crosscheck",
        version="1",
        charset="utf-8",
        header_comment="# Written by `make messages`; translate here, and run it again.",
        fuzzy=False,
        creation_date=SAME_TIME,
        revision_date=SAME_TIME,
        last_translator="Crosscheck",
        language_team=language,
        copyright_holder="",
    )
    for message in marked:
        if message.id:
            before = known.get(message.id, message.context)
            catalogue.add(
                message.id,
                before.string if before and type(before.id) is type(message.id) else "",
                locations=sorted(set(message.locations)),
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def texts(message: Text) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


def problems(message: Message) -> list[str]:
    """What is wrong with the translation of a message."""
    originals, translations = texts(message.id), texts(message.string)
    if not all(translations):
        return [f"{originals[0]!r} is not translated"]
    allowed = [sorted(PLACEHOLDER.findall(text)) for text in originals]
    wrong = [text for text in translations if sorted(PLACEHOLDER.findall(text)) not in allowed]
    return [f"{text!r} has other placeholders than {originals[-1]!r}" for text in wrong]

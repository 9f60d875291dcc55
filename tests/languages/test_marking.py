"""What people read is marked for translation, in templates and in Python."""

import ast
import re

from tests.installation import ROOT
from tests.languages.catalogues import KEYWORDS, NOT_PUBLIC

TEMPLATES = ROOT / "templates"
ENGLISH_ALONE = {  # the API, the admin, and pages that are drawn while something is broken
    "400.html",
    "500.html",
    "503.html",
    "comparison/api.html",
}
MARKED = re.compile(r"\{% blocktranslate\b.*?\{% endblocktranslate %\}", re.S)
CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(pre|code)\b.*?</\1>|<!--.*?-->", re.S)
READ_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
TAG = re.compile(r"<[^>]*>", re.S)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"BibTeX", "CSL", "JSON", "SHA", "UTC"}  # the same in every language


def bare_words(source: str) -> set[str]:
    """The words of a template that no tag marks."""
    text = CODE.sub("", MARKED.sub("", source))
    read = [*READ_ATTRIBUTE.findall(text), TAG.sub(" ", text)]
    return {word for part in read for word in WORD.findall(re.sub(r"&\w+;", " ", part))} - NAMES


def public_templates() -> list[str]:
    names = (path.relative_to(TEMPLATES).as_posix() for path in sorted(TEMPLATES.rglob("*.html")))
    return [name for name in names if not name.startswith(("admin/", "simple_history/")) and name not in ENGLISH_ALONE]


def test_unmarked_words_are_found() -> None:
    assert bare_words('<p title="Here">Two words {{ x }}</p>{% translate "No" %} &nbsp;') == {"Here", "Two", "words"}


def test_every_word_of_a_template_is_marked() -> None:
    found = {name: bare_words((TEMPLATES / name).read_text()) for name in public_templates()}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_string_is_marked_inside_an_f_string() -> None:
    """Where nobody finds it."""
    hidden = []
    for path in sorted(ROOT.glob("comparison/**/*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(NOT_PUBLIC):
            continue
        for joined in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)):
            calls = [
                node for node in ast.walk(joined) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            ]
            marks = (call for call in calls if call.func.id in KEYWORDS)
            hidden += [f"{name}:{call.lineno}" for call in marks if isinstance(call.args[0], ast.Constant)]
    assert hidden == []

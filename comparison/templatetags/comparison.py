"""The smallest repeated pieces of a page, as functions: a table draws them thousands of times."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape  # of plain strings; Django's also asks each whether it is lazy or safe
from types import MappingProxyType

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop, ngettext

from comparison.evidence import SET_ASIDE_FINDINGS, Kind, SourceKind
from comparison.files.json_ld import element
from comparison.models import Claim, Criterion, Framework, Source
from comparison.tables.cells.lines import Item, ItemLine, Line
from comparison.tables.cells.views import CellView, Opposite
from comparison.tables.checks import ScoreSheet
from comparison.tables.citations import Citation
from comparison.tables.experiments import Experiment
from comparison.tables.svg import sheet_bar
from comparison.tables.table import Reference
from comparison.tables.table_filters import FilteredTable
from comparison.tables.verdict_detail import NO_EVIDENCE, value_of
from comparison.text_search.folding import matched_parts
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary
from comparison.wording import FINDING_ORDER, label

register = template.Library()

FINDING_ICONS = {"confirmed": "i-check", "outdated": "i-clock", "misleading": "i-warn", "false": "i-cross"}
REASON_WORDS = {  # for readers, of what commands store as the reason of a history entry
    "load_catalogue": gettext_noop("loaded with the catalogue"),
    "attach_text: found": gettext_noop("passage found in the source’s text"),
    "attach_text: moved": gettext_noop("passage moved in the source’s new text"),
    "attach_text: changed": gettext_noop("passage changed in the source’s new text"),
    "attach_text: gone": gettext_noop("passage gone from the source’s new text"),
}
ALL_SET_ASIDE = gettext_noop("What was said about it is set aside. That is not a no.")
SET_ASIDE, CLAIM = gettext_noop("Set aside: {claim}"), gettext_noop("claim {number}")
REPEATED, MUST_HAVE = gettext_noop("Repeated"), gettext_noop("Must have")
OPEN, FIELDS = gettext_noop("Open"), (gettext_noop("Finding"), gettext_noop("Source"), gettext_noop("Framework"))
STATEMENTS, HERE = gettext_noop("Statements"), gettext_noop("here:")
MAX_UNFOLDED = 3  # cells of a row whose reasons a small window shows at once
SIGNS = {"for": "+", "against": "\N{MINUS SIGN}"}
SIDE_WORDS = {"for": gettext_noop("in favour"), "against": gettext_noop("against")}  # for screen readers


@register.filter
def in_english(text: str) -> SafeString:
    """A text of the catalogue, marked as English on pages in other languages."""
    return SafeString(escape(text) if vocabulary().language == "en" else f'<bdi lang="en">{escape(text)}</bdi>')


@register.filter
def kind_word(kind: str) -> str:
    """What a kind of source is called."""
    return label(SourceKind(kind))


@register.filter
def criterion_kind_word(kind: str) -> str:
    """What a kind of criterion is called."""
    return label(Kind(kind))


@register.filter
def as_heading(word: str) -> str:
    """A check’s finding, “open”, or the name of a field of a filter."""
    return vocabulary()[word.capitalize()]


@register.filter
def joined(named: Iterable[Framework | Criterion]) -> str:
    return ", ".join(row.name for row in named)


@register.simple_tag
def source_links(sources: Iterable[Source]) -> SafeString:
    return format_html_join(", ", '<a href="{}">{}</a>', ((row.get_absolute_url(), row.title) for row in sources))


@register.simple_tag
def experiment_links(experiments: Iterable[Experiment]) -> SafeString:
    named = ((reverse("experiment", args=[row.slug]), row.title) for row in experiments)
    return format_html_join(", ", '<a href="{}">{}</a>', named)


@register.simple_tag
def count_claims(number: int) -> str:
    return ngettext("{count} claim", "{count} claims", number).format(count=number)


@register.simple_tag
def count_criteria(number: int) -> str:
    return ngettext("{count} criterion", "{count} criteria", number).format(count=number)


@register.simple_tag
def count_sources(number: int) -> str:
    return ngettext("{count} source", "{count} sources", number).format(count=number)


@register.simple_tag
def cites(citations: Sequence[Citation]) -> SafeString:
    """Numbers of sources, each a link into the list of sources."""
    return SafeString("".join([_cite(citation) for citation in citations]))


@lru_cache(maxsize=1000)
def _cite(citation: Citation) -> str:
    return (
        f'<a class="cite w{citation.weight}" href="#ref-{citation.number}" aria-label="{citation.label}">'
        f"{citation.number}{'±' if citation.both else ''}</a>"
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a row is open in its table, and the URL that closes or opens it."""

    is_open: bool
    toggle_url: str
    references: Mapping[int, Reference]  # for the claims of an open row, else empty


@register.filter
def reason_words(reason: str | None) -> str:
    """Why a history entry was written."""
    words = REASON_WORDS.get(reason or "")
    return _(words) if words else reason or _("saved")


@register.simple_tag
def marked(text: str, wanted: Sequence[str]) -> SafeString:
    """A text in which what a search looked for is marked."""
    parts = ((escape(part), is_match) for part, is_match in matched_parts(text, wanted))
    return mark_safe("".join(f"<mark>{part}</mark>" if is_match else part for part, is_match in parts))  # noqa: S308


@register.simple_tag
def weight_field(criterion: Criterion, weight: int, is_must: bool, words: Sequence[tuple[int, str]]) -> SafeString:
    """The choice of a criterion's weight; a form has one for each of some hundred criteria."""
    name, slug = escape(criterion.name), criterion.slug
    must = f'<input type="checkbox" name="must" value="{slug}"{" checked" if is_must else ""}>'
    choices = "".join(
        f'<label><input type="radio" name="w.{slug}" value="{number}"{" checked" if number == weight else ""}>'
        f"{word}</label>\n"
        for number, word in words
    )
    return mark_safe(  # noqa: S308
        f"<fieldset><legend>{name}</legend>"
        f'<label class="must-box">{must}<span>{vocabulary()[MUST_HAVE]}<span class="hidden">: {name}</span></span>'
        "</label>"
        f'<div class="segments four">{choices}</div></fieldset>'
    )


@register.simple_tag
def linked_data(data: dict[str, object]) -> SafeString:
    return element(data)


@register.simple_tag
def opening(filtered: FilteredTable, criterion: str) -> Opening:
    is_open = criterion in filtered.opened
    return Opening(is_open, filtered.toggle_url(criterion), filtered.table_data.references if is_open else {})


@register.simple_tag
def cells(
    views: Iterable[CellView], row_url: str, references: Mapping[int, Reference] = MappingProxyType({})
) -> SafeString:
    """The cells of a row. On phones what the later ones rest on is folded, unless the row is open."""
    drawn = [
        cell(view, row_url, references, index >= MAX_UNFOLDED and not references) for index, view in enumerate(views)
    ]
    return SafeString("".join(drawn))


@register.simple_tag
def cell(
    view: CellView,
    row_url: str,
    references: Mapping[int, Reference] = MappingProxyType({}),
    is_folded: bool = False,
) -> SafeString:
    """A cell of a table. `row_url` is the address of its row, with the criterion last; with `references` it is open."""
    css = f' class="{view.css}"' if view.css else ""
    reasons = reasons_of(view, row_url)
    parts = [verdict_line(view, row_url), _folded(view, reasons) if is_folded and view.is_known else reasons]
    if references and view.claims:
        claims = "".join(f"<li>{opened_claim(claim, references)}</li>" for claim in view.claims)
        parts.append(f'<ul class="in-place">{claims}</ul>')
    return SafeString(f'<td{css}><div class="cell">{"".join(parts)}</div></td>')


def _folded(view: CellView, reasons: str) -> str:
    """Reasons that a small window shows when asked; a wide one always does, without the summary."""
    words, name = vocabulary(), escape(view.framework.name)
    summary = f'{words[STATEMENTS]}<span class="hidden"> {words[HERE]} {name}</span>'
    return f'<details class="fold"><summary>{summary}</summary>{reasons}</details>'


def reasons_of(view: CellView, row_url: str) -> str:
    """What a cell rests on, or why there is nothing to rest on."""
    if view.is_known:
        return _gist(view, row_url)
    if view.reason:
        return f'<p class="aside">{escape(view.reason)}</p>'
    missing = vocabulary()[ALL_SET_ASIDE if view.set_aside else NO_EVIDENCE]
    return f'<p class="aside">{missing}</p>' + (_gist(view, row_url) if view.set_aside else "")


def opened_claim(claim: Claim, references: Mapping[int, Reference]) -> SafeString:
    """One claim of an open row: value, statement, source, and a link to its page."""
    value = value_of(claim)
    reference = references[claim.speaker_id]
    statement = in_english(claim.statement)
    text = f"<del>{statement}</del>" if claim.findings & SET_ASIDE_FINDINGS else statement
    findings = "".join(finding(word.value) for word in FINDING_ORDER if word in claim.findings)
    mark = f'<a class="cite w{reference.weight}" href="#ref-{reference.number}">{reference.number}</a>'
    words = vocabulary()[CLAIM].format(number=claim.pk)
    link = f'<a href="{claim.get_absolute_url()}">{words}</a>'
    value_text = escape(value.text)
    html = f'{value.drawing} <span class="num">{value_text}</span> {text}{mark}{findings} <small>{link}</small>'
    return mark_safe(html)  # noqa: S308


@register.simple_tag
def finding(word: str) -> SafeString:
    """A check's finding as sign and word."""
    if not word:
        return SafeString("")
    icon = FINDING_ICONS.get(word, "i-both")
    return format_html(
        ' <span class="finding {}"><svg class="icon" aria-hidden="true"><use href="#{}"/></svg>{}</span>',
        word,
        icon,
        as_heading(word),
    )


@register.simple_tag
def score_bar(sheet: ScoreSheet) -> SafeString:
    """How the claims of a source were found, as one bar."""
    return sheet_bar(sheet.parts)


def verdict_line(cell: CellView, row_url: str) -> str:
    """A cell's first line: framework (on cards), drawing, word and number, and the state as a link."""
    icon = f'aria-hidden="true"><use href="#s-{cell.state_sign}"/></svg>'
    drawing = cell.drawing if cell.is_known else f'<svg class="glyph" {icon}'
    css = ' class="figure"' if cell.is_figure else ""
    word = f"<b{css}>{escape(cell.word)}</b>"
    number = cell.number
    detail = f' <span class="num">{escape(number)}</span>' if number else ""
    state = ""
    if cell.is_known:
        link = f'<a class="state {cell.state_sign}" href="{row_url}#{cell.framework.slug}">'
        state = f'{link}<svg class="icon" {icon}{escape(cell.state_text)}</a>'
    name = f'<b class="which">{escape(cell.framework.name)}</b>'
    return f'<div class="value"><span>{name}{drawing}{word}{detail}</span>{state}</div>'


def _gist(cell: CellView, row_url: str) -> str:
    """The strongest claim of each side, or the items named; what contradicts the cell or is set aside in it."""
    notes = [note for note in (cell.distance, cell.comparison) if note]
    after = f' <span class="aside">{escape(" · ".join(notes))}</span>' if notes else ""
    items = [*(claim_item(line) for line in cell.lines), *(_names_item(line) for line in cell.items)]
    if after and items:
        items[0] = items[0].removesuffix("</span></li>") + f"{after}</span></li>"
    if cell.beside_articles and not cell.beside_articles.is_agreement:
        items.append(f'<li class="aside">{escape(cell.beside_articles.text)}</li>')
    items += [_opposite_item(opposite, row_url) for opposite in cell.opposites]
    more = ""
    if cell.more_set_aside:
        text = _("{count} more").format(count=cell.more_set_aside)
        more = f'<a href="{row_url}#{cell.framework.slug}">{text}</a>'
    items += [set_aside_item(line, more) for line in cell.set_aside]
    return f'<ul class="gist">{"".join(items)}</ul>'


def claim_item(line: Line) -> str:
    sign = side = ""
    if line.side:
        sign = f'<span class="sign {line.side}" aria-hidden="true">{SIGNS[line.side]}</span>'
        side = f'<span class="hidden">{vocabulary()[SIDE_WORDS[line.side]]}: </span>'
    prefix = f"<b>{escape(line.prefix)}</b> " if line.prefix else ""
    text = in_english(line.text)
    return f"<li>{sign}<span>{side}{prefix}{text}{cites(line.citations)}{finding(line.finding)}</span></li>"


def _names_item(line: ItemLine) -> str:
    prefix = f"{escape(line.prefix)} " if line.prefix else ""
    names = ", ".join(_name(item) for item in line.items)
    return f'<li><span class="items">{prefix}{names}{cites(line.citations)}</span></li>'


def _name(item: Item) -> str:
    name = escape(item.name)
    return f'{name} <span class="quiet">({escape(item.also)})</span>' if item.also else name


def _opposite_item(opposite: Opposite, row_url: str) -> str:
    """A related criterion on which the same sources say the opposite."""
    table_url = "".join(row_url.removesuffix("/").rpartition("/")[:2])
    link = f'<a href="{table_url}{opposite.criterion.slug}/">{escape(opposite.criterion.name)}</a>'
    text = ngettext(
        "Source{sources} says the opposite on {criterion}",
        "Sources{sources} say the opposite on {criterion}",
        len(opposite.citations),
    ).format(sources=cites(opposite.citations), criterion=link)
    return f'<li class="aside"><span>{text}</span></li>'


def set_aside_item(line: Line, more: str = "") -> str:
    """A claim set aside on one line, with the reason, and a link to more of them."""
    marks = f"{cites(line.citations)}{finding(line.finding)}{more and f' {more}'}"
    text = vocabulary()[SET_ASIDE].format(claim=f"<del>{in_english(line.text)}</del>{marks}")
    return f'<li class="aside put-by"><span>{text}</span></li>'


@register.inclusion_tag("comparison/report_links.html")
def report_links(*about: object) -> dict[str, str]:
    """Ways to tell the curators something about a place: the route of its page and what the route is given."""
    return {"about": "/".join(str(part) for part in about)}

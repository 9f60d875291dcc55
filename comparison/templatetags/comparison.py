"""The smallest repeated pieces of a page, as functions: a table draws them thousands of times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from comparison.evidence import SET_ASIDE
from comparison.files.json_ld import element
from comparison.models import Claim
from comparison.tables.cells import CellView, Citation, ItemLine, Line
from comparison.tables.table import Reference
from comparison.tables.table_filters import FilteredTable
from comparison.tables.verdict_detail import value_of
from comparison.wording import FINDING_ORDER

register = template.Library()

FINDING_ICONS = {"confirmed": "i-check", "outdated": "i-clock", "misleading": "i-warn", "false": "i-cross"}
SIGNS = {"for": "+", "against": "\N{MINUS SIGN}"}


@register.simple_tag
def cites(citations: Sequence[Citation]) -> SafeString:
    """Numbers of sources, each a link into the list of sources."""
    return mark_safe(  # noqa: S308
        "".join(
            f'<a class="cite w{one.weight}" href="#ref-{one.number}" aria-label="{one.label}">'
            f"{one.number}{'±' if one.both else ''}</a>"
            for one in citations
        )
    )


@dataclass(frozen=True, slots=True)
class Toggle:
    is_open: bool
    address: str


@register.simple_tag
def linked_data(data: dict[str, object]) -> SafeString:
    return element(data)


@register.simple_tag
def toggle(filtered: FilteredTable, criterion: str) -> Toggle:
    """Whether a row is open, and the address that closes or opens it."""
    return Toggle(criterion in filtered.opened, filtered.toggled(criterion))


@register.simple_tag
def opened_claim(claim: Claim, references: Mapping[int, Reference]) -> SafeString:
    """One claim of an opened cell: value, statement, source, and a link to its page."""
    value = value_of(claim)
    reference = references[claim.source_id]
    said = conditional_escape(claim.statement)
    text = f"<del>{said}</del>" if claim.findings & SET_ASIDE else said
    found = "".join(finding(str(one)) for one in FINDING_ORDER if one in claim.findings)
    mark = f'<a class="cite w{reference.weight}" href="#ref-{reference.number}">{reference.number}</a>'
    link = f'<a href="{claim.get_absolute_url()}">claim {claim.pk}</a>'
    shown = conditional_escape(value.text)
    return mark_safe(f'{value.drawing} <span class="num">{shown}</span> {text}{mark}{found} <small>{link}</small>')  # noqa: S308


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
        word.capitalize(),
    )


@register.simple_tag
def standing(cell: CellView, opened: str) -> SafeString:
    """A cell's first line: drawing, word and number, and the state of the evidence as a link to what it rests on."""
    icon = f'aria-hidden="true"><use href="#s-{cell.state_sign}"/></svg>'
    drawn = cell.drawing if cell.known else f'<svg class="glyph" {icon}'
    css = ' class="figure"' if cell.figure else ""
    word = f"<b{css}>{conditional_escape(cell.word)}</b>"
    detail = f' <span class="num">{conditional_escape(cell.detail)}</span>' if cell.detail else ""
    state = ""
    if cell.known:
        link = f'<a class="state {cell.state_sign}" href="{opened}#{cell.framework.slug}">'
        state = f'{link}<svg class="icon" {icon}{conditional_escape(cell.state_label)}</a>'
    return mark_safe(f'<div class="value"><span>{drawn}{word}{detail}</span>{state}</div>')  # noqa: S308


@register.simple_tag
def gist(cell: CellView, opened: str) -> SafeString:
    """What a cell rests on: the strongest claim of each side, or the items named, and what is set aside."""
    told = [*(_claimed(one) for one in cell.lines), *(_named(one) for one in cell.items)]
    told += [f'<li class="aside">{conditional_escape(one)}</li>' for one in (cell.aside, cell.versus) if one]
    told += [_struck(one) for one in cell.struck]
    if cell.more_struck:
        more = f'<a href="{opened}#{cell.framework.slug}">{cell.more_struck} more set aside</a>'
        told.append(f'<li class="aside">{more}</li>')
    return mark_safe(f'<ul class="gist">{"".join(told)}</ul>')  # noqa: S308


def _claimed(line: Line) -> str:
    sign = ""
    if line.side:
        sign = f'<span class="sign {line.side}" aria-hidden="true">{SIGNS[line.side]}</span>'
    said = f'<span class="hidden">{line.side}: </span>' if line.side else ""
    prefix = f"<b>{conditional_escape(line.prefix)}</b> " if line.prefix else ""
    text = conditional_escape(line.text)
    return f"<li>{sign}<span>{said}{prefix}{text}{cites(line.citations)}{finding(line.finding)}</span></li>"


def _named(line: ItemLine) -> str:
    prefix = f"{conditional_escape(line.prefix)} " if line.prefix else ""
    items = (
        f'{conditional_escape(one.name)} <span class="quiet">({conditional_escape(one.also)})</span>'
        if one.also
        else conditional_escape(one.name)
        for one in line.items
    )
    return f'<li><span class="items">{prefix}{", ".join(items)}{cites(line.citations)}</span></li>'


def _struck(line: Line) -> str:
    """A claim set aside, with the reason."""
    shown = f"<del>{conditional_escape(line.text)}</del>{cites(line.citations)}{finding(line.finding)}"
    return f'<li class="aside"><span>Set aside: {shown}</span></li>'

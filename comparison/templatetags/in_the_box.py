"""The cells of pages about what is in the box."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from comparison.in_the_box.page import FeatureView, Named
from comparison.templatetags.comparison import cites, claim_item, reasons_of, set_aside_item, verdict_line
from comparison.vocabulary import gettext as _

register = template.Library()


@register.simple_tag
def feature_cell(view: FeatureView, row_url: str) -> SafeString:
    """A feature of one framework: how it comes by it, what adds it, and what else is said. Leads to its row."""
    cell = view.cell
    css = f' class="{cell.css}"' if cell.css else ""
    parts = [verdict_line(cell, row_url), _said(view) if cell.is_known else reasons_of(cell, row_url)]
    return mark_safe(f'<td{css}><div class="cell">{"".join(parts)}</div></td>')  # noqa: S308


def _said(view: FeatureView) -> str:
    items = [_packages(view)] if view.packages else []
    items += [claim_item(line) for line in view.cell.lines]
    items += [set_aside_item(line) for line in view.cell.set_aside]
    if view.citations:
        text = _("Said by{sources}").format(sources=cites(view.citations))
        items.append(f'<li class="aside"><span>{text}</span></li>')
    return f'<ul class="gist offered">{"".join(items)}</ul>' if items else ""


def _packages(view: FeatureView) -> str:
    prefix = f"<b>{escape(view.prefix)}</b> " if view.prefix else ""
    return f'<li><span class="items">{prefix}{", ".join(_package(package) for package in view.packages)}</span></li>'


def _package(package: Named) -> str:
    return f'<a class="package" href="{package.url}">{escape(package.name)}</a>{cites(package.citations)}'

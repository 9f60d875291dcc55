"""The cells of compact tables, as a function: fifty frameworks by a hundred criteria are five thousand."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

from comparison.tables.many.compact import CompactCell, CompactRow
from comparison.vocabulary import vocabulary

register = template.Library()

LEADS = gettext_noop(", leads")  # after a verdict, for screen readers


@register.simple_tag
def compact_cells(row: CompactRow, table_url: str = "") -> SafeString:
    """The cells of a row, each a link to what the row's page says of its framework.

    `table_url` is the address of the comparison, on pages of another one.
    """
    url = f"{table_url}{row.criterion.slug}/"
    leads = f'<span class="hidden">{vocabulary()[LEADS]}</span>'
    return mark_safe("".join([_cell(cell, url, leads if cell.leads else "") for cell in row.cells]))  # noqa: S308


def _cell(cell: CompactCell, url: str, leads: str) -> str:
    return f'<td class="{cell.css}"><a href="{url}#{cell.framework}">{escape(cell.word)}{leads}</a></td>'

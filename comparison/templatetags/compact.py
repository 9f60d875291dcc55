"""The cells of compact tables, as a function: fifty frameworks by a hundred criteria are five thousand."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from comparison.tables.many.compact import CompactCell, CompactRow

register = template.Library()

LEADS = '<span class="hidden">, leads</span>'


@register.simple_tag
def compact_cells(row: CompactRow, table_url: str = "") -> SafeString:
    """The cells of a row, each a link to what the row's page says of its framework.

    `table_url` is the address of the comparison, on pages of another one.
    """
    url = f"{table_url}{row.criterion.slug}/"
    return mark_safe("".join([_cell(cell, url) for cell in row.cells]))  # noqa: S308


def _cell(cell: CompactCell, url: str) -> str:
    leads = LEADS if cell.leads else ""
    return f'<td class="{cell.css}"><a href="{url}#{cell.framework}">{escape(cell.word)}{leads}</a></td>'

"""The head of a row of a table, as a function: a table has a hundred, and a template takes six times as long."""

from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from comparison.tables.cells.rows import RowView
from comparison.tables.citations import Measured
from comparison.templatetags.comparison import Opening, in_english
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary

register = template.Library()

LOWER_IS_BETTER = gettext_noop("· lower is better")
CLOSE, CLAIMS, HERE = gettext_noop("Close"), gettext_noop("Claims"), gettext_noop("here:")


@register.simple_tag
def row_head(row: RowView, opening: Opening) -> SafeString:
    """Criterion, outcome, what was measured of it, and the link that opens or closes the row."""
    words, criterion = vocabulary(), row.criterion
    name, url = escape(criterion.name), row.url
    parts = [f'<a class="criterion" href="{url}" title="{escape(criterion.question)}">{in_english(criterion.name)}</a>']
    if len(row.cells) > 1:  # one alone cannot lead
        parts.append(_outcome(row))
    if criterion.lower_is_better:
        parts.append(f"<small>{words[LOWER_IS_BETTER]}</small>")
    if row.measured:
        parts.append(_measured(row.measured[0]))
    if len(row.measured) > 1:
        more = _("%(number)s more measured") % {"number": len(row.measured) - 1}
        parts.append(f'<a class="more" href="{url}">{more}</a>')
    label = words[CLOSE if opening.is_open else CLAIMS]
    parts.append(
        f'<a class="expand" data-swap href="{escape(opening.toggle_url)}">{label}<span class="hidden">'
        f" {words[HERE]} {name}</span></a>"
    )
    return SafeString("\n".join(parts))


def _outcome(row: RowView) -> str:
    """The outcome as icon and words, and its reason."""
    icon = f'<svg class="icon" aria-hidden="true"><use href="#{row.icon}"/></svg>'
    comma, why = (",", f' <span class="quiet">{escape(row.why)}</span>') if row.why else ("", "")
    return f'<span class="outcome {row.css}">{icon}<b>{escape(row.outcome)}{comma}</b>{why}</span>'


def _measured(measured: Measured) -> str:
    text = _('Measured: <a href="%(slug)s/">%(name)s</a>: %(text)s')
    criterion = measured.criterion
    values = {"slug": criterion.slug, "name": escape(criterion.name), "text": escape(measured.text)}
    return f'<span class="question">{text % values}</span>'

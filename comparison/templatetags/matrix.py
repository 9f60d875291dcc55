"""The cells of the overview of frameworks and categories."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from comparison.models import Category, Framework
from comparison.tables.many.matrix import MatrixCell
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary

register = template.Library()

BAR_WIDTH = 40
NOTHING = gettext_noop("no evidence")
AHEAD, BEHIND, DISPUTED = gettext_noop("ahead"), gettext_noop("behind"), gettext_noop("disputed")


@register.simple_tag
def matrix_cell(framework: Framework, category: Category, cell: MatrixCell, size: int) -> SafeString:
    """How many criteria of a category have evidence, as a bar and a number; in how many it is ahead and behind."""
    if not cell.known:
        return format_html('<td class="unknown"><span class="quiet">{}</span></td>', vocabulary()[NOTHING])
    return format_html(
        '<td><a href="{}?category={}"><svg class="share" viewBox="0 0 {} 8" aria-hidden="true">'
        '<rect class="track" x=".5" y=".5" width="{}" height="7"/><rect class="fill" width="{}" height="8"/></svg>'
        '<span class="num">{}<span class="hidden"> {}</span></span></a>{}{}{}</td>',
        reverse("comparison", args=[framework.slug]),
        category.slug,
        BAR_WIDTH,
        BAR_WIDTH - 1,
        f"{BAR_WIDTH * cell.known / size:.1f}",
        cell.known,
        _("of {count} criteria have evidence").format(count=size),
        _count(cell.ahead, "▲", "for", AHEAD),
        _count(cell.behind, "▼", "against", BEHIND),
        _count(cell.disputed, "≠", "doubtful", DISPUTED),
    )


def _count(number: int, sign: str, css: str, word: str) -> SafeString:
    if not number:
        return SafeString("")
    return format_html(
        ' <span class="num"><i class="{}" aria-hidden="true">{}</i>{}<span class="hidden"> {}</span></span>',
        css,
        sign,
        number,
        vocabulary()[word],
    )

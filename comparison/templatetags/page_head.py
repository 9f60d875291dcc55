"""What a page says of itself in its head and at its foot: its title once, and how to cite it."""

from html import unescape

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import mark_safe

from comparison.files.exports.citing import CitedPage
from comparison.files.json_ld import LICENCE, LICENCE_NAME

register = template.Library()


class CaptureNode(template.Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        text = " ".join(self.nodelist.render(context).split()).replace('"', "&quot;")
        context[self.name] = mark_safe(text)  # noqa: S308 - escaped where it was rendered
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """{% capture name %}…{% endcapture %}: text on one line, for an element and for an attribute."""
    name = token.split_contents()[1]
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(name, nodelist)


@register.inclusion_tag("comparison/cite.html", takes_context=True)
def cite_page(context: Context) -> dict[str, object]:
    """How to cite this page in this edition."""
    url = context["request"].build_absolute_uri()
    page = CitedPage(unescape(context["page_title"]), url, context["site_name"], context["edition"])
    return {"page": page, "licence": LICENCE_NAME, "licence_url": LICENCE}

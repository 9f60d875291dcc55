"""What the admin's front page shows beyond Django's own list."""

import re
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from comparison.curation.dashboard import Waiting, waiting

register = template.Library()


@register.simple_tag(takes_context=True)
def what_waits(context: dict[str, Any]) -> Waiting | None:
    """The dashboard's numbers; None for those who may not see claims."""
    user = context["request"].user
    return waiting(user) if user.has_perm("comparison.view_claim") else None


MAX_COMPARED_LENGTH = 1_500  # characters; beyond it only the beginnings are shown


@register.simple_tag
def difference(before: Any, after: Any) -> SafeString:
    """What changed between two values, word by word."""
    old, new = ("" if one is None else str(one) for one in (before, after))
    if max(len(old), len(new)) > MAX_COMPARED_LENGTH:
        return format_html("<del>{}</del> <ins>{}</ins>", Truncator(old).chars(200), Truncator(new).chars(200))
    first, second = (re.findall(r"\s+|\w+|[^\w\s]", one) for one in (old, new))
    pieces = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return format_html_join("", "{}", ((_piece(what, first[a:b], second[c:d]),) for what, a, b, c, d in pieces))


def _piece(what: str, old: list[str], new: list[str]) -> SafeString | str:
    if what == "equal":
        return "".join(old)
    gone = format_html("<del>{}</del>", "".join(old)) if old else ""
    come = format_html("<ins>{}</ins>", "".join(new)) if new else ""
    return format_html("{}{}", gone, come)


@register.simple_tag
def unplaced(record: Any) -> bool:
    """Whether a claim's history entry changed the value and left place and quote as they were."""
    changed = {change["field"].casefold() for change in getattr(record, "history_delta_changes", ())}
    return bool(changed & {"level", "support", "low", "high", "item"}) and not changed & {"start", "end", "quote"}

"""What the admin's front page shows beyond Django's own list."""

import re
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from comparison.curation.dashboard import Dashboard, load_dashboard
from comparison.models import Claim

register = template.Library()

MAX_COMPARED_LENGTH = 1_500  # characters; of longer values only the beginnings are shown


@register.simple_tag(takes_context=True)
def dashboard(context: dict[str, Any]) -> Dashboard | None:
    """The dashboard of the current user; None for users who may not see claims."""
    user = context["request"].user
    return load_dashboard(user) if user.has_perm("comparison.view_claim") else None


@register.simple_tag
def difference(before: Any, after: Any) -> SafeString:
    """The changes between two values, word by word, as HTML."""
    old, new = ("" if value is None else str(value) for value in (before, after))
    if max(len(old), len(new)) > MAX_COMPARED_LENGTH:
        return format_html("<del>{}</del> <ins>{}</ins>", Truncator(old).chars(200), Truncator(new).chars(200))
    old_words, new_words = (re.findall(r"\s+|\w+|[^\w\s]", value) for value in (old, new))
    opcodes = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    pieces = ((_piece(tag, old_words[a:b], new_words[c:d]),) for tag, a, b, c, d in opcodes)
    return format_html_join("", "{}", pieces)


def _piece(tag: str, old: list[str], new: list[str]) -> SafeString | str:
    if tag == "equal":
        return "".join(old)
    deleted = format_html("<del>{}</del>", "".join(old)) if old else ""
    inserted = format_html("<ins>{}</ins>", "".join(new)) if new else ""
    return format_html("{}{}", deleted, inserted)


@register.simple_tag
def value_changed_alone(entry: Any) -> bool:
    """Whether a claim's history entry changed the value, but neither offsets nor quote."""
    changed = {change["name"] for change in getattr(entry, "history_delta_changes", ())}
    return not changed.isdisjoint(Claim.VALUES) and changed.isdisjoint(("start", "end", "quote"))

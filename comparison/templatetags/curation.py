"""What the admin's front page shows beyond Django's own list."""

from typing import Any

from django import template

from comparison.waiting import Waiting, waiting

register = template.Library()


@register.simple_tag(takes_context=True)
def what_waits(context: dict[str, Any]) -> Waiting | None:
    """The dashboard's numbers; None for those who may not see claims."""
    user = context["request"].user
    return waiting(user) if user.has_perm("comparison.view_claim") else None

"""The mark of what is said of an older version than was measured."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comparison.models import Claim, Source
from comparison.tables.experiments.versions import Versions, claim_note, source_note

register = template.Library()


@register.simple_tag
def claim_version(claim: Claim, measured: Versions) -> SafeString:
    return _flag(claim_note(claim, measured or {}))


@register.simple_tag
def source_version(source: Source, measured: Versions) -> SafeString:
    return _flag(source_note(source, measured or {}))


def _flag(note: str) -> SafeString:
    return format_html(' <span class="flag">{}</span>', note) if note else SafeString("")

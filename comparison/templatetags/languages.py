"""Dates as each language writes them."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext

register = template.Library()


@register.filter(expects_localtime=True)
def day(when: date | None) -> str:
    """29 November 2026"""
    return date_format(when, pgettext("date format", "j F Y")) if when else ""


@register.filter(expects_localtime=True)
def short_day(when: date | None) -> str:
    """29 Nov 2026"""
    return date_format(when, pgettext("date format", "j M Y")) if when else ""


@register.filter(expects_localtime=True)
def minute(when: date | None) -> str:
    """29 Nov 2026, 13:05"""
    return date_format(when, pgettext("date format", "j M Y, H:i")) if when else ""

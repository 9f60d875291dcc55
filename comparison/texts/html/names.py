"""What an element's classes and id say about it: that it belongs to the site, or that it frames the article."""

import re
from collections.abc import Set
from functools import lru_cache

from comparison.texts.html.tree import BLOCK_TAGS, Element, words

DROPPED_WORDS = words(
    """comment comments commentlist commentform respond disqus advert advertisement ads ad promo promotion sponsor
    sponsored cookie cookies newsletter subscribe subscription signup share sharing social related relatedposts
    relatedarticles relatedlinks relatedtopics upsell taboola outbrain sidebar breadcrumb breadcrumbs menu popup modal
    banner recommended pagination prevnext readmore mostread captcha copyright paywall footer authorbox"""
)
# Only small elements with such a name are left out, or with two such words: “post-meta”.
SMALL_WORDS = words(
    "byline postmeta entrymeta metadata timestamp dateline credit catlinks taglinks navigation navlinks"
)
PARTS = words(
    "author authors bio meta info date time tags tag tools footer category categories actions nav links print"
)
WHOLES = words("post posts entry article articles blog story content page news single published about")
# With a word of each, an element leads to other pages: “next-post”.
OTHERS = words("more recent latest popular trending similar other next previous prev top")
PAGES = words("post posts article articles story stories news links topics reads thumbnails")
LINKED_WORDS = words("teaser teasers card cards widget more links promoted")  # if it holds little but links
NOT_OF_ITSELF = words("has with no without not hide hides hidden show shows enable disable")  # “has-sidebar”
LINE_NUMBERS = re.compile(r"(?:^|[\s_-])(?:linenos?|lineno|gutter|line-numbers?(?:-rows)?)(?:$|\s)")
MAX_SMALL_LENGTH = 600  # characters
MIN_LINKED_SHARE = 0.5  # of an element's text
BOXES = words("div section header footer article")


def reason_by_name(element: Element, parent: str) -> str:
    """Why a name suggests to leave an element out; empty if none does."""
    names = element.names
    if found := _dropped_word(names):
        return found
    is_small = element.length <= MAX_SMALL_LENGTH and (element.tag in BLOCK_TAGS or parent in BOXES)
    if is_small and (found := _small_part(names)):
        return found
    if element.link_length >= MIN_LINKED_SHARE * element.length > 0:
        return _linked_word(names)
    return ""


def _parts(names: str) -> list[tuple[str, Set[str]]]:
    """Each name with the words in it, without those that say that something is absent or shown."""
    split = ((name, frozenset(filter(None, re.split(r"[^a-z]+", name)))) for name in names.split())
    return [(name, parts) for name, parts in split if parts.isdisjoint(NOT_OF_ITSELF)]


@lru_cache(maxsize=2_000)  # the same classes stand at many elements
def _dropped_word(names: str) -> str:
    for name, parts in _parts(names):
        if found := parts & DROPPED_WORDS:
            return f"named “{min(found)}”"
        if parts & OTHERS and parts & PAGES:
            return f"named “{name}”"
    return ""


@lru_cache(maxsize=2_000)
def _small_part(names: str) -> str:
    for name, parts in _parts(names):
        if parts & SMALL_WORDS or (parts & PARTS and parts & WHOLES):
            return f"named “{name}”"
    return ""


@lru_cache(maxsize=2_000)
def _linked_word(names: str) -> str:
    return next((f"named “{name}”" for name, parts in _parts(names) if parts & LINKED_WORDS), "")


@lru_cache(maxsize=2_000)
def are_line_numbers(names: str) -> bool:
    return bool(LINE_NUMBERS.search(names))

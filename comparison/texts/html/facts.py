"""What a page says about itself in its head: title, author, date, language. Never what its text only seems to say."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from comparison.texts.html.tree import Element

META_FACTS = {
    "og:title": "title",
    "author": "author",
    "article:author": "author",
    "article:published_time": "published",
    "datepublished": "published",
    "date": "published",
    "dc.date": "published",
    "og:site_name": "publisher",
    "og:url": "address",
    "og:locale": "language",
}
ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Report|WebPage|HowTo|FAQPage|CreativeWork)$")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
MAX_JSON_OBJECTS = 1_000


def read_facts(elements: Iterable[Element]) -> dict[str, str]:
    """The facts by name; of two sources for one, meta elements count before JSON-LD, and both before the title."""
    facts: dict[str, str] = {}
    titles, jsons, languages = [], [], []
    for element in elements:
        attributes = element.attributes
        if element.tag == "title":
            titles.append(" ".join(element.text().split()))
        elif element.tag == "script":
            jsons.append(element.text())
        elif element.tag == "html":
            languages.append(attributes.get("lang") or attributes.get("xml:lang", ""))
        elif element.tag == "link" and attributes.get("rel", "").lower() == "canonical":
            facts["address"] = attributes.get("href", "")
        elif element.tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop", "")
            if (fact := META_FACTS.get(name.lower())) and attributes.get("content", "").strip():
                facts.setdefault(fact, attributes["content"].strip())
    facts = {name: value for text in jsons for name, value in _json_facts(text).items()} | facts
    facts["title"] = facts.get("title") or next(filter(None, titles), "")
    language = next(filter(LANGUAGE.fullmatch, [*languages, facts.get("language", "")]), "")
    facts["language"] = language.replace("_", "-")[:10]
    return {name: value for name, value in facts.items() if value}


def _json_facts(text: str) -> dict[str, str]:
    """Of the first article that a script of JSON-LD describes."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    for item in _objects(data):
        types = item.get("@type", "")
        if any(isinstance(name, str) and ARTICLE_TYPES.search(name) for name in _as_list(types)):
            facts = {
                "title": _name(item.get("headline")),
                "author": ", ".join(filter(None, map(_name, _as_list(item.get("author"))))),
                "published": _name(item.get("datePublished")),
                "publisher": _name(item.get("publisher")),
                "language": _name(item.get("inLanguage")),
            }
            return {name: value for name, value in facts.items() if value}
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    pending, count = [data], 0
    while pending and count < MAX_JSON_OBJECTS:
        item = pending.pop(0)
        count += 1
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            yield item
            pending.extend(_as_list(item.get("@graph")))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    return " ".join(value.split()) if isinstance(value, str) else ""

"""What pages say to programs in schema.org's words (JSON-LD)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from comparison.models import Claim, Edition, Source
from comparison.tables.table import Table

CONTEXT = "https://schema.org"
LICENCE = "https://spdx.org/licenses/MIT.html"
# What would end the element or be read as markup; JSON means the same with these written out.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

Json = dict[str, Any]


def element(data: Json) -> SafeString:
    """The script element that carries the data; being no script, it runs under any content policy."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def work(source: Source) -> Json:
    found: Json = {"@type": "CreativeWork", "name": source.title, "inLanguage": source.language}
    if source.author:
        found["author"] = {"@type": "Person", "name": source.author}
    if source.publisher:
        found["publisher"] = {"@type": "Organization", "name": source.publisher}
    if source.address:
        found["url"] = source.address
    if source.published:
        found["datePublished"] = source.published.isoformat()
    return found


def dataset(title: str, description: str, urls: Mapping[str, str], table: Table, edition: Edition) -> Json:
    """A comparison with its sources as citations and its files as downloads; `urls` by file format, "html" the page."""
    files = (("csv", "text/csv"), ("json", "application/json"), ("md", "text/markdown"))
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": title,
        "description": description,
        "url": urls["html"],
        "version": str(edition.number),
        "dateModified": edition.at.isoformat(),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "variableMeasured": [row.criterion.name for row in table.rows],
        "citation": [work(reference.source) for reference in table.references.values()],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": urls[file_format]}
            for file_format, media_type in files
        ],
    }


def item_list(title: str, items: Iterable[tuple[str, str]], edition: Edition) -> Json:
    """A list of (name, absolute address)."""
    listed: Sequence[Json] = [
        {"@type": "ListItem", "position": place, "name": name, "url": url} for place, (name, url) in enumerate(items, 1)
    ]
    return {
        "@context": CONTEXT,
        "@type": "ItemList",
        "name": title,
        "numberOfItems": len(listed),
        "itemListElement": listed,
        "dateModified": edition.at.isoformat(),
    }


def claim_data(claim: Claim, url: str, edition: Edition) -> Json:
    return {
        "@context": CONTEXT,
        "@type": "Claim",
        "text": claim.statement,
        "url": url,
        "about": {"@type": "SoftwareApplication", "name": claim.framework.name},
        "appearance": work(claim.source),
        "dateModified": edition.at.isoformat(),
    }

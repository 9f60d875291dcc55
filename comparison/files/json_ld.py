"""Pages as structured data in the vocabulary of schema.org (JSON-LD)."""

import json
from collections.abc import Iterable, Mapping, Sequence

from django.utils.safestring import SafeString, mark_safe

from comparison.files.json_types import Json
from comparison.models import Claim, Edition, Source
from comparison.tables.table import Table

CONTEXT = "https://schema.org"
LICENCE_NAME = "MIT"  # of the data, as of the software
LICENCE = "https://spdx.org/licenses/MIT.html"
# Characters that could end the element or start markup, as JSON escapes.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def element(data: Json) -> SafeString:
    """The script element that carries the data. It is not executed, so any content security policy allows it."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def work(source: Source) -> Json:
    data: Json = {"@type": "CreativeWork", "name": source.title, "inLanguage": source.language}
    if source.author:
        data["author"] = {"@type": "Person", "name": source.author}
    if source.publisher:
        data["publisher"] = {"@type": "Organization", "name": source.publisher}
    if source.address:
        data["url"] = source.address
    if source.published:
        data["datePublished"] = source.published.isoformat()
    return data


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
    """`items` are names and absolute URLs."""
    elements: Sequence[Json] = [
        {"@type": "ListItem", "position": position, "name": name, "url": url}
        for position, (name, url) in enumerate(items, 1)
    ]
    return {
        "@context": CONTEXT,
        "@type": "ItemList",
        "name": title,
        "numberOfItems": len(elements),
        "itemListElement": elements,
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

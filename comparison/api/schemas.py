"""The schemas of what the API answers. Every property is always there; tests hold the answers against them."""

from collections.abc import Sequence
from enum import StrEnum

from comparison.evidence import Finding, Kind, RowResult, SourceKind, State, Support
from comparison.files.documents import Json
from comparison.recommend import Ending


def text(description: str = "") -> Json:
    return {"type": "string", "description": description} if description else {"type": "string"}


def words(kind: type[StrEnum], description: str = "") -> Json:
    return text(description) | {"enum": [one.value for one in kind]}


def whole(description: str = "", least: int = 0) -> Json:
    return {"type": "integer", "minimum": least} | ({"description": description} if description else {})


def maybe(schema: Json) -> Json:
    """The schema, or null where it is not known."""
    return schema | {"type": [schema["type"], "null"]}


def many(schema: Json, description: str = "") -> Json:
    return {"type": "array", "items": schema} | ({"description": description} if description else {})


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(description: str, properties: Json, optional: Sequence[str] = ()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": description, "required": required, "properties": properties}


SLUG = text("Its part of addresses.")
PAGE_PATH = text("Path of its page on the site.")
NUMBER: Json = {"type": "number"}
DATE = {"type": "string", "format": "date"}
CLAIM_IDS = many(whole(least=1))
CELL: Json = {
    "state": words(State, "How well the sources agree. `no evidence` never means no."),
    "value": ref("VerdictValue"),
    "for": CLAIM_IDS | {"description": "Ids of the counted claims in favour."},
    "against": CLAIM_IDS | {"description": "Ids of the counted claims against."},
    "sources": many(text(), "Slugs of the sources whose claims count."),
}

LED = maybe(text("Slug of the framework that would be named; null where none would."))
FLIPS: Json = {
    "weights": many(
        thing("One weight changed.", {"criterion": text("Slug."), "from": whole(), "to": whole(), "leader": LED})
    ),
    "sources": many(thing("One source left out.", {"source": text("Slug."), "leader": LED})),
    "unknowns": many(
        thing(
            "Something nobody knows, found out.",
            {
                "framework": text("Slug."),
                "criterion": text("Slug."),
                "best": {"type": "boolean", "description": "As good as can be, rather than as bad."},
                "leader": LED,
            },
        )
    ),
    "together": many(
        thing(
            "All that nobody knows of a framework, found out, where no part of it alone does as much.",
            {
                "framework": text("Slug."),
                "criteria": many(text(), "Slugs."),
                "best": {"type": "boolean", "description": "As good as can be, rather than as bad."},
                "leader": LED,
            },
        )
    ),
}
BY_SLUG: Json = {"type": "object", "additionalProperties": {"type": "string"}}
FIRMNESS = thing(
    "Nearby weightings, by what they would answer.",
    {
        "weightings": whole("How many were tried."),
        "exhaustive": {"type": "boolean", "description": "All there are, rather than draws."},
        "favour": {"type": "object", "description": "By framework.", "additionalProperties": whole()},
        "too_close": whole(),
        "stays_ahead": whole("Those in which nobody scores higher than the leader."),
    },
)

SCHEMAS: Json = {
    "Framework": thing(
        "A thing compared.",
        {
            "slug": SLUG,
            "name": text(),
            "tagline": text("One line that says what it is; may be empty."),
            "homepage": text("Empty where not known."),
            "repository": text("Empty where not known."),
            "licence": text("SPDX identifier; empty where not known."),
            "first_release_year": maybe(whole()),
            "aliases": many(text(), "Other names people use for it."),
            "url": PAGE_PATH,
        },
    ),
    "Category": thing(
        "A group of criteria.",
        {"slug": SLUG, "name": text(), "order": whole("Place among the categories, lowest first.")},
    ),
    "Criterion": thing(
        "One question asked of every framework.",
        {
            "slug": SLUG,
            "name": text(),
            "category": text("Slug of its category."),
            "kind": words(Kind, "Decides which value a claim carries."),
            "unit": text("Of figures; else empty."),
            "lower_is_better": maybe({"type": "boolean", "description": "Of figures; else null."}),
            "question": text(),
            "help_text": text("What belongs here."),
            "synonyms": many(text(), "Other words for it."),
            "url": PAGE_PATH,
        },
    ),
    "Source": thing(
        "An article, a documentation page, a measurement. Its text is never public.",
        {
            "slug": SLUG,
            "title": text(),
            "kind": words(SourceKind, "Decides its weight."),
            "publisher": text("Empty where not known."),
            "author": text("Empty where not known."),
            "address": text("Empty where not known."),
            "published": maybe(DATE),
            "accessed": maybe(DATE),
            "language": text("Language tag."),
            "note": text("What readers should know of it."),
            "repeats": maybe(text("Slug of the source it copies: the two count once.")),
            "text_sha256": text("Digest of the text as UTF-8; empty where it is not held."),
            "text_length": maybe(whole("Characters of the text.")),
            "url": PAGE_PATH,
        },
    ),
    "Claim": thing(
        "One source says one thing about one framework on one criterion, at one place in its text.",
        {
            "id": whole(least=1),
            "framework": text("Slug."),
            "criterion": text("Slug."),
            "category": text("Slug of the criterion's category."),
            "kind": words(Kind, "Of the criterion."),
            "source": text("Slug."),
            "section": text("Heading under which it stands; may be empty."),
            "start": maybe(whole("First character in the source's text, from 0, in code points.")),
            "end": maybe(whole("The character after the last.")),
            "statement": text("What the source says, in our own words."),
            "value": ref("ClaimValue"),
            "state": {"type": "string", "const": "published"},
            "findings": many(ref("Check"), "Checks of it; found false or outdated it does not count."),
            "version_range": text("Versions it speaks of; may be empty."),
            "url": PAGE_PATH,
            "updated_edition": maybe(whole("The edition that last changed it.")),
        },
    ),
    "ClaimValue": {
        "description": "By kind: a level (rating, fit), a support (feature), a range (figure) or an item (list).",
        "oneOf": [
            thing("rating, fit", {"level": {"type": "integer", "minimum": -2, "maximum": 2}}),
            thing("feature", {"support": words(Support)}),
            thing("figure", {"low": NUMBER, "high": NUMBER, "unit": text()}),
            thing("list", {"item": text()}),
        ],
    },
    "Check": thing(
        "A curator's finding on a claim.",
        {"finding": words(Finding), "note": text(), "evidence": text("Address; may be empty."), "on": DATE},
    ),
    "Profile": thing(
        "A kind of project.",
        {
            "slug": SLUG,
            "name": text(),
            "description": text("Whose project it is."),
            "order": whole("Place among the profiles, lowest first."),
            "weights": many(ref("ProfileWeight")),
        },
    ),
    "ProfileWeight": thing(
        "How much a criterion matters.",
        {
            "criterion": text("Slug."),
            "weight": whole("1 nice to have … 3 essential."),
            "must_have": {"type": "boolean"},
        },
    ),
    "Recommendation": thing(
        "A ranking with its contributions, how firm it is, and what would change it.",
        {
            "edition": whole("The published state of the catalogue it was worked out from."),
            "address": text("The address that asks the same."),
            "profile": maybe(text("Slug; null for weights of one's own.")),
            "weights": {"type": "object", "description": "By criterion.", "additionalProperties": whole()},
            "must_haves": many(text(), "Slugs of criteria."),
            "outcome": thing(
                "How it ends.",
                {
                    "ending": words(Ending),
                    "leader": maybe(text("Slug of the framework named.")),
                    "sentence": text("The answer in a line."),
                    "headline": text("Who is named, or why nobody is."),
                    "standfirst": text("What the headline rests on."),
                    "untested": text("Why other weights could hardly change it; empty where they can."),
                },
            ),
            "ranking": many(ref("Standing")),
            "reasons": many(
                thing(
                    "What speaks for one of the first two over the other, strongest first.",
                    {"for": text("Slug of a framework."), "criterion": text("Slug."), "claim": whole(least=1)},
                )
            ),
            "others": many(
                thing(
                    "The first beside the third and the fourth: criteria, strongest first.",
                    {
                        "framework": text("Slug."),
                        "for_first": many(text(), "Slugs."),
                        "for_it": many(text(), "Slugs."),
                    },
                )
            ),
            "firmness": maybe(FIRMNESS),
            "flips": thing(
                "Single changes after which the answer is another.",
                FLIPS,
            ),
            "changes": many(thing("A change in words.", {"what": text(), "then": text()})),
            "cautions": many(text(), "When not to follow the answer."),
            "no_evidence": many(
                thing(
                    "A weighed criterion on which nobody speaks of some frameworks.",
                    {"criterion": text("Slug."), "frameworks": many(text(), "Slugs.")},
                )
            ),
            "names": thing(
                "What the slugs of the answer stand for.",
                {"frameworks": BY_SLUG, "criteria": BY_SLUG},
            ),
        },
    ),
    "Standing": thing(
        "A framework's place.",
        {
            "framework": text("Slug."),
            "score": NUMBER | {"description": "The sum of the contributions, −1 … +1."},
            "coverage": NUMBER | {"description": "Share of the weight that has evidence, 0 … 1."},
            "failed_must_haves": many(text(), "Slugs of criteria."),
            "unknown_must_haves": many(text(), "Slugs of criteria."),
            "must_haves": BY_SLUG | {"description": "The verdict on each must-have, in words."},
            "contributions": many(
                thing(
                    "What a criterion adds.",
                    {"criterion": text("Slug."), "weight": whole(), "contribution": NUMBER, "state": words(State)},
                )
            ),
        },
    ),
    "Table": thing(
        "The rows of a comparison.",
        {
            "edition": whole("The published state of the catalogue it was worked out from."),
            "frameworks": many(text(), "Slugs, in the order of the columns."),
            "rows": many(ref("Row")),
            "sources": many(ref("Reference"), "The sources heard, numbered alike under all filters."),
        },
    ),
    "Row": thing(
        "One criterion across the frameworks.",
        {
            "criterion": text("Slug."),
            "category": text("Slug of the criterion's category."),
            "kind": words(Kind),
            "outcome": words(RowResult),
            "leader": maybe(text("Slug of the framework that leads.")),
            "cells": {"type": "object", "description": "By framework.", "additionalProperties": ref("Cell")},
        },
    ),
    "Cell": thing("A verdict: what the counted claims on one framework and criterion add up to.", CELL),
    "VerdictValue": {
        "description": "By kind: a score of −2 … +2 (rating, fit), a support, a figure, or a list's items; or null.",
        "oneOf": [
            {"type": "null"},
            {"type": "number", "minimum": -2, "maximum": 2},
            words(Support),
            thing("figure", {"median": NUMBER, "low": NUMBER, "high": NUMBER}),
            many(
                thing(
                    "An item, how many sources name it, and in which claims.",
                    {"item": text(), "sources": whole(least=1), "claims": CLAIM_IDS},
                )
            ),
        ],
    },
    "Reference": thing(
        "A source cited in a table.",
        {
            "number": whole("Its number in this table.", least=1),
            "slug": SLUG,
            "title": text(),
            "kind": words(SourceKind),
            "publisher": text(),
            "author": text(),
            "address": text(),
            "weight": whole("What its opinion weighs.", least=1),
        },
    ),
    "Dispute": thing(
        "A verdict on which the sources disagree.",
        {
            "framework": text("Slug."),
            "criterion": text("Slug."),
            "category": text("Slug of the criterion's category."),
            "kind": words(Kind),
            "width": {"type": "number", "minimum": 0, "maximum": 4, "description": "How far apart the sources are."},
            **CELL,
        },
    ),
    "Edition": thing(
        "A published change of the catalogue.",
        {"number": whole(), "at": {"type": "string", "format": "date-time"}, "summary": text()},
    ),
    "Problem": thing(
        "What went wrong (RFC 9457).",
        {
            "type": {"type": "string", "const": "about:blank"},
            "title": text("The status in words."),
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text("What to do about it, with suggestions where something is not found."),
            "errors": {
                "type": "object",
                "description": "What is wrong with each parameter.",
                "additionalProperties": text(),
            },
        },
        optional=["errors"],
    ),
}


def page_of(name: str) -> Json:
    link = {"type": ["string", "null"], "format": "uri"}
    return thing(
        "One page of a list.",
        {
            "count": whole("Results on all pages."),
            "next": link | {"description": "Address of the page after this; null on the last."},
            "previous": link | {"description": "Address of the page before this; null on the first."},
            "results": many(ref(name)),
        },
    )

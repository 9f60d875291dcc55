"""The page for people: the paths of the OpenAPI document, in words and with examples that work."""

from dataclasses import dataclass
from urllib.parse import urlencode

from comparison.evidence import Kind
from comparison.files.json_types import Json
from comparison.models import Claim, Framework, Profile
from comparison.recommendation.question import PREFIX
from comparison.tables.experiments import definitions
from comparison.web.lookups import joined_slugs
from comparison.wording import format_number


def example_values() -> dict[str, str]:
    """Values that find something, all about the framework with the most claims; none in an empty catalogue.

    Keys are the names of parameters; of one in a path, the endpoint's name and the parameter's.
    """
    frameworks = list(Framework.objects.most_cited()[:2])
    if not frameworks:
        return {}
    slug = frameworks[0].slug
    joined = joined_slugs(frameworks)
    experiment = next(iter(definitions()))
    values = {
        "framework slug": slug,
        "experiment slug": experiment,
        "comparison names": joined,
        "box names": joined,
        "framework": slug,
        "reference": slug,
        "order": slug,
    }
    if profile_slug := Profile.objects.values_list("slug", flat=True).first():
        values["recommendation slug"] = profile_slug
    claim = Claim.objects.published().about(frameworks[:1]).with_names().order_by("-id").first()
    return values | _claim_values(claim) if claim else values


def _claim_values(claim: Claim) -> dict[str, str]:
    criterion, source = claim.criterion, claim.source.part_of or claim.source  # every filter knows wholes
    return {
        "criterion slug": criterion.slug,
        "source slug": source.slug,
        "claim id": str(claim.pk),
        "criterion": criterion.slug,
        **({} if criterion.kind == Kind.LIST else {f"{PREFIX}*": f"{PREFIX}{criterion.slug}", "must": criterion.slug}),
        "category": criterion.category.slug,
        "source": source.slug,
        "kind": criterion.kind,
    }


@dataclass(frozen=True)
class Operation:
    """A path of the document as the page shows it; `example` is an address that works, or empty."""

    name: str
    path: str
    summary: str
    description: str
    example: str
    parameters: list[tuple[Json, str]]  # each with the values it accepts, in words


def operations(document: Json) -> list[Operation]:
    server = document["servers"][0]["url"]
    return [_operation(server + path, methods["get"]) for path, methods in document["paths"].items()]


def _operation(path: str, method: Json) -> Operation:
    parameters = method["parameters"]
    described = [(parameter, accepted_values(parameter)) for parameter in parameters]
    names = method["operationId"], path, method["summary"], method["description"]
    return Operation(*names, example_url(path, parameters), described)


def example_url(path: str, parameters: list[Json]) -> str:
    """The path with example values in it, and an example of the first filter. Empty where a value is missing."""
    for parameter in parameters:
        if parameter["in"] == "path":
            if "example" not in parameter:
                return ""
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    filters = [
        example_query(parameter) for parameter in parameters if parameter["in"] == "query" and "example" in parameter
    ]
    return f"{path}?{filters[0]}" if filters else path


def example_query(parameter: Json) -> str:
    """A parameter's example as a query; an object's members are parameters of their own."""
    example = parameter["example"]
    return urlencode(example if isinstance(example, dict) else {parameter["name"]: example}, doseq=True)


def accepted_values(parameter: Json) -> str:
    """In words, for people."""
    if parameter["in"] == "path":
        return "Part of the address."
    whole: Json = parameter["schema"]
    schema = whole.get("items") or whole.get("additionalProperties") or whole
    if "enum" in schema:
        words = f"One of {', '.join(schema['enum'])}"
    elif schema["type"] == "integer":
        words = f"{schema['minimum']} to {format_number(schema['maximum'])}"
    else:
        words = f"At most {schema['maxLength']} characters" if "maxLength" in schema else "A slug"
    return words + {"array": "; may be repeated.", "object": "; one for each."}.get(whole["type"], ".")

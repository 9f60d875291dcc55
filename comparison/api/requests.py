"""What a request to the API asks for. Where the pages of the site are lenient, the API refuses."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict

from comparison.api.openapi import Endpoint
from comparison.tables.unknown_values import choice_hint
from comparison.web.pagination import MAX_PAGE_SIZE, BadPage, Page, paginate


class BadParameters(ValueError):
    """Parameters that are not understood, with a message for each, which names it and its value."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def filled_parameters(request: HttpRequest) -> QueryDict:
    """The parameters that have a value; forms also send those left empty."""
    data = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if any(values):
            data.setlist(name, [value for value in values if value])
    return data


def check_parameters(data: QueryDict, endpoint: Endpoint) -> None:
    """Refuses what would be ignored: an unknown parameter, and a second value where one is read."""
    known, errors = endpoint.query, {}
    for name, values in data.lists():
        parameter = endpoint.query_parameter(name)
        if parameter is None:
            errors[name[:80]] = f"{name[:80]}={values[-1][:80]}: no such parameter; {choice_hint([name], list(known))}"
        elif len(values) > 1 and not parameter.repeatable:
            quoted = ", ".join(value[:80] for value in values[:5])
            errors[name] = f"{name}={quoted}: give it once."
    if errors:
        raise BadParameters(errors)


def errors_by_parameter(messages: Iterable[str]) -> dict[str, str]:
    """Sorts messages of the form `name=value: …` or `name: …` by the name."""
    errors: dict[str, str] = {}
    for message in messages:
        name = re.split("[=:]", message, maxsplit=1)[0]
        errors[name] = f"{errors[name]} {message}" if name in errors else message
    return errors


def requested_page(request: HttpRequest, rows: Any, count_limit: int | None = None, count: int | None = None) -> Page:
    """The requested page of a list. A size above the maximum is refused here; the site's pages use the maximum."""
    data = filled_parameters(request)
    size = data.get("page_size", "")
    if size.isascii() and size.isdigit() and int(size[:12]) > MAX_PAGE_SIZE:
        raise BadParameters({"page_size": f"page_size={size[:40]}: at most {MAX_PAGE_SIZE} are sent at once."})
    try:
        return paginate(rows, data, count_limit=count_limit, count=count)
    except BadPage as error:
        raise BadParameters(errors_by_parameter([str(error)])) from None

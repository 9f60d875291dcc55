"""Pages of long lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict

from comparison.row_ids import whole_id

MAX_PAGE_SIZE = 500


class BadPage(ValueError):
    """`page` or `page_size` is no usable number; the message names it."""


@dataclass(frozen=True)
class Slice:
    """One page of a list: its rows, the whole count, and the queries of its neighbours (None at the ends)."""

    rows: Sequence[Any]
    count: int
    number: int
    pages: int
    previous: str | None
    next: str | None


def paged(rows: QuerySet[Any] | Sequence[Any], data: QueryDict, size: int = 50) -> Slice:
    """The page an address asks for. Raises BadPage for nonsense and Http404 beyond the end."""
    number, size = _number(data, "page", 1), min(_number(data, "page_size", size), MAX_PAGE_SIZE)
    paginator = Paginator(rows, size)
    try:
        page = paginator.page(number)
    except EmptyPage:
        raise Http404(f"There are {paginator.num_pages} pages; page {number} is not among them.") from None
    before = page.previous_page_number() if page.has_previous() else None
    after = page.next_page_number() if page.has_next() else None
    found = list(page.object_list)
    return Slice(found, paginator.count, number, paginator.num_pages, _query(data, before), _query(data, after))


def _number(data: QueryDict, name: str, default: int) -> int:
    value = data.get(name, "")
    if not value:
        return default
    number = whole_id(value)
    if not number:
        raise BadPage(f"{name}={value[:40]}: give a whole number from 1 on.")
    return number


def _query(data: QueryDict, number: int | None) -> str | None:
    if number is None:
        return None
    changed = data.copy()
    changed["page"] = str(number)
    return "?" + changed.urlencode()

"""Pages of long lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparison.row_ids import parse_row_id

PAGE_PARAMS = ("page", "page_size")
PAGE_SIZE = 50
MAX_PAGE_SIZE = 500
MAX_PAGE = 10**9  # times the largest size it is still a number that every database knows


class BadPage(ValueError):
    """`page` or `page_size` is not a usable number; the message names it."""


@dataclass(frozen=True)
class Page:
    """Part of a list: its rows, the length of the list, and the queries of its neighbours (None at the ends).

    The list has more than `count` rows where `count_is_exact` is false; `pages` is then the number that is known of.
    """

    rows: Sequence[Any]
    count: int
    number: int
    pages: int
    previous: str | None
    next: str | None
    count_is_exact: bool = True
    first: int = 1  # the number of its first row in the list


def paginate(
    rows: QuerySet[Any] | Sequence[Any],
    data: QueryDict,
    size: int = PAGE_SIZE,
    count_limit: int | None = None,
    count: int | None = None,
) -> Page:
    """The page that an address asks for. Raises BadPage for what is not a number, and Http404 beyond the end.

    `count_limit` is where counting the rows of a query stops, if counting all would take too long; `count` is their
    number where it is known.
    """
    number, size = _number(data, "page", 1), min(_number(data, "page_size", size), MAX_PAGE_SIZE)
    if number > MAX_PAGE:
        raise BadPage(f"page={number}: " + _("give a whole number from 1 to {last}.").format(last=MAX_PAGE))
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    elif count_limit and isinstance(rows, QuerySet):
        paginator.count = rows.order_by()[: count_limit + 1].count()
        if paginator.count > count_limit:
            return _page_of_many(rows, data, number, size, count_limit)
    try:
        page = paginator.page(number)
    except EmptyPage:
        message = ngettext(
            "There is {pages} page; page {number} does not exist.",
            "There are {pages} pages; page {number} does not exist.",
            paginator.num_pages,
        )
        raise Http404(message.format(pages=paginator.num_pages, number=number)) from None
    previous = page.previous_page_number() if page.has_previous() else None
    following = page.next_page_number() if page.has_next() else None
    return Page(
        rows=list(page.object_list),
        count=paginator.count,
        number=number,
        pages=paginator.num_pages,
        previous=_query(data, previous),
        next=_query(data, following),
        first=(number - 1) * size + 1,
    )


def _page_of_many(rows: QuerySet[Any], data: QueryDict, number: int, size: int, count: int) -> Page:
    """A page of a list that was not counted to its end."""
    start = (number - 1) * size
    part = list(rows[start : start + size + 1])
    if not part:
        raise Http404(_("There are fewer pages than {number}.").format(number=number))
    return Page(
        rows=part[:size],
        count=count,
        number=number,
        pages=max(-(-count // size), number),
        previous=_query(data, number - 1 or None),
        next=_query(data, number + 1 if len(part) > size else None),
        count_is_exact=False,
        first=start + 1,
    )


def _number(data: QueryDict, name: str, default: int) -> int:
    value = data.get(name, "")
    if not value:
        return default
    number = parse_row_id(value)
    if not number:
        raise BadPage(f"{name}={value[:40]}: " + _("give a whole number from 1 on."))
    return number


def _query(data: QueryDict, number: int | None) -> str | None:
    if number is None:
        return None
    changed = data.copy()
    changed["page"] = str(number)
    return "?" + changed.urlencode()

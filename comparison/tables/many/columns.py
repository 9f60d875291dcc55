"""The columns of a table: their heads, with the addresses that move, drop and compare them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from comparison.models import Framework

MAX_PRINTED, MAX_PRINTED_COMPACT = 6, 12  # columns that A4 holds across
MIN_FOR_COMPACT = 5  # columns from which a full table is long: the compact form is offered first
MIN_TO_DROP = 3  # columns from which one may be dropped; one alone has its own page

Url = Callable[..., str]  # the table's URL with some parameters changed
UrlOf = Callable[[list[str]], str]  # the URL of the table of some of its columns
UrlWithout = Callable[[str], str]  # the URL of the table without a column


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head, with the URLs that change the columns; empty where there is nothing to change."""

    framework: Framework
    leads: int  # rows
    shares: int  # rows that it leads together with others
    first_url: str
    left_url: str
    right_url: str
    drop_url: str
    reference_url: str  # makes it the reference, or no longer
    is_reference: bool


@dataclass(frozen=True, slots=True)
class PrintGroup:
    """Neighbouring columns as a table of their own, which fits a page."""

    names: Sequence[str]
    url: str


def print_groups(frameworks: Sequence[Framework], is_compact: bool, url_of: UrlOf) -> list[PrintGroup]:
    """The columns in groups that fit a page across; none where all of them do."""
    size = MAX_PRINTED_COMPACT if is_compact else MAX_PRINTED
    if len(frameworks) <= size:
        return []
    starts = range(0, len(frameworks), size)
    members = [frameworks[start : start + size] for start in starts]
    return [PrintGroup([row.name for row in rows], url_of([row.slug for row in rows])) for rows in members]


@dataclass(frozen=True)
class Columns:
    """The columns as they are ordered now, and without any order."""

    now: Sequence[str]  # slugs
    default: Sequence[str]
    reference: str = ""

    def moved(self, index: int, to: int) -> list[str]:
        """The shortest order that puts one column elsewhere: the columns after it keep their usual order."""
        wanted = [slug for slug in self.now if slug != self.now[index]]
        wanted.insert(to, self.now[index])
        ranks = [self.default.index(slug) for slug in wanted]
        named = len(wanted) - 1
        while named and ranks[named - 1] < ranks[named]:
            named -= 1
        return wanted[: max(named, 1)] if self.reference else wanted[:named]


def heads(
    frameworks: Sequence[Framework],
    leads: Mapping[str, int],
    shares: Mapping[str, int],
    columns: Columns,
    url: Url,
    url_without: UrlWithout,
) -> list[Head]:
    last = len(frameworks) - 1
    return [
        Head(
            framework,
            leads=leads.get(framework.slug, 0),
            shares=shares.get(framework.slug, 0),
            first_url=url(order=columns.moved(index, 0)) if index else "",
            left_url=url(order=columns.moved(index, index - 1)) if index else "",
            right_url=url(order=columns.moved(index, index + 1)) if index < last else "",
            drop_url=url_without(framework.slug) if len(frameworks) >= MIN_TO_DROP else "",
            reference_url=url(reference=[] if framework.slug == columns.reference else [framework.slug]),
            is_reference=framework.slug == columns.reference,
        )
        for index, framework in enumerate(frameworks)
    ]

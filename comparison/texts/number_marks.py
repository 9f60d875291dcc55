"""Numbers as people write them: the mark that parts decimals off is a point here and a comma there.

A number such as 1.440 may be either 1440 or 1.44. What others of the same file show decides, or the user is asked.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

BLANKS = " \u00a0\u2009\u202f'’"  # between thousands; they leave no doubt
GROUPED_BY_BLANKS = re.compile(rf"(\d{{1,3}})((?:[{BLANKS}]\d{{3}})+)(?!\d)", re.ASCII)
EXPONENT = r"(?:e[+-]?\d{1,2})?"


class DecimalMark(StrEnum):
    POINT = "point"
    COMMA = "comma"


def _pattern(mark: str, grouping: str) -> re.Pattern[str]:
    mark, grouping = re.escape(mark), re.escape(grouping)
    grouped = rf"[1-9]\d{{0,2}}(?:{grouping}\d{{2,3}})*{grouping}\d{{3}}"  # thousands; in India also hundreds of them
    return re.compile(rf"[+-]?(?:(?:{grouped}|\d+)(?:{mark}\d*)?|{mark}\d+){EXPONENT}", re.ASCII | re.IGNORECASE)


READINGS = {DecimalMark.POINT: (".", ",", _pattern(".", ",")), DecimalMark.COMMA: (",", ".", _pattern(",", "."))}


def readings(text: str) -> dict[DecimalMark, Decimal]:
    """The number under each mark under which the text is one."""
    digits = text.replace("\N{MINUS SIGN}", "-")
    plain = GROUPED_BY_BLANKS.sub(lambda match: match[1] + re.sub(f"[{BLANKS}]", "", match[2]), digits)
    return {
        decimal_mark: Decimal(plain.replace(grouping, "").replace(mark, "."))
        for decimal_mark, (mark, grouping, pattern) in READINGS.items()
        if pattern.fullmatch(plain)
    }


def is_ambiguous(numbers: dict[DecimalMark, Decimal]) -> bool:
    return len(set(numbers.values())) > 1


def decimal_mark(texts: Iterable[str]) -> DecimalMark | None:
    """The mark that the clear numbers among some texts show; None if there are none, or of both kinds."""
    marks = {next(iter(numbers)) for text in texts if len(numbers := readings(text)) == 1}
    return marks.pop() if len(marks) == 1 else None

"""Lines that belong to a site, not to its article: course cards, calls to act, widgets. Offered for cutting."""

import re
from collections.abc import Collection, Iterable

CALL = re.compile(
    r"""(?:view|see|browse|explore|visit|discover)\s+(?:the\s+|our\s+|all\s+|this\s+|more\s*)*
    (?:courses?|plans?|pricing|details?|profile|posts?|articles?|all|more|demo|services?|products?|
    jobs?|portfolio|work|case\ stud(?:y|ies))
    | (?:enrol|enroll|sign\s?up|sign\s?in|log\s?in|subscribe|register|apply|join)
    (?:\s+(?:now|today|here|us|free|for\ free|in))?
    | (?:start|get|claim|request|book|schedule)\s+(?:your\s+|a\s+|an\s+|my\s+)?(?:free\s+)?
    (?:started|trial|quote|demo|call|consultation|offer|learning|access|course|appointment)(?:\s+(?:now|today))?
    | (?:call|contact|hire|follow|email|chat\ with|talk\ to)\s+(?:us|our\ \w+|me)(?:\s+(?:now|today|on\ \w+))?
    | (?:buy|download|shop|order|try|learn|read|know|show|load)\s+(?:it\s+)?(?:now|free|more|today|here)
    | share(?:\s+(?:this|on)\b.{0,30})? | tweet | copy\ link
    | back\ to\ top | skip\ to\ .{0,20} | leave\ a\ (?:comment|reply)
    | (?:previous|next|related|recent|popular|trending|recommended|similar)\s+
    (?:post|posts|article|articles|courses?|reads?)
    | you\ (?:may|might)\ also\ (?:like|enjoy) | advertisement | sponsored | all\ rights\ reserved.* | ©.{0,80}
    | \d[\d,.]*\+?\s+(?:learners|students|enrolled|views?|claps?|likes?|comments?|followers|shares?|ratings?|reviews?)
    | (?:\d(?:\.\d)?\s*)?[★☆⭐]{1,5}.{0,30}""",
    re.IGNORECASE | re.VERBOSE,
)
MAX_CARD_WORDS = 9  # of a line between two calls
MAX_GAP = 4  # lines between two calls of one card
SIGNS = " \t-–—•*#|>»→›[]()!.:✓"
MAX_RANGES, MAX_RANGE_LENGTH = 50, 40
RANGE = re.compile(r"([0-9]{1,7})(?:\s*[-–—]\s*([0-9]{1,7}))?")


class InvalidRanges(ValueError):
    """Not line numbers; the message says what is allowed."""


def furniture(text: str) -> list[range]:
    """The line numbers (from 1) that probably belong to the site."""
    lines = text.split("\n")
    calls = [number for number, line in enumerate(lines, 1) if _is_call(line)]
    ranges: list[range] = []
    for number in calls:
        first = ranges[-1].start if ranges and _is_card(lines, ranges[-1].stop, number) else number
        if ranges and first != number:
            ranges[-1] = range(first, number + 1)
        else:
            ranges.append(range(number, number + 1))
    return ranges[:MAX_RANGES]


def _is_call(line: str) -> bool:
    text = line.strip(SIGNS)
    return 0 < len(text) <= 80 and bool(CALL.fullmatch(text))


def _is_card(lines: list[str], first: int, number: int) -> bool:
    """Whether all lines between two calls are short, so that both are parts of one card."""
    between = [line for line in lines[first - 1 : number - 1] if line.strip()]
    return len(between) <= MAX_GAP and all(
        len(line.split()) <= MAX_CARD_WORDS and line.rstrip()[-1] not in ".!?:;" and not line.startswith(("#", "|"))
        for line in between
    )


def parse_ranges(text: str) -> list[range]:
    """Line numbers such as “3-7, 40”. Raises InvalidRanges."""
    ranges = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        match = RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < first <= last:
            raise InvalidRanges(f"“{part[:30]}” is no range of lines. Write line numbers such as 3-7, 40.")
        ranges.append(range(first, last + 1))
    return ranges


def ranges_text(ranges: Iterable[range]) -> str:
    """The ranges in order, without overlaps, as parse_ranges() reads them."""
    merged: list[range] = []
    for one in sorted(ranges, key=lambda one: one.start):
        if merged and one.start <= merged[-1].stop:
            merged[-1] = range(merged[-1].start, max(one.stop, merged[-1].stop))
        else:
            merged.append(one)
    return ", ".join(str(one.start) if len(one) == 1 else f"{one.start}-{one.stop - 1}" for one in merged)


def without_lines(text: str, cuts: Collection[range]) -> str:
    """Without the lines of the ranges, nor two blank lines in a row where they were."""
    kept: list[str] = []
    was_cut = False
    for number, line in enumerate(text.split("\n"), 1):
        if any(number in cut for cut in cuts):
            was_cut = True
        elif not (was_cut and not line.strip() and (not kept or not kept[-1].strip())):
            kept.append(line)
            was_cut = False
    return "\n".join(kept)

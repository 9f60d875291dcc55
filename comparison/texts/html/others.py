"""Titles above what leads to other pages, such as “You might also like”, and the links that stand below them."""

import re
from collections.abc import Sequence
from itertools import takewhile

from comparison.texts.html.tree import Element, words

TITLE = re.compile(
    r"""(?:related|recommended|similar|popular|recent|latest|trending|more|further|other)\s
    (?:posts?|articles?|stories|reading|reads?|content|topics?|subjects?|news|links)
    | (?:you\s(?:may|might)|see|read|watch)\salso\b.* | (?:read|watch|up)\snext | more\s(?:from|in|on|about)\s.*
    | (?:ähnliche|weitere|verwandte|aktuelle|neueste|neue)\s(?:beiträge|artikel|themen|berichte|meldungen|links)\b.*
    | .*\bkönnten?\s(?:sie|dich|euch|ihnen|dir)\sauch\s.*
    | auch\sinteressant | mehr\s(?:zum\sthema|aus|von|lesen|in)\b.*
    | lesen?\s(?:sie\s)?auch\b.* | kunden\skauften\sauch
    | (?:artículos|entradas|noticias|temas)\s(?:relacionad[oa]s|similares|recientes) | .*te\s(?:puede|podría)\sinteresar
    | articles\s(?:similaires|liés|récents) | (?:à\s)?lire\saussi | à\sdécouvrir
    | sur\sle\smême\ssujet | en\ssavoir\splus
    | tags? | tagged | filed\sunder | categories | schlagwörter | schlagworte | etiquetas""",
    re.IGNORECASE | re.VERBOSE,
)
TITLE_TAGS = words("h2 h3 h4 h5 h6 p div")
MAX_TITLE_LENGTH = 70  # characters
MAX_TITLES, MAX_BOXES = 50, 10  # of a page; around a title
MIN_LINK_SHARE = 0.4  # of what stands below such a title
SIGNS = " \t\n\xa0:….-–»›>"


def is_title_of_others(element: Element) -> bool:
    """Whether one of TITLE_TAGS with up to MAX_TITLE_LENGTH characters is such a title."""
    return bool(TITLE.fullmatch(" ".join(_own_text(element).split()).strip(SIGNS)))


def _own_text(element: Element) -> str:
    """Its text, and that of the elements right in it."""
    parts = [[child] if isinstance(child, str) else child.children for child in element.children]
    return "".join(text for part in parts for text in part if isinstance(text, str))


def links_below(title: Element, path: Sequence[Element]) -> list[Element]:
    """The box that a title opens, or the title and the links that follow it; `path` holds the elements around it.

    Empty if other text follows: then it is the title of a section.
    """
    box = title
    for holder in path[: -MAX_BOXES - 1 : -1]:
        inside = [child for child in holder.children if _has_text(child)]
        opens_holder = inside[0] is box and holder.tag not in ("body", "main", "article")
        if not opens_holder or (len(inside) > 1 and not _leads_away(holder)):
            following = takewhile(_leads_away, inside[inside.index(box) + 1 :])
            links = [part for part in following if isinstance(part, Element)]
            return [box, *links] if links or box.length > title.length else []
        box = holder
    return []


def _has_text(child: Element | str) -> bool:
    return bool(child.strip()) if isinstance(child, str) else child.length > 0


def _leads_away(element: Element | str) -> bool:
    return isinstance(element, Element) and element.link_length >= MIN_LINK_SHARE * element.length

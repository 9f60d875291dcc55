"""The element that holds a page's running text, where no article or main element does."""

from comparison.texts.html.tree import BLOCK_TAGS, INVISIBLE_TAGS, Element, words

MIN_SHARE = 0.9  # of the running text of a page
MIN_TOTAL = 500  # characters of running text in a page
MIN_MARKED_SHARE = 0.3  # of all text, from which an article or main element needs no help
MIN_LENGTH = 80  # characters of a block outside its links, to be running text
SHORT_TEXT_TAGS = words("li td th dt dd pre")  # running text, short as it is
HOLDERS = words("div section form center table tbody tr td")
OUTER_TAGS = words("html body")


def mark_main_part(root: Element) -> None:
    """Marks the innermost element with nearly all running text, if no article or main element holds the article."""
    elements = _shown_elements(root)
    marked = (element.length for element in elements if element.tag in ("article", "main"))
    if max(marked, default=0) >= MIN_MARKED_SHARE * root.length:
        return
    lengths = _running_text(elements)
    holder, total = root, lengths[id(root)]
    while inner := _inner(holder, lengths, MIN_SHARE * total):
        holder = inner
    holder.is_main = total >= MIN_TOTAL and holder.tag in HOLDERS


def _inner(holder: Element, lengths: dict[int, int], enough: float) -> Element | None:
    inside = (child for child in holder.elements if child.tag in HOLDERS or child.tag in OUTER_TAGS)
    return next((child for child in inside if lengths.get(id(child), 0) >= max(enough, 1)), None)


def _shown_elements(root: Element) -> list[Element]:
    """The elements that are shown and not left out, each before what it holds."""
    elements, pending = [], [root]
    while pending:
        element = pending.pop()
        elements.append(element)
        pending += [child for child in element.elements if not child.drop and child.tag not in INVISIBLE_TAGS]
    return elements


def _running_text(elements: list[Element]) -> dict[int, int]:
    """The length of the running text in each element, by its id."""
    lengths: dict[int, int] = {}
    own_lengths: dict[int, int] = {}  # of what stands outside of links and of the blocks within
    for element in reversed(elements):
        own, within = 0, 0
        for child in element.children:
            if isinstance(child, str):
                own += len(child.strip())
            else:
                within += lengths.get(id(child), 0)
                own += 0 if child.tag in BLOCK_TAGS or child.tag == "a" else own_lengths.get(id(child), 0)
        counts = element.tag in BLOCK_TAGS and (own >= MIN_LENGTH or element.tag in SHORT_TEXT_TAGS)
        lengths[id(element)] = within + own if counts else within
        own_lengths[id(element)] = own
    return lengths

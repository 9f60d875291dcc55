"""Marks within a line that carry meaning, as text: raised and lowered letters, formulas, icons that say yes or no."""

import re

from comparison.texts.html.tree import Element, words

SUPERSCRIPTS = str.maketrans("0123456789+-−=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿ")
SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
ORDINAL = re.compile(r"st|nd|rd|th|er|re|ère|e|ème|o|a", re.IGNORECASE)  # behind a figure
PLAIN_SUPERSCRIPT = re.compile(r"tm|sm|[™®©*†‡]+|[\[(].*", re.IGNORECASE)
YES = words("check checked checkmark tick ticked yes true ok supported included available ✓ ✔ ✅ ☑")
NO = words("crossed cross no not false xmark x times unsupported uncheck unchecked remove close ✗ ✘ ❌ ☒ ✕ ✖")
FILLERS = words(
    """icon icons ico img image svg png gif jpg webp fa fas far fab bi mdi ti la ri glyphicon octicon mark sign
    circle square o fill solid outline green red grey gray small lg is symbol heavy white bold"""
)
ICON_TAGS = frozenset(("i", "span", "svg", "em", "b", "img", "use", "abbr"))
WORD_TAGS = ICON_TAGS | {"input", "math"}
MAX_ICON_WORDS = 6
MAX_MATH_DEPTH = 60
LABELS = ("alt", "aria-label", "title")


def superscript(text: str, before: str = "") -> str:
    """What stands raised behind other text: ⁶, or ^ and the letters where no raised ones exist."""
    is_ordinal = before[-1:].isdigit() and ORDINAL.fullmatch(text)
    return _shifted(text, SUPERSCRIPTS, "^", bool(is_ordinal or PLAIN_SUPERSCRIPT.fullmatch(text)))


def subscript(text: str) -> str:
    return _shifted(text, SUBSCRIPTS, "_", text.startswith(("[", "(")))


def _shifted(text: str, signs: dict[int, int], mark: str, is_plain: bool) -> str:
    if not text or is_plain:
        return text
    if all(ord(letter) in signs for letter in text):
        return text.translate(signs)
    return f"{mark}{text}" if len(text) == 1 or text.isdigit() else f"{mark}({text})"


def icon_word(element: Element, in_table: bool, in_item: bool) -> str:
    """The word of an element without text that stands for one: its label, or “yes” or “no” by its names."""
    if element.tag == "input":
        return _box(element, in_table) if in_table or in_item else ""
    if element.tag not in ICON_TAGS or (element.tag not in ("svg", "img") and element.length):
        return ""
    label = _label(element)
    names = (*element.names.split(), _file_name(element))
    answer = _answer(label) or next(filter(None, map(_answer, names)), "")
    is_image = element.attributes.get("role") == "img" or (in_table and element.tag in ("svg", "img"))
    says_text = element.tag == "img" and re.search(r"emoji|latex|math|tex\b", element.names)
    return label if label and (answer or is_image or says_text) else answer


def _box(element: Element, in_table: bool) -> str:
    if element.attributes.get("type", "").lower() not in ("checkbox", "radio"):
        return ""
    is_checked = "checked" in element.attributes or element.attributes.get("aria-checked") == "true"
    return ("yes" if is_checked else "no") if in_table else ("[x]" if is_checked else "[ ]")


def _label(element: Element) -> str:
    labels = (element.attributes.get(name, "").strip() for name in LABELS)
    label = next(filter(None, labels), "")
    if not label and element.tag == "svg":
        label = next((child.text() for child in element.elements if child.tag == "title"), "")
    label = " ".join(label.split())
    return label if len(label.split()) <= MAX_ICON_WORDS or element.tag == "img" else ""


def _file_name(element: Element) -> str:
    """Of an image, or of the symbol that a drawing uses."""
    source = element.attributes.get("src", "")
    for child in element.elements if element.tag == "svg" else ():
        if child.tag == "use":
            source += " " + (child.attributes.get("href") or child.attributes.get("xlink:href", ""))
    if source.startswith("data:"):
        return ""
    return re.split(r"[?]", source)[0].rpartition("/")[2].rpartition("#")[2].lower()


def _answer(name: str) -> str:
    """“yes” or “no” if a label, a class or a file's name says so and little else."""
    parts = set(re.findall(r"[a-z]+|[^\w\s.,:;()_-]", name.lower()))
    if parts - YES - NO - FILLERS:
        return ""
    return "no" if parts & NO else "yes" if parts & YES else ""


def formula(element: Element) -> str:
    """A formula of MathML in one line."""
    if not element.elements:
        return " ".join(element.text().split()) or element.attributes.get("alttext", "")
    return _of_math(element, 0).strip()


def _of_math(element: Element, depth: int) -> str:
    if element.tag.startswith("annotation"):
        return ""
    if depth > MAX_MATH_DEPTH:
        return " ".join(element.text().split())
    parts = [
        " ".join(child.split()) if isinstance(child, str) else _of_math(child, depth + 1) for child in element.children
    ]
    parts = [part for part in parts if part]
    match element.tag, parts:
        case "msup", [base, raised]:
            return base + superscript(raised)
        case "msub", [base, lowered]:
            return base + subscript(lowered)
        case "msubsup", [base, lowered, raised]:
            return base + subscript(lowered) + superscript(raised)
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case "msqrt", _:
            return "√" + _grouped("".join(parts))
        case "mo", [sign] if sign in "=<>≤≥≈≠±·×→∝∈":
            return f" {sign} "
    return "".join(parts)


def _grouped(text: str) -> str:
    return text if text.isalnum() else f"({text})"

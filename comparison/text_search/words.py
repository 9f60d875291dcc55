"""What the words of a question are worth: which say nothing, which are forms of one word, which are typing errors.

Words are as folding.fold() makes them. Pure functions.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from comparison.text_search.folding import GRAM, UNSPACED_FROM


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GRAMMAR = _words(
    "a about actually all also am among an and any anybody anyone are arent as at be because been being but by can cant"
    " could did do does doesnt doing done dont each either else ever for from get gets getting give gives given had has"
    " hasnt have havent having he help her here his how i id if im in into is isnt it its just least let like likely"
    " many me more most much my need needs neither no nor not of off often on one only or other our out over own per"
    " please really same shall she should show since so some such tell than that the their them then there these they"
    " thing things this those through to too under up us very vs want wants was we well were what whats when where"
    " whether which while who whom whose whos why will with within without wont would yes yet you your"
)
VAGUE = _words(
    "app application applications apps bad best better between build building built choice choose choosing come comes"
    " compare compared comparing comparison comparisons contain contains difference differences enough fit"
    " framework frameworks good great handle handles ideal include included includes including into kind make makes"
    " making offer offers option pick possible program project projects proper provide provided provides python"
    " recommend recommended right ship ships site sites suit suitable suited support supported supporting supports"
    " thing use used useful uses using versus way web website websites work worked working works worse worst write"
    " writing"
)
KIND_HINTS = {  # words of a question that tell which kind of criterion it asks for
    "feature": _words("can come comes contain do does has have include includes provide support supports"),
    "figure": _words("big many measured much number size"),
    "fit": _words("advised best choose for good ideal pick recommended should suitable suited when"),
    "list": _words("what which who whose"),
}
SUFFIXES = (  # with the letters that must stay before them
    *(("izations", 4), ("ization", 4), ("isations", 4), ("isation", 4), ("ations", 4), ("ation", 4), ("ability", 4)),
    *(("ibility", 4), ("iness", 3), ("ments", 4), ("iest", 3), ("ings", 4), ("ance", 5), ("ence", 5), ("able", 4)),
    *(("ible", 4), ("ment", 4), ("ness", 4), ("ies", 3), ("ier", 3), ("ily", 3), ("ity", 4), ("ing", 3), ("ers", 4)),
    *(("est", 4), ("ate", 4), ("ant", 5), ("ent", 5), ("ed", 4), ("er", 4), ("es", 3), ("ly", 4), ("s", 2)),
    *(("e", 3), ("y", 3)),
)
MAX_SUFFIXES = 3  # that one word loses, as "deployments" does
MIN_BEGINNING = 3  # letters of a word from which longer words are found that begin with it
MIN_STEM_SEARCHED = 4  # letters; shorter stems begin too many other words
MIN_MISTYPED, MIN_TWICE_MISTYPED = 4, 8  # letters of words with one typing error, and with two


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What the forms of a word share: "fast" of "faster", "scal" of "scales" and "scalability"."""
    if not (word.isascii() and word.isalpha()):
        return word
    for _ in range(MAX_SUFFIXES):
        shorter = _without_suffix(word)
        if shorter == word:
            break
        word = shorter
    return word


def _without_suffix(word: str) -> str:
    for suffix, rest in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= rest:
            beginning = word[: -len(suffix)]
            is_root = any(letter in "aeiouy" for letter in beginning)
            return beginning if is_root and not (suffix == "s" and beginning[-1] in "su") else word
    return word


def telling_words(words: Sequence[str]) -> list[str]:
    """The words that say what is asked for: without question words and vague ones."""
    return [word for word in words if word not in GRAMMAR and word not in VAGUE]


def content_words(words: Sequence[str]) -> list[str]:
    """The words to search texts for: those that tell most, or all where none does."""
    return telling_words(words) or [word for word in words if word not in GRAMMAR] or list(words)


def likeness(asked: str, word: str) -> float:
    """How well a word answers to one of a query, 0 … 1: the same word, a form of it, or a word that it begins."""
    if asked == word:
        return 1.0
    if stem(asked) == stem(word):
        return 0.9
    return 0.6 if len(asked) >= MIN_BEGINNING and word.startswith(asked) else 0.0


def word_starts(words: Iterable[str]) -> list[str]:
    """The needles (see folding) that find words which begin so, in any form of theirs.

    Signs, and scripts that put no blanks between words, are found anywhere.
    """
    return [_word_start(word) for word in dict.fromkeys(words)]


def _word_start(word: str) -> str:
    begins_words = any(map(str.isalnum, word)) and all(ord(letter) < UNSPACED_FROM for letter in word)
    if not begins_words:
        return word
    beginning = stem(word)
    blanks = " " * (GRAM - 1)
    return blanks + (beginning if len(beginning) >= MIN_STEM_SEARCHED and word.startswith(beginning) else word)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant by a mistyped one; None where none is near."""
    if len(word) < MIN_MISTYPED:
        return None
    limit = 2 if len(word) >= MIN_TWICE_MISTYPED else 1
    beginnings = {word[0], word[1]}
    near = (
        (distance(word, other), abs(len(word) - len(other)), other)
        for other in known
        if abs(len(word) - len(other)) <= limit and len(other) >= MIN_MISTYPED - 1 and other[0] in beginnings
    )
    edits, _, other = min(near, default=(limit + 1, 0, ""))
    return other if edits <= limit else None


def distance(first: str, second: str) -> int:
    """How many letters to add, drop, replace or swap with their neighbour to make one word of the other."""
    before_last: list[int] = []
    last = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        current = [row]
        for column, other in enumerate(second, 1):
            edits = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other:
                edits = min(edits, before_last[column - 2] + 1)
            current.append(edits)
        before_last, last = last, current
    return last[-1]

"""What a question names and what it asks: subjects that are columns, and the words that remain. Pure functions."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from comparison.text_search.folding import MAX_WORDS, fold
from comparison.text_search.words import nearest, telling_words

MAX_CORRECTED = 4  # words of a question

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Question(Generic[Key]):
    words: Sequence[str]  # all of them, as typed
    named: Sequence[Key]  # what it names, in its order
    asked: Sequence[str]  # the words beside the names
    corrected: Mapping[str, str] = field(default_factory=dict)  # what a mistyped word was read as


def words_of_query(query: str) -> list[str]:
    """The different words of a query; further ones than any question has are ignored."""
    return list(dict.fromkeys(fold(query).split()))[:MAX_WORDS]


def read(words: Sequence[str], names: Mapping[str, Key]) -> Question[Key]:
    """Finds the names in a question; a name may have blanks where the question has none, and the other way round."""
    by_letters = {"".join(fold(name).split()): key for name, key in names.items()}
    longest = max((len(fold(name).split()) for name in names), default=0) + 1
    named: list[Key] = []
    asked: list[str] = []
    index = 0
    while index < len(words):
        length = _length_of_name(words[index : index + longest], by_letters)
        if length:
            named.append(by_letters["".join(words[index : index + length])])
        else:
            asked.append(words[index])
        index += length or 1
    return Question(words, list(dict.fromkeys(named)), asked)


def _length_of_name(words: Sequence[str], by_letters: Mapping[str, object]) -> int:
    """How many of the first words are a name together, at most; 0 for none."""
    return next((length for length in range(len(words), 0, -1) if "".join(words[:length]) in by_letters), 0)


def correct(
    question: Question[Key], names: Mapping[str, Key], known: Collection[str], is_known: Callable[[str], bool]
) -> Question[Key]:
    """The question with the words that nothing knows read as the nearest words that something knows."""
    single_names = {word for name in names for word in fold(name).split()}
    doubtful = [word for word in telling_words(question.asked) if not is_known(word)]
    corrected = {word: nearest(word, {*single_names, *known}) for word in doubtful[:MAX_CORRECTED]}
    readings = {word: reading for word, reading in corrected.items() if reading}
    if not readings:
        return question
    reread = read([readings.get(word, word) for word in question.words], names)
    return Question(question.words, reread.named, reread.asked, readings)

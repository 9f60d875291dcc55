"""What to say of a value in an address that names nothing, in the language of the page."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from django.utils.translation import gettext_noop

from comparison.vocabulary import gettext as _
from comparison.wording import join_each

MAX_LISTED = 12  # of the values that there are
NO_SUCH = {
    "criterion": gettext_noop("there is no such criterion"),
    "weighed criterion": gettext_noop("there is no such criterion that can be weighed"),
    "framework": gettext_noop("there is no such framework"),
    "kind of project": gettext_noop("there is no such kind of project"),
    "question": gettext_noop("there is no such question"),
    "answer": gettext_noop("there is no such answer"),
}


def no_such(thing: str, parameter: str, value: str, known: Iterable[str]) -> str:
    """The problem of a parameter whose value is not among those known; `thing` is one of NO_SUCH."""
    return f"{parameter}: {_(NO_SUCH[thing])}; {choice_hint([value], sorted(known))}"


def choice_hint(wrong: Sequence[str], known: Sequence[str]) -> str:
    """What may have been meant by these values: the known ones nearest to them, or else those that there are."""
    near = dict.fromkeys(match for value in wrong for match in get_close_matches(value, known, n=1))
    if near:
        return _("did you mean {value}?").format(value=join_each(list(near), "or"))
    more = len(known) - MAX_LISTED
    text = _("known: {values} and {count} more.") if more > 0 else _("known: {values}.")
    return text.format(values=", ".join(known[:MAX_LISTED]) or _("none"), count=more)

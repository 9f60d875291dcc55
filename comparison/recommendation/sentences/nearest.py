"""The nearest changes in words: what changes, and the answer that it leads to, a sentence each."""

from comparison.recommend import Ending
from comparison.recommendation.sentences.changes import weight_change
from comparison.sensitivity.changes import SourceFlip, TogetherFlip, UnknownFlip, WeightFlip
from comparison.sensitivity.nearest import Flip, MustFlip
from comparison.vocabulary import gettext as _
from comparison.wording import Names


def change_sentence(flip: Flip, names: Names, source_title: str) -> str:
    """What changes; the title is that of the source that is left out."""
    match flip:
        case WeightFlip():
            return f"{weight_change(flip, names)}."
        case MustFlip(is_added=True):
            return _("“{criterion}” as a must-have.").format(criterion=names.criteria[flip.criterion])
        case MustFlip():
            return _("“{criterion}” no longer as a must-have.").format(criterion=names.criteria[flip.criterion])
        case SourceFlip():
            return _("Without the source “{title}”.").format(title=source_title)
    return _unknown_sentence(flip, names)


def _unknown_sentence(flip: UnknownFlip | TogetherFlip, names: Names) -> str:
    framework = names.frameworks[flip.framework]
    if isinstance(flip, TogetherFlip):
        if flip.is_best:
            text = _("All that is not known about {framework} turns out as good as possible.")
        else:
            text = _("All that is not known about {framework} turns out as bad as possible.")
        return text.format(framework=framework)
    if flip.is_best:
        text = _("“{criterion}”, which is not known for {framework}, turns out as good as possible.")
    else:
        text = _("“{criterion}”, which is not known for {framework}, turns out as bad as possible.")
    return text.format(criterion=names.criteria[flip.criterion], framework=framework)


def outcome_sentence(flip: Flip, names: Names) -> str:
    framework = names.frameworks[flip.answer] if flip.answer else ""
    match flip.ending:
        case Ending.CLEAR:
            return _("{framework} would lead.").format(framework=framework)
        case Ending.ONLY_ONE:
            return _("{framework} would be the only one left.").format(framework=framework)
        case Ending.NONE_LEFT:
            return _("Every framework would be ruled out.")
        case Ending.NO_EVIDENCE | Ending.NOTHING_WEIGHED:
            return _("There would not be enough evidence.")
    return _("It would be too close to call.")

"""The form of a report: what a stranger may send, and what is kept of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comparison.models.editions import printable
from comparison.models.readers.reports import TOPIC_LABELS, Report

TOO_LITTLE = _("Write in a few words what the curators should know.")
TOO_LONG = _("This has %(show_value)d characters; at most %(limit_value)d are taken. Keep the most important.")
NO_TOPIC = _("Choose one of the three.")
NO_EMAIL = _("This is no e-mail address. Correct it, or leave it empty: then nobody can answer.")
FILLED_TRAP = _(
    "Something filled in a field that nobody sees, as programs do. It is empty again: press the button once more."
)


class PlainTextField(forms.CharField):
    """Keeps lines, and drops what nobody can see: control characters, and marks that turn other text round."""

    def to_python(self, value: Any) -> str:
        lines = (value or "").splitlines()
        return "\n".join(printable(line).rstrip() for line in lines).strip()


class ReportForm(forms.Form):
    topic = forms.ChoiceField(
        choices=[(topic, _(words)) for topic, words in TOPIC_LABELS.items()],
        error_messages={"required": NO_TOPIC, "invalid_choice": NO_TOPIC},
    )
    text = PlainTextField(
        max_length=Report.MAX_TEXT_LENGTH,
        error_messages={"required": TOO_LITTLE, "max_length": TOO_LONG},
    )
    email = forms.EmailField(required=False, max_length=254, error_messages={"invalid": NO_EMAIL})
    homepage = forms.CharField(required=False)  # nobody sees it: programs that fill everything in give themselves away

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not any(character.isalnum() for character in text):
            raise forms.ValidationError(TOO_LITTLE)
        return text

    def clean(self) -> dict[str, Any]:
        if self.data.get("homepage"):
            raise forms.ValidationError(FILLED_TRAP)
        return self.cleaned_data

    @property
    def stored(self) -> dict[str, str]:
        """The fields of a report."""
        return {name: self.cleaned_data[name] for name in ("topic", "text", "email")}

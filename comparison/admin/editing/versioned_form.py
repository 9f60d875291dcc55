"""Forms that carry the version of their row, so that nobody overwrites another editor's change unseen."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import ModelForm

from comparison.models.optimistic_lock import UNDONE, changes_since, current_version, row_at_version


class VersionField(forms.IntegerField):
    """The version that the form showed. It says nothing of the row, so it never counts as changed."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class VersionedForm(ModelForm):
    """Refuses to store a row that others have changed since it was shown, and shows what they changed."""

    version = VersionField(required=False)

    ADVICE = (
        "This was changed while your form was open. What you left alone now shows what is stored; "
        "what you wrote is still here: save again to keep it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "version" in self.fields:
            self.fields["version"].initial = current_version(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if changes := self.changes_meanwhile(cleaned):
            raise ValidationError(changes if changes == [UNDONE] else [self.ADVICE, *changes])
        return cleaned

    def changes_meanwhile(self, cleaned: dict[str, Any]) -> list[str]:
        """What others changed since the form was shown; the form shows it from now on."""
        expected = cleaned.get("version")
        if not self.instance.pk or expected is None:
            return []
        stored = type(self.instance)._default_manager.filter(pk=self.instance.pk).first()
        if stored is None or expected == (current := current_version(stored)):
            return []
        changes = changes_since(stored, expected)
        if changes:
            self.show_stored_values(cleaned, row_at_version(stored, expected), stored)
            self.show_value("version", current)
        return changes

    def show_value(self, name: str, value: Any) -> None:
        """Makes the refused form show another value than the one posted."""
        data = self.data.copy()
        data[self.add_prefix(name)] = "" if value is None else str(value)
        self.data: Any = data

    def show_stored_values(self, cleaned: dict[str, Any], shown: Any, stored: Any) -> None:
        """Updates the fields that the user left alone to what others have stored since."""
        for field in stored._meta.concrete_fields:
            if field.name in cleaned and hasattr(shown, field.attname):
                before, after = getattr(shown, field.attname), getattr(stored, field.attname)
                if before != after and getattr(cleaned[field.name], "pk", cleaned[field.name]) == before:
                    self.show_value(field.name, after)


class RowForm(VersionedForm):
    """A row below a form. Its formset tells it the current version; it compares what was posted with what was shown.

    A row that its editor left alone is not saved, so it stays as others have stored it meanwhile.
    """

    ADVICE = "This row was changed while your form was open. What you wrote is still here: save again to keep it."
    shown: Any = None  # the row as the editor saw it, if it has changed since

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        ModelForm.__init__(self, *args, **kwargs)

    def compare_with(self, current: int) -> None:
        """Tells the form the current version of its row, before it is validated."""
        self.fields["version"].initial = current
        expected = self.posted_version
        if expected is not None and expected != current:
            self.shown = row_at_version(self.instance, expected)
        if self.shown is not None:
            fields = [field for field in self.instance._meta.concrete_fields if field.name in self.fields]
            self.initial.update({field.name: getattr(self.shown, field.attname) for field in fields})

    @property
    def posted_version(self) -> int | None:
        try:
            return self.fields["version"].clean(self.data.get(self.add_prefix("version"))) if self.is_bound else None
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.has_changed() else self.cleaned_data

    def _post_clean(self) -> None:
        """Checks constraints across the key of the form above too, which Django leaves to the database."""
        super()._post_clean()  # type: ignore[misc]  # unknown to the stubs, like the other two
        if self.has_changed() and not self.errors:
            try:
                self.instance.validate_constraints(self._get_validation_exclusions())  # type: ignore[attr-defined]
            except ValidationError as error:
                self._update_errors(error)  # type: ignore[attr-defined]

"""A source's text as it is uploaded or pasted: the form, and what it was read as."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from comparison.texts.decode import (
    ENCODINGS,
    MAX_BYTES,
    ExtractedText,
    Repair,
    TextFormat,
    Unreadable,
    decode,
    detect_format,
    digest,
    extract_text,
    normalize_newlines,
    repairs,
)

LENIENT_ENCODINGS = ("windows-1252", "iso-8859-1")  # most bytes are letters in the first, all bytes in the second
MAX_DROPPED = 0.6  # share of a page's words; if more is left out, the whole page is offered
MAX_SHOWN_LINES = 400
MAX_LINE_LENGTH = 1_000  # characters of a shown line


class TextForm(forms.Form):
    """What was uploaded or pasted, and how to read it. `raw` holds an upload after it was decoded."""

    upload = forms.FileField(required=False, help_text="A text, Markdown or HTML file.")
    pasted = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12, "cols": 90}))
    encoding = forms.ChoiceField(
        required=False,
        choices=[("", "Find out (UTF-8, or what its mark says)"), *ENCODINGS.items()],
        help_text="For a file whose letters look wrong.",
    )
    form = forms.ChoiceField(
        required=False, choices=[("", "Find out"), *((text_form.value, text_form.value) for text_form in TextFormat)]
    )
    keep_everything = forms.BooleanField(required=False)
    repair = forms.BooleanField(required=False)
    raw = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    raw_encoding = forms.CharField(required=False, widget=forms.HiddenInput)
    original_sha256 = forms.RegexField("^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    # The format that was detected in the raw text, and the digest of the text that was shown.
    read_as = forms.ChoiceField(
        required=False, choices=[(text_form.value, text_form.value) for text_form in TextFormat]
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    fetched = forms.DateField(required=False)

    def clean_fetched(self) -> date | None:
        day: date | None = self.cleaned_data["fetched"]
        if day and day > date.today():
            raise ValidationError("The day on which it was fetched has not come yet.")
        return day

    def values(self) -> dict[str, Any]:
        """The valid values, and "" for all others."""
        return dict.fromkeys(self.fields, "") | self.cleaned_data


@dataclass
class UploadedText:
    """An upload, decoded and read."""

    taken: ExtractedText
    raw: str
    encoding: str  # empty for pasted text
    original_sha256: str
    repairs: list[Repair]

    @property
    def much_dropped(self) -> bool:
        return self.taken.dropped_share > MAX_DROPPED

    @property
    def lines(self) -> list[str]:
        lines = self.taken.text.split("\n", MAX_SHOWN_LINES)[:MAX_SHOWN_LINES]
        return [line if len(line) <= MAX_LINE_LENGTH else line[:MAX_LINE_LENGTH] + "…" for line in lines]

    @property
    def digest(self) -> str:
        return digest(self.taken.text.encode())

    @property
    def line_count(self) -> int:
        return self.taken.text.count("\n") + 1


def read_upload(values: dict[str, Any]) -> UploadedText:
    """Reads the values of a TextForm. Raises Unreadable."""
    raw, encoding, original_sha256 = _raw_text(values)
    name = values["upload"].name if values.get("upload") else ""
    text_form = TextFormat(values["form"] or values["read_as"] or detect_format(name, raw))
    taken = extract_text(raw, text_form, values["keep_everything"], values["repair"])
    return UploadedText(taken, raw, encoding, original_sha256, repairs(taken.text) if not values["repair"] else [])


def read_leniently(values: dict[str, Any]) -> UploadedText | None:
    """Saves what the chosen settings cannot read: reads it in a lenient encoding, or as it was read before."""
    if values["upload"]:
        attempts = [{"encoding": encoding, "repair": False} for encoding in LENIENT_ENCODINGS]
    else:
        attempts = [{"encoding": "", "form": "", "repair": False}] if values["raw"] else []
    for settings in attempts:
        try:
            return read_upload(values | settings)
        except Unreadable:
            continue
    return None


def _raw_text(values: dict[str, Any]) -> tuple[str, str, str]:
    """The text before anything is extracted from it, its encoding, and the SHA-256 of the original bytes."""
    if upload := values.get("upload"):
        if upload.size > MAX_BYTES:
            raise Unreadable(f"The file has {upload.size:,} bytes; at most {MAX_BYTES:,} are taken.")
        upload.seek(0)
        data = upload.read()
        raw, encoding = decode(data, values["encoding"])
        return raw, encoding, digest(data)
    if values["raw"]:
        raw, encoding, chosen = normalize_newlines(values["raw"]), values["raw_encoding"], values["encoding"]
        if chosen and encoding in ENCODINGS and chosen != encoding:
            raw, encoding = decode(raw.encode(encoding, "replace"), chosen)
        return raw, encoding, values["original_sha256"]
    raw = normalize_newlines(values["pasted"])
    if not raw.strip():
        raise Unreadable("Choose a file, or paste the text.")
    if len(raw) > MAX_BYTES:
        raise Unreadable(
            f"The text has {len(raw):,} characters; at most {MAX_BYTES:,} are taken. Paste the article alone."
        )
    return raw, "", digest(raw.encode())

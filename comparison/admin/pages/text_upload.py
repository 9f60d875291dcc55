"""A source's text as it is uploaded or pasted: the form, and what it was read as."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
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
    cut_lines,
    decode,
    detect_format,
    digest,
    encoded_again,
    extract_text,
    known_encoding,
    normalize_newlines,
    repairs,
)
from comparison.texts.furniture import InvalidRanges, furniture, parse_ranges, ranges_text
from comparison.texts.html.second_reading import NoSecondReading, library_lines
from comparison.texts.html_article import Reading
from comparison.texts.mail import NoText, article_part

LENIENT_ENCODINGS = ("windows-1252", "iso-8859-1")  # most bytes are letters in the first, all bytes in the second
MAX_DROPPED = 0.6  # share of a page's words; if more is left out, the whole page is offered
MAX_SHOWN_LINES = 400
MAX_LINE_LENGTH = 1_000  # characters of a shown line
MAX_SAMPLE_LENGTH = 160
OWN, LIBRARY = "own", "library"  # whose reading of a page


class TextForm(forms.Form):
    """What was uploaded or pasted, and how to read it. `raw` holds an upload after it was decoded."""

    upload = forms.FileField(
        required=False, help_text="A text, Markdown or HTML file, a saved page (.mhtml) or a message (.eml)."
    )
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
    # Parts of a page to bring back, and lines to leave out, by their numbers; each with what a button adds.
    restored = forms.RegexField("^[0-9, ]{1,4000}$", required=False, widget=forms.HiddenInput)
    restore_also = forms.RegexField("^[0-9]{1,6}$", required=False)
    cuts = forms.CharField(required=False, max_length=4_000)
    cut_also = forms.CharField(required=False, max_length=4_000)
    cuts_of = forms.CharField(required=False, widget=forms.HiddenInput)  # the digest of the text whose lines they are
    # Whose choice of a page's lines is taken.
    reading = forms.RegexField(f"^({OWN}|{LIBRARY})$", required=False, widget=forms.HiddenInput)

    def clean_fetched(self) -> date | None:
        day: date | None = self.cleaned_data["fetched"]
        if day and day > date.today():
            raise ValidationError("The day on which it was fetched has not come yet.")
        return day

    def clean_cuts(self) -> str:
        return self._ranges("cuts")

    def clean_cut_also(self) -> str:
        return self._ranges("cut_also")

    def _ranges(self, name: str) -> str:
        try:
            return ranges_text(parse_ranges(self.cleaned_data[name]))
        except InvalidRanges as error:
            raise ValidationError(str(error)) from None

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
    is_repaired: bool
    restored: str = ""  # numbers of the parts brought back
    cuts: str = ""  # the lines left out
    cuts_ignored: bool = False  # because the lines have other numbers now
    reading_problem: str = ""  # why there is no second reading

    @property
    def by_library(self) -> bool:
        """Whether a library chose the lines."""
        return self.taken.page is not None and self.taken.page.by_library

    @cached_property
    def readings(self) -> list[Reading]:
        """The choices of a page's lines, ours and the library's; empty, with the problem, if there is only ours."""
        page = self.taken.page
        if page is None:
            return []
        if not page.library and not self.reading_problem:
            page.library, self.reading_problem = _library(self.raw)
        readings = page.readings()
        if page.library and not readings:
            self.reading_problem = "readability-lxml finds no article in the page."
        return readings

    @cached_property
    def repairs(self) -> list[Repair]:
        return [] if self.is_repaired else repairs(self.taken.text)

    @property
    def much_dropped(self) -> bool:
        return self.taken.dropped_share > MAX_DROPPED

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The first lines with their numbers before any were cut."""
        cuts = parse_ranges(self.cuts)
        numbered = enumerate(self.taken.whole.split("\n"), 1)
        kept = ((number, line) for number, line in numbered if not any(number in cut for cut in cuts))
        return [
            (number, line if len(line) <= MAX_LINE_LENGTH else line[:MAX_LINE_LENGTH] + "…")
            for number, line in islice(kept, MAX_SHOWN_LINES)
        ]

    @cached_property
    def furniture(self) -> list[tuple[str, str]]:
        """The ranges of lines that seem to belong to the site, each with how they read."""
        cuts, lines = parse_ranges(self.cuts), self.taken.whole.split("\n")
        open_ranges = [found for found in furniture(self.taken.whole) if not any(found.start in cut for cut in cuts)]
        return [
            (
                ranges_text([found]),
                " · ".join(filter(None, lines[found.start - 1 : found.stop - 1]))[:MAX_SAMPLE_LENGTH],
            )
            for found in open_ranges
        ]

    @property
    def all_furniture(self) -> str:
        return ", ".join(lines for lines, _ in self.furniture)

    @property
    def whole_digest(self) -> str:
        return digest(self.taken.whole.encode())

    @property
    def digest(self) -> str:
        return digest(self.taken.text.encode())

    @property
    def line_count(self) -> int:
        return self.taken.text.count("\n") + 1


def read_upload(values: dict[str, Any]) -> UploadedText:
    """Reads the values of a TextForm. Raises Unreadable."""
    raw, encoding, original_sha256, name = _raw_text(values)
    text_form = TextFormat(values["form"] or values["read_as"] or detect_format(name, raw))
    everything = bool(values["keep_everything"])
    is_second = values["reading"] == LIBRARY and text_form is TextFormat.HTML and not everything
    library, problem = _library(raw) if is_second else ([], "")
    restored = {int(number) for number in re.findall(r"\d+", f"{values['restored']} {values['restore_also']}")}
    taken = extract_text(raw, text_form, everything, values["repair"], restored, library)
    cuts = ranges_text(parse_ranges(f"{values['cuts']}, {values['cut_also']}"))
    is_other = bool(cuts) and values["cuts_of"] not in ("", digest(taken.text.encode()))
    if cuts and not is_other:
        taken = cut_lines(taken, parse_ranges(cuts))
    return UploadedText(
        taken,
        raw,
        encoding,
        original_sha256,
        bool(values["repair"]),
        ",".join(map(str, sorted(restored))),
        "" if is_other else cuts,
        is_other,
        problem,
    )


def _library(raw: str) -> tuple[list[str], str]:
    """The lines of a library's article, or why there are none."""
    try:
        return library_lines(raw), ""
    except NoSecondReading as problem:
        return [], str(problem)


def read_leniently(values: dict[str, Any]) -> UploadedText | None:
    """Saves what the chosen settings cannot read: reads it in a lenient encoding, or as it was read before."""
    attempts: list[dict[str, Any]]
    if values["upload"]:
        attempts = [{"encoding": encoding} for encoding in LENIENT_ENCODINGS]
    else:
        attempts = [{}, {"encoding": "", "form": ""}] if values["raw"] else []
    for settings in attempts:
        try:
            return read_upload(values | {"repair": False, "cuts": "", "cut_also": ""} | settings)
        except Unreadable:
            continue
    return None


def _raw_text(values: dict[str, Any]) -> tuple[str, str, str, str]:
    """The text before anything is extracted from it, its encoding, the SHA-256 of the original bytes, and its name."""
    if upload := values.get("upload"):
        if upload.size > MAX_BYTES:
            raise Unreadable(f"The file has {upload.size:,} bytes; at most {MAX_BYTES:,} are taken.")
        upload.seek(0)
        data = upload.read()
        raw, encoding, name = _decode_upload(data, upload.name or "", values["encoding"])
        return raw, encoding, digest(data), name
    if values["raw"]:
        raw, encoding, chosen = normalize_newlines(values["raw"]), values["raw_encoding"], values["encoding"]
        if chosen and encoding in ENCODINGS and chosen != encoding:
            raw, encoding = decode(encoded_again(raw, encoding), chosen)
        return raw, encoding, values["original_sha256"], ""
    raw = normalize_newlines(values["pasted"])
    if not raw.strip():
        raise Unreadable("Choose a file, or paste the text.")
    if len(raw) > MAX_BYTES:
        raise Unreadable(
            f"The text has {len(raw):,} characters; at most {MAX_BYTES:,} are taken. Paste the article alone."
        )
    return raw, "", digest(raw.encode()), ""


def _decode_upload(data: bytes, name: str, encoding: str) -> tuple[str, str, str]:
    """The text of a file, its encoding, and its name; of a saved page or a message those of its article."""
    try:
        part = article_part(data) if len(data) <= MAX_BYTES else None
    except NoText:
        raise Unreadable(
            "This is a message without a text in it. Save the article itself, or paste its text."
        ) from None
    if part is None:
        return *decode(data, encoding), name
    text, encoding = decode(part.data, encoding or known_encoding(part.charset, part.data))
    return text, encoding, "page.html" if part.is_html else "message.txt"

"""How to cite a page: as text, as BibTeX and as CSL-JSON. A page is a function of its address and the edition."""

import json
import re
from dataclasses import dataclass

from comparison.files.json_ld import LICENCE, LICENCE_NAME
from comparison.models import Edition

# What TeX would take for markup, and what stands for it.
TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
NOT_IN_TEX_ADDRESSES = {"{": "%7B", "}": "%7D", "\\": "%5C"}


@dataclass(frozen=True)
class CitedPage:
    title: str
    url: str
    site_name: str
    edition: Edition

    @property
    def key(self) -> str:
        """Letters, digits and hyphens; other editions have other keys."""
        words = NOT_IN_KEYS.sub("-", f"{self.site_name} {self.title}".lower()).strip("-")
        return f"{words[:60].strip('-')}-{self.edition.number}"

    @property
    def text(self) -> str:
        at = self.edition.at
        title = f"“{self.title}{'' if self.title.endswith(('.', '?', '!')) else '.'}”"
        return f"{self.site_name}. {title} Edition {self.edition.number}, {at.day} {at:%B %Y}. {self.url}"

    @property
    def bibtex(self) -> str:
        at = self.edition.at
        fields = {
            "author": f"{{{_tex(self.site_name)}}}",
            "title": f"{{{_tex(self.title)}}}",
            "year": str(at.year),
            "month": str(at.month),
            "version": str(self.edition.number),
            "note": f"Edition {self.edition.number}, {at:%Y-%m-%d}. Data licence: {LICENCE_NAME}",
            "url": "".join(NOT_IN_TEX_ADDRESSES.get(sign, sign) for sign in self.url),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}}}"

    @property
    def csl_json(self) -> str:
        at = self.edition.at
        item = {
            "id": self.key,
            "type": "webpage",
            "title": self.title,
            "container-title": self.site_name,
            "author": [{"literal": self.site_name}],
            "issued": {"date-parts": [[at.year, at.month, at.day]]},
            "version": str(self.edition.number),
            "license": LICENCE,
            "URL": self.url,
        }
        return json.dumps([item], ensure_ascii=False, indent=1)


def _tex(text: str) -> str:
    return "".join(TEX.get(sign, sign) for sign in text)

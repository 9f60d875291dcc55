"""Saved web pages (.mhtml) and messages (.eml): the part of them that is the article. Pure functions over bytes."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

# A message begins with header lines; these names are seldom the first words of anything else.
HEADERS = re.compile(
    rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){0,60}?"
    rb"(?:MIME-Version|Content-Type|Message-ID|Received|Return-Path|Snapshot-Content-Location):[ \t]*\S",
    re.IGNORECASE,
)
PREFERRED = ("text/html", "application/xhtml+xml", "text/markdown", "text/plain")  # types of parts, the best first


class NoText(ValueError):
    """A message without a text in it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The article's part of a message."""

    data: bytes
    charset: str  # as declared; may be empty or unknown
    is_html: bool


def article_part(data: bytes) -> Part | None:
    """None if the data are no message. Raises NoText."""
    start = data.lstrip(b"\xef\xbb\xbf\r\n ")
    if not HEADERS.match(start[:50_000]):
        return None
    message = message_from_bytes(start, policy=policy.compat32)
    if not message.is_multipart() and "mime-version" not in message:
        return None  # a text that begins like one
    parts = [part for part in message.walk() if _is_text(part)]
    kinds = [kind for kind in PREFERRED if any(part.get_content_type() == kind for part in parts)]
    if not kinds:
        raise NoText
    best = next(part for part in parts if part.get_content_type() == kinds[0])  # a saved page's frames come later
    content = best.get_payload(decode=True)
    charset = best.get_content_charset() or ""
    return Part(content, charset, kinds[0] in PREFERRED[:2]) if isinstance(content, bytes) else None


def _is_text(part: Message) -> bool:
    is_attached = "attachment" in str(part.get("Content-Disposition", "")).lower()
    return part.get_content_type() in PREFERRED and not part.is_multipart() and not is_attached

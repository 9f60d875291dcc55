"""Reads a page from standard input with readability-lxml and writes the part that it takes for the article.

A program of its own, so that what the library does to a tangled page ends in time and takes nothing else along.
"""

import logging
import resource
import sys

MAX_MEMORY = 1_500_000_000  # bytes
MAX_SECONDS = 8  # of the processor
ABSENT = 3  # the exit code where the library is not installed


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    try:
        from readability import Document  # noqa: PLC0415 (what the process is for)
    except ImportError:
        return ABSENT
    logging.disable(logging.CRITICAL)
    html = sys.stdin.buffer.read().decode("utf-8", "replace")
    sys.stdout.buffer.write(Document(html).summary(html_partial=True).encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

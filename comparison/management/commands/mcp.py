import sys
from argparse import ArgumentParser
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comparison.mcp.server import Server


class Command(BaseCommand):
    help = "Answers programs that speak the Model Context Protocol, on standard input and output; reads only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", default="", help="the site's address, for links: https://example.org")

    def handle(self, *args: Any, site: str, **options: Any) -> None:
        if site and (urlsplit(site).scheme not in ("http", "https") or not urlsplit(site).netloc):
            raise CommandError(f"--site {site} is no address. Give one such as https://example.org")
        try:
            Server(settings.SITE_NAME, _version(), site).serve(sys.stdin.buffer, sys.stdout.buffer)
        except (BrokenPipeError, KeyboardInterrupt):
            self.stderr.write("Ended.")


def _version() -> str:
    try:
        return version("crosscheck")
    except PackageNotFoundError:  # it runs from its folder
        return "0"

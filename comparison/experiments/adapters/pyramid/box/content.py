import struct
from pathlib import Path

from pyramid.i18n import TranslationStringFactory
from pyramid.response import Response

from comparison.experiments import box
from comparison.experiments.adapters.pyramid.box import application

translated = TranslationStringFactory("goods")


def make_feed():
    box.search("feed", "atom", "rss", besides="setuptools")


def make_sitemap():
    box.search("sitemap", besides="setuptools")


def index(request):
    return Response(f"{request.localizer.translate(translated('Milk'))}|2026-03-05")


def negotiate(request):
    return request.accept_language.lookup(["en", "de"], default="en")


def follow_language():
    """pyramid.i18n; its documentation leaves dates to Babel"""
    write_catalogue(Path("locale/de/LC_MESSAGES/goods.mo"), "Milk", "Milch")

    def include(config):
        config.add_translation_dirs(str(Path("locale").absolute()))
        config.set_locale_negotiator(negotiate)

    return application({"/": index}, include)


def write_catalogue(path, text, translation):
    """A catalogue of one message, in the format of GNU gettext."""
    path.parent.mkdir(parents=True)
    header = "Content-Type: text/plain; charset=UTF-8\n"
    pairs = [("", header), (text, translation)]
    words = [original for original, _ in pairs] + [other for _, other in pairs]
    offset, table, content = 28 + 16 * len(pairs), [], b""
    for word in words:
        table += [len(word.encode()), offset + len(content)]
        content += word.encode() + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    path.write_bytes(head + struct.pack(f"<{len(table)}I", *table) + content)


def convert_distance(miles):
    box.search("geo", "distance", besides="setuptools")


def compare_geometries(first, second):
    box.search("geo", "distance", besides="setuptools")

from comparison.experiments.adapters.bottle import names


def make_feed():
    names.search("atom", "rss")


def make_sitemap():
    names.search("sitemap")


def follow_language():
    names.search("babel", "i18n", "locale", "gettext")


def convert_distance(miles):
    names.search("geo", "distance")


def compare_geometries(first, second):
    names.search("geo", "distance")

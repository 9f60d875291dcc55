from comparison.experiments import box


def make_feed():
    box.search("feed", "atom", "rss")


def make_sitemap():
    box.search("sitemap")


def follow_language():
    box.require("aiohttp_babel")


def convert_distance(miles):
    box.search("geo", "distance")


def compare_geometries(first, second):
    box.search("geo", "distance")

from comparison.experiments import box


def make_feed():
    box.search("feed", "atom", "rss")


def make_sitemap():
    box.search("sitemap")


def follow_language():
    box.search("babel", "i18n", "locale", "translat")


def convert_distance(miles):
    box.search("geo", "distance", besides="faker")


def compare_geometries(first, second):
    box.search("geo", "distance", besides="faker")

import datetime
from pathlib import Path

from tornado import locale
from tornado.web import Application, RequestHandler

from comparison.experiments import box

GERMAN = """"New goods","Neue Waren"
"March","März"
"%(month_name)s %(day)s, %(year)s","%(day)s. %(month_name)s %(year)s"
"""


class Index(RequestHandler):
    def get(self):
        day = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)
        date = self.locale.format_date(day, relative=False, shorter=True, full_format=True)
        self.write(f"{self.locale.translate('New goods')}|{date}")


def make_feed():
    box.search("feed", "atom", "rss")


def make_sitemap():
    box.search("sitemap")


def follow_language():
    """tornado.locale, with a table of translations that the developer writes, also for dates"""
    folder = Path("translations")
    folder.mkdir()
    (folder / "de.csv").write_text(GERMAN, encoding="utf-8")
    locale.load_translations(str(folder.absolute()))
    return Application([(r"/", Index)])


def convert_distance(miles):
    box.search("geo", "distance")


def compare_geometries(first, second):
    box.search("geo", "distance")

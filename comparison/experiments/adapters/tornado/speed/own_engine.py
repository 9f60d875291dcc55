"""its own template engine"""

from pathlib import Path

from tornado.web import Application, RequestHandler

from comparison.experiments.techempower import large_table

ROWS = large_table()


class Table(RequestHandler):
    def get(self):
        self.render("large_table.html", rows=ROWS)


application = Application([(r"/table", Table)], template_path=Path(__file__).parent / "templates")

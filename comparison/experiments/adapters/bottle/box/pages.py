from bottle import Bottle, request, static_file, template

from comparison.experiments import box
from comparison.experiments.adapters.bottle import names as its_names


def fill_template(folder, names):
    """SimpleTemplate"""
    (folder / "base.html").write_text("<title>{{title}}</title>\n{{!base}}\n")
    (folder / "names.html").write_text(
        "% rebase('base.html', title='Names')\n% for name in names:\n<li>{{name}}</li>\n% end\n"
    )
    return template("names.html", names=names, template_lookup=[str(folder)])


def read_fields():
    """request.forms"""
    app = Bottle()
    app.route("/", method="POST", callback=lambda: request.forms.title)
    return app


def draw_form():
    box.require("wtforms")


def refuse_wrong(fields):
    box.require("wtforms")


def serve_style_sheet(folder):
    """static_file"""
    app = Bottle()
    app.route("/static/<path:path>", callback=lambda path: static_file(path, root=str(folder)))
    return app


def check_token():
    its_names.search("csrf", "forg")

"""An application as the tutorial begins one, with the pages that the attacks are made on."""

from bottle import Bottle, request, response, template

from comparison.experiments.adapters.bottle import names


def application():
    app = Bottle()

    @app.route("/form", method=["GET", "POST"])
    def form():
        return "saved" if request.method == "POST" else "<form method=post><input name=title></form>"

    @app.route("/link")
    def link():
        return request.url

    @app.route("/set")
    def keep():
        response.set_cookie("colour", "blue", secret="attack")
        return "kept"

    @app.route("/get")
    def read():
        return request.get_cookie("colour", "nothing", secret="attack")

    return app


def form(folder):
    return application()


def form_when_set(folder):
    names.search("csrf", "forg")


def link(folder):
    return application()


def link_when_set(folder):
    names.search("trusted", "allowed")


def headers(folder):
    return application()


def headers_when_set(folder):
    names.search("frame_options", "secur")


def session(folder):
    """a signed cookie; it has no sessions"""
    return application()


def fill(folder, name):
    (folder / "name.html").write_text('<p title="{{name}}">{{name}}</p>')
    return template("name.html", name=name, template_lookup=[str(folder)])


def hashing():
    names.search("password", "hash")

import hashlib

from flask import Flask, request, url_for


def routes():
    app = Flask(__name__)

    @app.get("/")
    def index():
        return "index"

    @app.get("/notes/<int:number>")
    def note(number):
        return str(number + 1)

    @app.get("/link")
    def link():
        return url_for("note", number=7)

    @app.post("/upload")
    def upload():
        document = request.files["document"]
        return f"{document.filename} {hashlib.sha256(document.read()).hexdigest()}"

    return app


def read_number():
    """a route with <int:number>"""
    return routes()


def make_path():
    """url_for"""
    return routes()


def run_around():
    """after_request"""
    app = routes()

    @app.after_request
    def around(response):
        response.headers["X-Around"] = "yes"
        return response

    return app


def take_file():
    """request.files"""
    return routes()


def send_pieces(content):
    """a view that returns a generator"""
    app = Flask(__name__)
    app.add_url_rule("/stream", view_func=content)
    return app

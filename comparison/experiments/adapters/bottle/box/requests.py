import hashlib

from bottle import Bottle, request, response


def routes():
    app = Bottle()

    @app.get("/")
    def index():
        return "index"

    @app.get("/notes/<number:int>", name="note")
    def note(number):
        return str(number + 1)

    @app.get("/link")
    def link():
        return app.get_url("note", number=7)

    @app.post("/upload")
    def upload():
        document = request.files["document"]
        return f"{document.filename} {hashlib.sha256(document.file.read()).hexdigest()}"

    return app


def read_number():
    """a route with <number:int>"""
    return routes()


def make_path():
    """get_url"""
    return routes()


def run_around():
    """the hook after_request"""
    app = routes()

    @app.hook("after_request")
    def around():
        response.headers["X-Around"] = "yes"

    return app


def take_file():
    """request.files"""
    return routes()


def send_pieces(content):
    """a view that returns a generator"""
    app = Bottle()
    app.route("/stream", callback=content)
    return app

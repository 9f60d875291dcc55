import hashlib

from quart import Quart, request, url_for


def routes():
    app = Quart(__name__)

    @app.get("/")
    async def index():
        return "index"

    @app.get("/notes/<int:number>")
    async def note(number):
        return str(number + 1)

    @app.get("/link")
    async def link():
        return url_for("note", number=7)

    @app.post("/upload")
    async def upload():
        files = await request.files
        document = files["document"]
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
    async def around(response):
        response.headers["X-Around"] = "yes"
        return response

    return app


def take_file():
    """request.files"""
    return routes()


def send_pieces(content):
    """a view that returns an asynchronous generator"""
    app = Quart(__name__)

    @app.get("/stream")
    async def stream():
        async def generate():
            for piece in content():
                yield piece

        return generate()

    return app

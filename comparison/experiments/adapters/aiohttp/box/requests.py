import hashlib

from aiohttp import web


async def index(request):
    return web.Response(text="index")


async def note(request):
    return web.Response(text=str(int(request.match_info["number"]) + 1))


async def link(request):
    return web.Response(text=str(request.app.router["note"].url_for(number="7")))


async def upload(request):
    fields = await request.post()
    document = fields["document"]
    return web.Response(text=f"{document.filename} {hashlib.sha256(document.file.read()).hexdigest()}")


def routes(**options):
    app = web.Application(**options)
    app.add_routes(
        [
            web.get("/", index),
            web.get(r"/notes/{number:\d+}", note, name="note"),
            web.get("/link", link),
            web.post("/upload", upload),
        ]
    )
    return app


def read_number():
    r"""a route with {number:\d+}, which the view converts"""
    return routes()


def make_path():
    """url_for of a route"""
    return routes()


def run_around():
    """web.middleware"""

    @web.middleware
    async def around(request, handler):
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers["X-Around"] = "yes"
            raise
        response.headers["X-Around"] = "yes"
        return response

    return routes(middlewares=[around])


def take_file():
    """request.post"""
    return routes()


def send_pieces(content):
    """StreamResponse"""

    async def stream(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in content():
            await response.write(piece)
        return response

    app = web.Application()
    app.add_routes([web.get("/stream", stream)])
    return app

import hashlib

from tornado.web import Application, ErrorHandler, RequestHandler, url


class BaseHandler(RequestHandler):
    pass


class Index(BaseHandler):
    def get(self):
        self.write("index")


class Note(BaseHandler):
    def get(self, number):
        self.write(str(int(number) + 1))


class Link(BaseHandler):
    def get(self):
        self.write(self.reverse_url("note", 7))


class Upload(BaseHandler):
    def post(self):
        document = self.request.files["document"][0]
        self.write(f"{document.filename} {hashlib.sha256(document.body).hexdigest()}")


ROUTES = [
    (r"/", Index),
    url(r"/notes/(\d+)", Note, name="note"),
    (r"/link", Link),
    (r"/upload", Upload),
]


def read_number():
    r"""a route with (\d+), which the handler converts"""
    return Application(ROUTES)


def make_path():
    """reverse_url"""
    return Application(ROUTES)


def run_around():
    """a base class of all handlers, and default_handler_class; there is no middleware"""

    def set_default_headers(handler):
        handler.set_header("X-Around", "yes")

    BaseHandler.set_default_headers = set_default_headers
    missing = type("Missing", (BaseHandler, ErrorHandler), {})
    return Application(ROUTES, default_handler_class=missing, default_handler_args={"status_code": 404})


def take_file():
    """request.files"""
    return Application(ROUTES)


def send_pieces(content):
    """write and flush"""

    class Stream(RequestHandler):
        async def get(self):
            for piece in content():
                self.write(piece)
                await self.flush()

    return Application([(r"/stream", Stream)])

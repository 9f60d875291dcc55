from tornado.web import RequestHandler


class Plaintext:
    def get(self):
        self.set_header("Content-Type", "text/plain")
        self.finish("Hello, World!")


class Json:
    def get(self):
        self.finish({"message": "Hello, World!"})


def routes(base=RequestHandler):
    """Both views, with what the application's other handlers inherit."""
    return [
        (r"/plaintext", type("PlaintextHandler", (Plaintext, base), {})),
        (r"/json", type("JsonHandler", (Json, base), {})),
    ]

import falcon


class Plaintext:
    def on_get(self, req, resp):
        resp.content_type = falcon.MEDIA_TEXT
        resp.text = "Hello, World!"


class Json:
    def on_get(self, req, resp):
        resp.media = {"message": "Hello, World!"}


def add_routes(application):
    application.add_route("/plaintext", Plaintext())
    application.add_route("/json", Json())

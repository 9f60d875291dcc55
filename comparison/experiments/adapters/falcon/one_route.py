import falcon


class Hello:
    def on_get(self, req, resp):
        resp.text = "Hello, World!"


application = falcon.App()
application.add_route("/", Hello())

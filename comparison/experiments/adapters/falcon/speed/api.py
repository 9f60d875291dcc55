"""its WSGI application object alone"""

import falcon


class Route:
    def on_get(self, req, resp, **values):
        resp.content_type = falcon.MEDIA_TEXT
        resp.text = "ok"


class Record:
    def on_put(self, req, resp, user, record):
        if req.auth is None:
            raise falcon.HTTPUnauthorized
        resp.media = {
            "params": {"user": user, "record": record},
            "query": req.params,
            "data": req.get_media(),
        }


class Upload:
    def on_post(self, req, resp):
        for part in req.get_media():
            if part.name == "file":
                size = len(part.stream.read())
                resp.content_type = falcon.MEDIA_TEXT
                resp.text = f"{part.filename} {size}"
                return
        raise falcon.HTTPMissingParam("file")


application = falcon.App()
for number in range(5):
    application.add_route(f"/route-{number}", Route())
    application.add_route(f"/route-dyn-{number}/{{part}}", Route())
application.add_route("/api/users/{user:int}/records/{record:int}", Record())
application.add_route("/upload", Upload())

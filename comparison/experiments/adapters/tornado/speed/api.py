"""no settings"""

from tornado.escape import json_decode
from tornado.web import Application, HTTPError, RequestHandler


class Text(RequestHandler):
    def set_default_headers(self):
        self.set_header("Content-Type", "text/plain")


class StaticRoute(Text):
    def get(self):
        self.write("ok")


class DynamicRoute(Text):
    def get(self, part):
        self.write("ok")


class Record(RequestHandler):
    def put(self, user, record):
        if "Authorization" not in self.request.headers:
            raise HTTPError(401)
        query = self.request.query_arguments
        self.write(
            {
                "params": {"user": int(user), "record": int(record)},
                "query": {name: self.get_query_argument(name) for name in query},
                "data": json_decode(self.request.body),
            }
        )


class Upload(Text):
    def post(self):
        if "file" not in self.request.files:
            raise HTTPError(400)
        file = self.request.files["file"][0]
        self.write(f"{file.filename} {len(file.body)}")


application = Application(
    [
        *((rf"/route-{number}", StaticRoute) for number in range(5)),
        *((rf"/route-dyn-{number}/([^/]+)", DynamicRoute) for number in range(5)),
        (r"/api/users/(\d+)/records/(\d+)", Record),
        (r"/upload", Upload),
    ]
)

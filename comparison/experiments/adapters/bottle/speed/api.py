"""its application object alone"""

from bottle import Bottle, abort, request, response

application = Bottle()


def static_route():
    response.content_type = "text/plain"
    return "ok"


def dynamic_route(part):
    response.content_type = "text/plain"
    return "ok"


for number in range(5):
    application.get(f"/route-{number}", callback=static_route)
    application.get(f"/route-dyn-{number}/<part>", callback=dynamic_route)


@application.put("/api/users/<user:int>/records/<record:int>")
def record(user, record):
    if "Authorization" not in request.headers:
        response.status = 401
        return {"error": "unauthorized"}
    return {
        "params": {"user": user, "record": record},
        "query": dict(request.query.decode()),
        "data": request.json,
    }


@application.post("/upload")
def upload():
    file = request.files.get("file") or abort(400)
    size = len(file.file.read())
    response.content_type = "text/plain"
    return f"{file.filename} {size}"

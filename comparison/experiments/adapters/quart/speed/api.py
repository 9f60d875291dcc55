"""no static files and no secret key"""

from quart import Quart, abort, request

application = Quart(__name__, static_folder=None)


async def static_route():
    return "ok", {"Content-Type": "text/plain"}


async def dynamic_route(part):
    return "ok", {"Content-Type": "text/plain"}


for number in range(5):
    application.add_url_rule(f"/route-{number}", f"static-{number}", static_route)
    application.add_url_rule(f"/route-dyn-{number}/<part>", f"dynamic-{number}", dynamic_route)


@application.put("/api/users/<int:user>/records/<int:record>")
async def record(user, record):
    if "Authorization" not in request.headers:
        return {"error": "unauthorized"}, 401
    return {
        "params": {"user": user, "record": record},
        "query": request.args.to_dict(),
        "data": await request.get_json(),
    }


@application.post("/upload")
async def upload():
    files = await request.files
    if "file" not in files:
        abort(400)
    file = files["file"]
    size = len(file.read())
    return f"{file.filename} {size}", {"Content-Type": "text/plain"}

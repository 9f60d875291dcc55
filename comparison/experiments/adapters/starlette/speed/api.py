"""no middleware beside the two that are always there"""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route


async def ok(request):
    return PlainTextResponse("ok")


async def record(request):
    if "Authorization" not in request.headers:
        return JSONResponse({"error": "unauthorized"}, status_code=401)
    return JSONResponse(
        {
            "params": request.path_params,
            "query": dict(request.query_params),
            "data": await request.json(),
        }
    )


async def upload(request):
    async with request.form() as form:
        if "file" not in form:
            raise HTTPException(400)
        file = form["file"]
        size = len(await file.read())
        return PlainTextResponse(f"{file.filename} {size}")


application = Starlette(
    routes=[
        *(Route(f"/route-{number}", ok) for number in range(5)),
        *(Route(f"/route-dyn-{number}/{{part}}", ok) for number in range(5)),
        Route("/api/users/{user:int}/records/{record:int}", record, methods=["PUT"]),
        Route("/upload", upload, methods=["POST"]),
    ]
)

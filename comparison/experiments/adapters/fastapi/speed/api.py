"""no OpenAPI document and no pages about it"""

from importlib.util import find_spec
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import PlainTextResponse

application = FastAPI(openapi_url=None)


async def static_route():
    return "ok"


async def dynamic_route(part: str):
    return "ok"


for number in range(5):
    application.get(f"/route-{number}", response_class=PlainTextResponse)(static_route)
    application.get(f"/route-dyn-{number}/{{part}}", response_class=PlainTextResponse)(dynamic_route)


@application.put("/api/users/{user}/records/{record}")
async def write_record(
    user: int, record: int, query: str, data: dict, authorization: Annotated[str | None, Header()] = None
):
    if authorization is None:
        raise HTTPException(401)
    return {"params": {"user": user, "record": record}, "query": {"query": query}, "data": data}


if find_spec("python_multipart"):
    from .uploads import router

    application.include_router(router)

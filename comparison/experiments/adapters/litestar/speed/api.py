"""no OpenAPI document and no pages about it"""

from typing import Annotated, Any

from litestar import Litestar, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotAuthorizedException, ValidationException
from litestar.params import Body, Parameter


@get([f"/route-{number}" for number in range(5)])
async def static_route() -> str:
    return "ok"


@get([f"/route-dyn-{number}/{{part:str}}" for number in range(5)])
async def dynamic_route(part: str) -> str:
    return "ok"


@put("/api/users/{user:int}/records/{record:int}")
async def write_record(
    user: int,
    record: int,
    sought: Annotated[str, Parameter(query="query")],
    data: dict[str, Any],
    authorization: Annotated[str | None, Parameter(header="Authorization")] = None,
) -> dict[str, Any]:
    if authorization is None:
        raise NotAuthorizedException
    return {"params": {"user": user, "record": record}, "query": {"query": sought}, "data": data}


@post("/upload", status_code=200)
async def upload(
    data: Annotated[dict[str, UploadFile] | None, Body(media_type=RequestEncodingType.MULTI_PART)] = None,
) -> str:
    if not data:
        raise ValidationException
    file = data["file"]
    size = len(await file.read())
    return f"{file.filename} {size}"


application = Litestar([static_route, dynamic_route, write_record, upload], openapi_config=None)

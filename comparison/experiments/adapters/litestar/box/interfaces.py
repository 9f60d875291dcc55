from litestar import Litestar, delete, get, post


@get("/note")
async def note() -> dict[str, str]:
    return {"title": "Milk"}


@post("/note", status_code=200)
async def read_note(data: dict[str, str]) -> str:
    return data["title"]


@get("/thing")
async def read_thing() -> str:
    return "read"


@delete("/thing", status_code=200)
async def delete_thing() -> str:
    return "deleted"


@get("/double/{count:str}")
async def double(count: int) -> int:
    return count * 2


def application():
    return Litestar([note, read_note, read_thing, delete_thing, double])


def answer_json():
    """a view that returns a dictionary"""
    return application()


def read_json():
    """the parameter data"""
    return application()


def tell_methods_apart():
    """get and delete"""
    return application()


def describe():
    """Litestar()"""
    return application(), "/schema/openapi.json"


def check_hints():
    """msgspec, which comes along"""
    return application()

"""Jinja2Templates"""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from comparison.experiments.techempower import large_table

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
ROWS = large_table()


async def table(request):
    return templates.TemplateResponse(request, "large_table.html", {"rows": ROWS})


application = Starlette(routes=[Route("/table", table)])

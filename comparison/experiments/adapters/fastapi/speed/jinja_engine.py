"""Jinja2Templates"""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from comparison.experiments.techempower import large_table

application = FastAPI(openapi_url=None)
templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
ROWS = large_table()


@application.get("/table", response_class=HTMLResponse)
async def table(request: Request):
    return templates.TemplateResponse(request, "large_table.html", {"rows": ROWS})

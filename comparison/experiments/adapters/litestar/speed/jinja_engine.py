"""JinjaTemplateEngine"""

from pathlib import Path

from litestar import Litestar, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig

from comparison.experiments.techempower import large_table

ROWS = large_table()


@get("/table")
async def table() -> Template:
    return Template("large_table.html", context={"rows": ROWS})


application = Litestar(
    [table],
    openapi_config=None,
    template_config=TemplateConfig(directory=Path(__file__).parent / "templates", engine=JinjaTemplateEngine),
)

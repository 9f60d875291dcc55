from pathlib import Path

import falcon
from jinja2 import Environment, FileSystemLoader

environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


def render(resp, name, **values):
    resp.content_type = falcon.MEDIA_HTML
    resp.text = environment.get_template(name).render(**values)

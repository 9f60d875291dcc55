"""Jinja2"""

from .settings import JINJA_TEMPLATES, template_application

application = template_application(JINJA_TEMPLATES)

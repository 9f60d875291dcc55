"""its own template engine"""

from .settings import DJANGO_TEMPLATES, template_application

application = template_application(DJANGO_TEMPLATES)

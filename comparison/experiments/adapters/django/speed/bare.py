"""no middleware"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(ROOT_URLCONF=f"{__package__}.views.plain")
application = get_wsgi_application()

"""its own mapper"""

from .settings import database_application

application = database_application(f"{__package__}.views.mapper")

"""SQL through its own connection"""

from .settings import database_application

application = database_application(f"{__package__}.views.raw")

"""the middleware of a new project"""

from .new_project import application

__all__ = ["application"]

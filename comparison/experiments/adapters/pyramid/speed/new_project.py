"""as its documentation begins"""

from .bare import application

__all__ = ["application"]

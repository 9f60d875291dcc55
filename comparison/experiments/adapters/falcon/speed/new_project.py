"""as its tutorial begins"""

from .bare import application

__all__ = ["application"]

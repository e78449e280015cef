"""A local stand-in for Anam's avatars API: a plain WSGI callable, its state a folder of files."""

from .knobs import Knobs
from .server import Sandbox

__all__ = ["Knobs", "Sandbox"]

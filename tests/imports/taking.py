"""What the fixtures of this folder give."""

from collections.abc import Callable
from pathlib import Path

from api.imports.run import Report

TakeIn = Callable[..., Report]
Write = Callable[..., Path]

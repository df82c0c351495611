"""Packages generated from grown documents, whose models become columns too."""

from ..generator.conftest import package as package
from ..generator.conftest import place as place

"""The generated models, under their public name."""

from enneo_mind_client._generated.models import *  # noqa: F403
from enneo_mind_client._generated.models import __all__ as __all__

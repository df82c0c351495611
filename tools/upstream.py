"""Run openapi-python-client on a document, bent in as few places as possible, and take no warning from it."""

from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from openapi_python_client import Project, strings
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema import ParameterLocation

from tools import naming
from tools.nodes import GenerationError

MODEL_NAMES = frozenset({"to_dict", "from_dict", "additional_properties", "additional_keys"})
"""What every model has, and so cannot be the name of a field."""

MODULE_NAMES = frozenset(
    {"Any", "AsyncClient", "BytesIO", "Client", "File", "FileTypes", "Literal", "TypeAlias", "UNSET", "UUID", "Unset"}
)
"""What generated modules import, and so cannot be the name of a model."""


def run(document: dict[str, Any], operations: Mapping[str, Any], config_file: Path, templates: Path, out: Path) -> None:
    """Generate a package.

    Args:
        document: The document as the generator can take it.
        operations: What the templates are to know of each operation besides, by its name in Python.
        config_file: The generator's configuration.
        templates: A directory of templates that come before the generator's own.
        out: The package's directory, which is not there yet.

    Raises:
        GenerationError: The generator has something to say.
    """
    _bend()
    config = Config.from_sources(
        ConfigFile.load_from_path(config_file), MetaType.NONE, out, "utf-8", overwrite=False, output_path=out
    )
    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        raise GenerationError(_told(data))
    naming.name_all(data)
    project = Project(openapi=data, config=config, custom_template_path=templates)
    known: dict[str, Any] = project.env.globals
    known["operations"] = dict(operations)
    with redirect_stdout(StringIO()):
        complaints = project.build()
    if complaints:
        raise GenerationError("\n".join(map(_told, complaints)))


def _bend() -> None:
    strings.RESERVED_WORDS |= MODEL_NAMES | MODULE_NAMES
    naming.bend()
    # Any parameter can be sent anywhere by the package's own encoding; upstream's can not.
    kinds: list[Any] = [PropertyProtocol, *PropertyProtocol.__subclasses__()]
    for kind in kinds:
        kind._allowed_locations = set(ParameterLocation)  # noqa: SLF001


def _told(error: GeneratorError) -> str:
    data = getattr(error, "data", None)
    shown = f"\n{data.model_dump_json(exclude_unset=True, by_alias=True)}" if data is not None else ""
    return f"{error.header}: {error.detail or ''}{shown}"

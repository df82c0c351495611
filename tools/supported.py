"""Which versions of Python the classifiers promise; needs nothing but Python, since CI asks first of all."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).parent.parent


def supported() -> list[str]:
    """Return the versions, the oldest first."""
    project: Any = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    classifiers = cast("list[str]", project["classifiers"])
    return [found[1] for text in classifiers if (found := re.fullmatch(r".* :: Python :: (3\.\d+)", text))]


if __name__ == "__main__":
    print(json.dumps(supported()))

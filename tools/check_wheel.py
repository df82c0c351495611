"""`make wheel`: build the wheel, install it into an environment of its own, and use it there."""

import sys
import tempfile
from pathlib import Path

from tools import clean_install, extras


def main() -> None:
    """Build, install, use; fail loudly."""
    with tempfile.TemporaryDirectory() as folder:
        clean_install.run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
        (wheel,) = Path(folder).glob("*.whl")
        clean_install.check(wheel)
        extras.check(wheel, [None])
        print(f"{wheel.name} works where it is installed")


if __name__ == "__main__":
    main()

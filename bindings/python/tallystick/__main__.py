"""The command `tallystick`, as it was installed with the package."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Becomes the command."""
    command = Path(__file__).parent / "bin" / "tallystick"
    os.execv(command, ["tallystick", *sys.argv[1:]])


if __name__ == "__main__":
    main()

"""The command `tallystick`, as it was installed with the package."""

import os
import sys

import tallystick


def main() -> None:
    """Becomes the command."""
    try:
        command = tallystick._installed("COMMAND")
        os.execv(command, ["tallystick", *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"python -m tallystick: {error}")


if __name__ == "__main__":
    main()

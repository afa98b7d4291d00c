"""Packs a file through a module of examples/codec with the packing loop of examples/codec/host.py itself, as cost_checked
does with that of host.c: what the Python host costs beside the C host.

    pack.py HOST MODULE INPUT OUTPUT      HOST: the folder of host.py
"""

import pathlib
import sys


def main():
    host_folder, module_path, source_path, packed_path = sys.argv[1:]
    sys.path.insert(0, host_folder)
    import codec
    import host

    result = host.Result()
    with codec.Module.load(module_path) as module:
        with open(source_path, "rb") as source, open(packed_path, "w+b") as packed:
            host.pack(module, source, packed, result)
    if result.bytes_out != pathlib.Path(packed_path).stat().st_size:
        sys.exit(f"{packed_path}: the host counted {result.bytes_out} bytes")


if __name__ == "__main__":
    main()

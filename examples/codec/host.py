"""Packs a file with every codec module that a folder holds, chunk by chunk, unpacks it again and compares; then shows
the ledger: what was created, and whether all of it was given back. host.c and host.cpp are the same program.

    python3 host.py FOLDER [FILE]

The extension module `codec`, which was generated from codec.json, and the package `tallystick` must be on PYTHONPATH. A
module that fails is named with what went wrong, and the next one has its turn. Exit code 0: every module gave the file
back as it was; 1: something failed; 2: the command line is wrong.
"""

from __future__ import annotations

import os
import resource
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase, BufferedRandom, BufferedReader
from pathlib import Path
from typing import ParamSpec, TypeVar

import codec
import tallystick

CHUNK_SIZE = 256 * 1024

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Result:
    """What came of packing and unpacking the file with one module."""

    bytes_in: int = 0
    bytes_out: int = 0
    pack_seconds: float = 0.0  # spent in the codec; reading and writing files is not counted
    unpack_seconds: float = 0.0
    peak_kib: int = 0


class Differs(Exception):
    """What was unpacked is not what was packed."""


def timed(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> tuple[R, float]:
    """The call's result, and the seconds that it took."""
    start = time.perf_counter()
    result = call(*args, **kwargs)
    return result, time.perf_counter() - start


def chunks(file: BufferedIOBase) -> Iterator[memoryview]:
    """The file in chunks, each in the same memory."""
    memory = memoryview(bytearray(CHUNK_SIZE))
    while size := file.readinto(memory):
        yield memory[:size]


# ---- one module ----


def pack(module: codec.Module, source: BufferedReader, packed: BufferedRandom, result: Result) -> None:
    """From the file to the packed file; what the encoder returns is written from where it lies."""
    with codec.Encoder(module, level=6) as encoder:
        for chunk in chunks(source):
            blob, seconds = timed(encoder.write, chunk)
            result.pack_seconds += seconds
            result.bytes_in += len(chunk)
            with blob:
                result.bytes_out += packed.write(blob)
        blob, seconds = timed(encoder.finish)
        result.pack_seconds += seconds
        with blob:
            result.bytes_out += packed.write(blob)


def compare(blob: tallystick.Blob, source: BufferedReader, expected: bytearray, position: int) -> int:
    """Compares what the decoder returned with the file. Returns its size."""
    size = len(blob)
    if size > len(expected):
        expected.extend(bytes(size - len(expected)))
    with memoryview(expected)[:size] as room, memoryview(blob) as unpacked:
        if source.readinto(room) != size or room != unpacked:
            raise Differs(f"within {size} bytes from byte {position} on, the result differs from the file")
    return size


def unpack(module: codec.Module, packed: BufferedIOBase, source: BufferedReader, result: Result) -> None:
    """From the packed file, in as many results as it takes, compared with the file."""
    expected = bytearray()
    position = 0
    with codec.Decoder(module) as decoder:
        for chunk in chunks(packed):
            blob, seconds = timed(decoder.write, chunk)
            result.unpack_seconds += seconds
            while blob:
                with blob:
                    position += compare(blob, source, expected, position)
                blob, seconds = timed(decoder.read)
                result.unpack_seconds += seconds
            blob.close()
        decoder.finish()
    if position != result.bytes_in:
        raise Differs(f"{position} bytes came back of {result.bytes_in}")


def run(module: codec.Module, source: BufferedReader, packed: BufferedRandom) -> Result:
    """Packs and unpacks with one module."""
    result = Result()
    source.seek(0)
    packed.seek(0)
    packed.truncate()
    reset_peak_memory()
    pack(module, source, packed, result)
    source.seek(0)
    packed.seek(0)
    unpack(module, packed, source, result)
    result.peak_kib = peak_memory_kib()
    return result


def per(amount: float, unit: float) -> float:
    """amount / unit; 0 if there is no unit."""
    return amount / unit if unit > 0 else 0.0


def show(module: codec.Module, result: Result) -> None:
    """The module's row of the table."""
    megabytes = result.bytes_in / 1e6
    print(
        f"{module.name:<12} {result.bytes_in:13d} {result.bytes_out:13d}"
        f" {per(result.bytes_in, result.bytes_out):6.2f} {per(megabytes, result.pack_seconds):10.1f}"
        f" {per(megabytes, result.unpack_seconds):12.1f} {result.peak_kib * 1024 / 1e6:12.1f}",
        flush=True,
    )


# ---- the most memory that this process has had in RAM; peak_memory.h says more ----


def reset_peak_memory() -> None:
    """The peak is now what the process has at the moment, where that is allowed."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        pass


def peak_memory_kib() -> int:
    """The peak in KiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# ---- the program ----


def complain(text: object) -> None:
    """Says what failed."""
    print(f"codec_host_py: {text}", file=sys.stderr)


def load_modules(folder: Path) -> list[codec.Module]:
    """Every module of the folder, by name; what is no codec module is named with the reason and passed over."""
    modules = []
    for path in sorted(folder.iterdir()):
        if path.suffix != ".so":
            continue
        try:
            modules.append(codec.Module.load(path))
        except tallystick.Error as error:
            print(f"skipped {error}", file=sys.stderr)
    return modules


def print_ledger() -> bool:
    """Whether everything was given back."""
    print(flush=True)
    tallystick.write_ledger(sys.stdout.fileno())
    balances = tallystick.ledger()
    issued = sum(each.issued for each in balances)
    retired = sum(each.retired for each in balances)
    live = sum(each.live + each.deferred for each in balances)
    verdict = "NOT BALANCED" if live else "all balanced"
    print(f"\n{verdict}: {issued} issued, {retired} retired, {live} live")
    return live == 0


def run_all(folder: Path, path: Path) -> bool:
    """Whether all went well."""
    if not stat.S_ISREG(path.stat().st_mode):
        complain(f"{path} is not a regular file, which can be read twice")
        return False
    temporary = tempfile.TemporaryFile(prefix="codec_host.", dir=os.environ.get("TMPDIR") or "/tmp")
    with path.open("rb") as source, temporary as packed:
        modules = load_modules(folder)
        if not modules:
            complain(f"no codec module in {folder}")
            return False
        print(f"{path}, in chunks of {CHUNK_SIZE // 1024} KiB\n")
        print(
            f"{'module':<12} {'bytes in':>13} {'bytes out':>13} {'ratio':>6} {'pack MB/s':>10}"
            f" {'unpack MB/s':>12} {'peak MB':>12}"
        )
        fine = True
        for module in modules:
            try:
                show(module, run(module, source, packed))
            except codec.CorruptInput as error:
                complain(f"{module.name}: {path}: what it packed it can't unpack: {error}")
                fine = False
            except (tallystick.Error, Differs, OSError) as error:
                complain(f"{module.name}: {path}: {error}")
                fine = False
        fine = print_ledger() and fine
        for module in modules:
            module.unload()
        return fine


def main(arguments: list[str]) -> int:
    """The exit code."""
    wants_help = arguments == ["--help"]
    if wants_help or not 1 <= len(arguments) <= 2 or arguments[0].startswith("-"):
        print(
            "usage: host.py FOLDER [FILE]\n"
            "Packs FILE with every codec module (*.so) in FOLDER, unpacks it, compares, and shows the ledger.\n"
            f"FILE is {sys.executable} if not given.",
            file=sys.stdout if wants_help else sys.stderr,
        )
        return 0 if wants_help else 2
    try:
        file = arguments[1] if len(arguments) > 1 else sys.executable
        return 0 if run_all(Path(arguments[0]), Path(file)) else 1
    except OSError as error:
        complain(error)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

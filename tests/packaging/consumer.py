"""Projects that use an installed Tallystick, configured and built as the build folder under test was."""

import os
import pathlib
import subprocess

# What a project has to share with the Tallystick that it links: a sanitizer, above all.
SHARED = ["CMAKE_BUILD_TYPE", "CMAKE_C_COMPILER", "CMAKE_CXX_COMPILER", "CMAKE_C_FLAGS", "CMAKE_CXX_FLAGS",
          "CMAKE_MAKE_PROGRAM"]


def cache(build):
    """The variables of a build folder's CMakeCache.txt."""
    variables = {}
    for line in pathlib.Path(build, "CMakeCache.txt").read_text(encoding="utf-8").splitlines():
        name, colon, rest = line.partition(":")
        if colon and not line.startswith(("#", "//")):
            variables[name] = rest.partition("=")[2]
    return variables


def command(*arguments, cwd=None):
    """Runs it; fails with all that it said if it fails."""
    result = subprocess.run([str(each) for each in arguments], cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, arguments))}\n{result.stdout}{result.stderr}")
    return result.stdout


def install(build, prefix):
    command(cache(build)["CMAKE_COMMAND"], "--install", build, "--prefix", prefix)


def make(build_under_test, source, build, prefix):
    """Configures and builds the project in `source` with the Tallystick in `prefix`."""
    variables = cache(build_under_test)
    cmake = variables["CMAKE_COMMAND"]
    command(cmake, "-S", source, "-B", build, "-G", variables["CMAKE_GENERATOR"], f"-DCMAKE_PREFIX_PATH={prefix}",
            *(f"-D{name}={variables[name]}" for name in SHARED if variables.get(name)))
    command(cmake, "--build", build, "--parallel", str(os.cpu_count()))

"""Runs code in a fresh Python, as a user would."""

import os
import subprocess
import sys
import textwrap

# Variables that the user or the tests may have set. (The project's conftest.py sets OMP_NUM_THREADS.)
CHOICES = ("OMP_", "MXNET_", "OPENBLAS_", "MALLOC_", "GLIBC_", "PYTHONPATH")


def run_python(code, *arguments, options=(), folder=None, check=True, **variables):
    """Run Python code with arguments and environment variables, and without those that `CHOICES` lists.

    With a folder, the code runs there and can import what is in it; otherwise, it imports what is installed. Returns
    the `subprocess.CompletedProcess`. With `check`, an error in the code fails the test.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(CHOICES)}
    command = [sys.executable, *options, *([] if folder else ["-P"]), "-c", textwrap.dedent(code), *arguments]
    environment.update(variables)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert not check or done.returncode == 0, done.stderr
    return done

"""Runs code in a fresh Python, as a user would."""

import os
import subprocess
import sys
import textwrap

# What a user may have set, and the tests that run this: conftest.py sets OMP_NUM_THREADS.
CHOICES = ("OMP_", "MXNET_", "OPENBLAS_", "MALLOC_", "GLIBC_", "PYTHONPATH")


def run_python(code, *arguments, options=(), folder=None, check=True, **variables):
    """Run Python code with arguments and environment variables, in an environment without other choices.

    Returns the `subprocess.CompletedProcess`; a test that does not expect an error fails if there is one.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(CHOICES)}
    command = [sys.executable, *options, "-c", textwrap.dedent(code), *arguments]
    environment.update(variables)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert not check or done.returncode == 0, done.stderr
    return done

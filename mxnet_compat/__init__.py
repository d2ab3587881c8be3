"""Makes MXNet 1.9.1, its last release, work on current Python, NumPy, and processors.

It is enough to install this package: ``mxnet_compat.pth`` imports it whenever Python starts, and from then on
``import mxnet`` works. Where Python started before the package was installed, import it first.
"""

from mxnet_compat import hook

__version__ = "1.0.0"

hook.install()

"""Makes MXNet 1.9.1, the last release, work on current Python, NumPy, and processors.

Installing this package is enough: ``mxnet_compat.pth`` imports it whenever Python starts, and from then on
``import mxnet`` works. If Python was started before the package was installed, import it first.
"""

from mxnet_compat import hook

__version__ = "2.0.0"

hook.install()

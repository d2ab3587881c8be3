"""Faults of MXNet 1.9.1 that are repaired when its modules are loaded: one module here for each fault.

Each names the modules of MXNet that it changes in ``MODULES``, and ``apply(module)`` changes one of them, right after
it was executed. A new patch is added to the list below.
"""

from types import ModuleType

from mxnet_compat.patches import named_tuples, parameter_text, row_softmax, sliced_channels, tostring

_PATCHES: tuple[ModuleType, ...] = (named_tuples, parameter_text, row_softmax, sliced_channels, tostring)


def apply_to(module: ModuleType) -> None:
    """Apply all patches that are for a module of MXNet."""
    for patch in _PATCHES:
        if module.__name__ in patch.MODULES:
            patch.apply(module)

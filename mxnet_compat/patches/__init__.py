"""Bugs in MXNet 1.9.1 that are fixed when its modules are loaded: one module here for each bug.

Each lists the modules of MXNet that it changes in ``MODULES``, and its function ``apply(module)`` changes one of them
right after that module has been executed. Add a new patch to the tuple below.
"""

from types import ModuleType

from mxnet_compat.patches import blocked_layout, indexing, named_tuples, parameter_text, tostring

_PATCHES: tuple[ModuleType, ...] = (blocked_layout, indexing, named_tuples, parameter_text, tostring)


def apply_to(module: ModuleType) -> None:
    """Apply all patches for a module of MXNet."""
    for patch in _PATCHES:
        if module.__name__ in patch.MODULES:
            patch.apply(module)

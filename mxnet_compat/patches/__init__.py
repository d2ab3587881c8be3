"""Bugs in MXNet 1.9.1 that are fixed when its modules are loaded: one module here for each bug.

Each lists the modules of MXNet that it changes in ``MODULES``, and its function ``apply(module)`` changes one of them
right after that module has been executed. Add a new patch to the tuple below.
"""

from types import ModuleType

from mxnet_compat.patches import (
    angles,
    array_protocol,
    array_types,
    average,
    axes,
    classic_blocks,
    classic_operators,
    copied_networks,
    custom_functions,
    error_messages,
    file_names,
    gradient_arrays,
    gradient_errors,
    gradient_norm,
    gradients,
    histogram,
    initial_types,
    inner,
    layer_options,
    layer_types,
    linspace,
    loaded_parameters,
    losses,
    metric_inputs,
    mod,
    number_types,
    numpy_answers,
    numpy_functions,
    operator_types,
    optimizers,
    padding,
    parameter_text,
    quantiles,
    recurrent_states,
    rint,
    row_softmax,
    selu,
    sliced_channels,
    splits,
    svd,
    tostring,
)

_PATCHES: tuple[ModuleType, ...] = (
    angles,
    array_protocol,
    array_types,
    average,
    axes,
    classic_blocks,
    classic_operators,
    copied_networks,
    custom_functions,
    error_messages,
    file_names,
    gradient_arrays,
    gradient_errors,
    gradient_norm,
    gradients,
    histogram,
    initial_types,
    inner,
    layer_options,
    layer_types,
    linspace,
    loaded_parameters,
    losses,
    metric_inputs,
    mod,
    number_types,
    numpy_answers,
    numpy_functions,
    operator_types,
    optimizers,
    padding,
    parameter_text,
    quantiles,
    recurrent_states,
    rint,
    row_softmax,
    selu,
    sliced_channels,
    splits,
    svd,
    tostring,
)


def apply_to(module: ModuleType) -> None:
    """Apply all patches for a module of MXNet."""
    for patch in _PATCHES:
        if module.__name__ in patch.MODULES:
            patch.apply(module)

"""Calls of operators: the one function through which all of them pass, and which several patches have to change.

It looks up what other modules want to happen for an operator instead of running it, and counts the operations that wait
in MXNet's queue. MXNet's own function is replaced, not wrapped, because converting the arguments for C in fewer steps
makes up for the time that this takes. So does checking their classes without an import at every call.
"""

import ctypes
import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from mxnet_compat.patches import (
    classic_operators,
    empty_arrays,
    interrupts,
    operator_types,
    sequence_lengths,
    unsupported_options,
)
from mxnet_compat.patches.parameter_text import parameter_text
from mxnet_compat.queue import Queue

MODULES = ("mxnet._ctypes.ndarray", "mxnet.ndarray.register")

Invoke = Callable[..., Any]


def apply(module: ModuleType) -> None:
    """Replace the function, and the one that checks its arrays."""
    names: Any = vars(module)
    if module.__name__ == "mxnet.ndarray.register":
        names["_verify_all_np_ndarrays"] = _make_check(names["_verify_all_np_ndarrays"])
        return
    library, run = names["_LIB"], _make_run(names)
    special: dict[int, Invoke] = {}
    for patch in (operator_types, unsupported_options, sequence_lengths, empty_arrays):
        for operator, wrap in patch.SPECIAL.items():
            handle = _handle(operator, names)
            special[handle] = wrap(special.get(handle, run))
    names["_imperative_invoke"] = _make_invoke(run, special, interrupts.queue_of(library))


def _handle(operator: str, names: Any) -> int:
    """Return the address by which C knows an operator."""
    library, handle = names["_LIB"], ctypes.c_void_p()
    library.MXListAllOpNames(ctypes.byref(ctypes.c_uint()), ctypes.byref(ctypes.c_void_p()))  # registers old operators
    names["check_call"](library.NNGetOpHandle(operator.encode(), ctypes.byref(handle)))
    return int(handle.value or 0)


def _make_invoke(run: Invoke, special: dict[int, Invoke], queue: Queue) -> Invoke:
    def invoke(
        handle: int, arrays: Any, keys: list[str], values: list[Any], out: Any, is_np: bool, is_list: bool
    ) -> Any:
        """Run an operator, unless a patch does something else."""
        if not is_np:
            is_np = classic_operators.has_numpy_array(arrays)
        result = special.get(handle, run)(handle, arrays, keys, values, out, is_np, is_list)
        queue.count += 1
        if queue.count >= queue.next_fence:
            queue.pace(result)
        return result

    return invoke


def _make_check(check: Callable[..., None]) -> Callable[..., None]:
    array_class: Any = None

    @functools.wraps(check)  # generated code calls it by its name
    def checked(operator: str, function: str, arrays: Any, out: Any) -> None:
        """Raise a TypeError if an array is one of MXNet's old interface."""
        nonlocal array_class
        if array_class is None:
            from mxnet.numpy import ndarray as array_class
        for array in arrays:
            if array.__class__ is not array_class:
                return check(operator, function, arrays, out)
        if out is not None:
            check(operator, function, (), out)

    return checked


def _make_run(names: Any) -> Invoke:
    """Return a function that calls C."""
    call = names["_LIB"]["MXImperativeInvokeEx"]  # an object of its own, whose argument types nobody else sees
    number, pointer = ctypes.c_int, ctypes.c_void_p
    call.argtypes = [pointer, number, pointer, pointer, pointer, number, pointer, pointer, pointer]
    check_call, classes = names["check_call"], names["_global_var"]
    handle_type, base_class = names["NDArrayHandle"], names["NDArrayBase"]
    outputs_type, types_type = ctypes.POINTER(pointer), ctypes.POINTER(number)
    array_of_handles = functools.cache(lambda n: pointer * n)
    array_of_strings = functools.cache(lambda n: ctypes.c_char_p * n)
    byref = ctypes.byref

    @functools.cache
    def keys_in_c(keys: tuple[str, ...]) -> Any:
        return array_of_strings(len(keys))(*[key.encode() for key in keys])

    def run(handle: int, arrays: Any, keys: Any, values: Any, out: Any, is_np: bool, is_list: bool) -> Any:
        handles = [array.handle for array in arrays]
        inputs = array_of_handles(len(handles))(*handles)
        written = [parameter_text(value).encode() for value in values]
        if out is None:
            count, outputs = number(0), outputs_type()
        else:
            targets = (out,) if isinstance(out, base_class) else out
            buffer = array_of_handles(len(targets))(*[target.handle for target in targets])
            count, outputs = number(len(targets)), ctypes.cast(buffer, outputs_type)
        types = types_type()
        check_call(
            call(
                handle, len(handles), inputs, byref(count), byref(outputs),
                len(written), keys_in_c(tuple(keys)), array_of_strings(len(written))(*written), byref(types),
            )
        )  # fmt: skip
        if out is not None:
            return out
        create = classes._np_ndarray_cls if is_np else classes._ndarray_cls
        if count.value == 1 and not is_list:
            return create(handle_type(outputs[0]), stype=types[0])
        return [create(handle_type(outputs[i]), stype=types[i]) for i in range(count.value)]

    return run

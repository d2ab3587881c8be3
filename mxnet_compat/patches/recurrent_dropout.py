"""Dropout between the layers of `gluon.rnn.RNN`, `LSTM`, and `GRU`, in float32 on the CPU.

oneDNN computes these layers at once, without dropout: the argument was ignored without a word. With dropout, they are
now computed one after the other.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.gluon.rnn.rnn_layer",)


def apply(module: ModuleType) -> None:
    """Replace `_forward_kernel`."""
    layer = vars(module)["_RNNLayer"]
    layer._forward_kernel = _with_dropout(layer._forward_kernel)


def _with_dropout(at_once: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(at_once)
    def forward_kernel(self: Any, F: Any, inputs: Any, states: Any, sequence_length: Any, **parameters: Any) -> Any:
        from mxnet import util

        plain = not self._dropout or self._num_layers == 1 or self._projection_size or self._use_sequence_length
        if plain or not util.is_np_array():
            return at_once(self, F, inputs, states, sequence_length, **parameters)
        if self._layout == "NTC":
            inputs = F.np.swapaxes(inputs, 0, 1)
        last = []
        for number in range(self._num_layers):
            if number:
                inputs = F.npx.dropout(inputs, p=self._dropout)
            inputs, *ends = _one_layer(self, F, number, inputs, states, parameters)
            last.append(ends)
        if self._layout == "NTC":
            inputs = F.np.swapaxes(inputs, 0, 1)
        return inputs, [F.np.concatenate(ends, axis=0) for ends in zip(*last, strict=True)]

    return forward_kernel


def _one_layer(layer: Any, F: Any, number: int, inputs: Any, states: Any, parameters: dict[str, Any]) -> Any:
    """Return the outputs and the last states of one of the layers."""
    from mxnet import symbol

    directions = ["l", "r"][: layer._dir]
    names = [f"{d}{number}_{g}_{t}" for t in ("weight", "bias") for d in directions for g in ("i2h", "h2h")]
    weights = F.np._internal.rnn_param_concat(*(parameters[name].reshape(-1) for name in names), dim=0)
    if F is symbol and not states[0].list_arguments():  # zeros, of unknown size, so that their parts have no shape
        shape = (layer._dir, -1, layer._hidden_size)
        states = [symbol.zeros(shape, dtype=layer._dtype).as_np_ndarray() for _ in states]
    else:
        states = [state[number * layer._dir : (number + 1) * layer._dir] for state in states]
    return F.npx.rnn(
        inputs,
        weights,
        *states,
        state_size=layer._hidden_size,
        num_layers=1,
        bidirectional=layer._dir == 2,
        state_outputs=True,
        mode=layer._mode,
        lstm_state_clip_min=layer._lstm_state_clip_min,
        lstm_state_clip_max=layer._lstm_state_clip_max,
        lstm_state_clip_nan=layer._lstm_state_clip_nan,
    )

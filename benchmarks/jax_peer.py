"""jax.jit: a function of arrays; and models, for which this module looks like a small torch.nn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from peers import optional
from timing import Candidate

jax = optional("jax")
jnp = jax and jax.numpy
Parameter = tuple["Module", str]  # a module and the name of an attribute


def jitted(fn: Callable[..., Any], *arrays: Any) -> Candidate:
    """The compiled function on these arrays; a call waits for the result."""
    compiled, given = jax.jit(fn), [jnp.asarray(array) for array in arrays]
    return lambda: compiled(*given).block_until_ready()


def conv(x: Any, k: Any, stride: int = 1, padding: int = 0) -> Any:
    """NCHW by OIHW."""
    layouts = ("NCHW", "OIHW", "NCHW")
    return jax.lax.conv_general_dilated(x, k, (stride, stride), [(padding, padding)] * 2, dimension_numbers=layouts)


def training_step(model: Module, batch: tuple[Any, Any], rate: float) -> Candidate:
    """Forward, cross-entropy, backward, Adam, in one compiled function that is given its state's memory.

    Running statistics of batch normalisation are not kept: it is a little less work than the others'.
    """
    places = list(model.parameters())
    x, labels = (jnp.asarray(array) for array in batch)

    def loss_of(parameters: list[Any]) -> Any:
        logits = model.applied(places, parameters, x)
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean()

    def step(parameters: list[Any], first: list[Any], second: list[Any], count: Any) -> tuple[Any, ...]:
        loss, grads = jax.value_and_grad(loss_of)(parameters)
        first = [0.9 * m + 0.1 * g for m, g in zip(first, grads, strict=True)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, grads, strict=True)]
        scale, root = rate / (1 - 0.9**count), jnp.sqrt(1 - 0.999**count)
        updates = zip(parameters, first, second, strict=True)
        return loss, [p - scale * m / (jnp.sqrt(v) / root + 1e-8) for p, m, v in updates], first, second, count + 1

    compiled = jax.jit(step, donate_argnums=(0, 1, 2))
    parameters = [jnp.array(getattr(owner, name)) for owner, name in places]
    zeros = [jnp.zeros_like(each) for each in parameters]
    state = [parameters, zeros, [jnp.copy(each) for each in zeros], jnp.float32(1)]

    def run() -> Any:
        loss, *state[:] = compiled(*state)
        return loss.block_until_ready()

    return run


class Module:
    """A module whose attributes are arrays and modules."""

    def __call__(self, x: Any) -> Any:
        return self.forward(x)

    def forward(self, x: Any) -> Any:
        """What it computes."""
        raise NotImplementedError

    def parameters(self) -> Iterator[Parameter]:
        """Where all parameters are, in the order of PyTorch's."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield from value.parameters()
            elif name in ("weight", "bias"):
                yield self, name

    def load(self, values: list[Any]) -> None:
        """Set all parameters, given in the order of PyTorch's."""
        for (owner, name), value in zip(self.parameters(), values, strict=True):
            setattr(owner, name, value)

    def applied(self, places: list[Parameter], values: list[Any], x: Any) -> Any:
        """The result with these values in the places of parameters."""
        before = [getattr(owner, name) for owner, name in places]
        self.load(values)
        try:
            return self(x)
        finally:
            self.load(before)


class Sequential(Module):
    """One after the other."""

    def __init__(self, *layers: Module) -> None:
        vars(self).update({str(number): layer for number, layer in enumerate(layers)})

    def forward(self, x: Any) -> Any:
        for layer in vars(self).values():
            x = layer(x)
        return x


class Linear(Module):
    """x @ weight.T + bias."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self.weight, self.bias = jnp.zeros((outputs, inputs)), jnp.zeros(outputs)

    def forward(self, x: Any) -> Any:
        return x @ self.weight.T + self.bias


class Conv2d(Module):
    """With a bias."""

    def __init__(self, channels: int, out: int, extent: int, padding: int = 0) -> None:
        self.weight, self.bias, self.edge = jnp.zeros((out, channels, extent, extent)), jnp.zeros(out), padding

    def forward(self, x: Any) -> Any:
        return conv(x, self.weight, padding=self.edge) + self.bias[:, None, None]


class BatchNorm2d(Module):
    """With the batch's statistics."""

    def __init__(self, channels: int) -> None:
        self.weight, self.bias = jnp.ones(channels), jnp.zeros(channels)

    def forward(self, x: Any) -> Any:
        mean, variance = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
        normed = (x - mean) * jax.lax.rsqrt(variance + 1e-5)
        return normed * self.weight[:, None, None] + self.bias[:, None, None]


class ReLU(Module):
    """max(x, 0)."""

    def forward(self, x: Any) -> Any:
        return jax.nn.relu(x)


class MaxPool2d(Module):
    """Of windows side by side."""

    def __init__(self, window: int) -> None:
        self.window = window

    def forward(self, x: Any) -> Any:
        extents = (1, 1, self.window, self.window)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, extents, extents, "VALID")


class Flatten(Module):
    """All but the batch in one axis."""

    def forward(self, x: Any) -> Any:
        return x.reshape(len(x), -1)

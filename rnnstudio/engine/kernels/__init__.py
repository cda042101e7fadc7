"""The arithmetic of cells, one file each, with gradients written by hand: what `scan` runs at every time step.

A cell without such a file runs as its Keras layer, with TensorFlow's own gradient: the same numbers, more slowly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from rnnstudio.core.registry import Registry
from rnnstudio.core.settings import ModelSettings

Tensor = Any
Tensors = Sequence[Any]
Pairs = Sequence[tuple[Any, Any]]


class Steps(Protocol):
    """One cell. Shapes: batch B, features F, units H; `x1` is a step's input with a column of ones, `(B, F + 1)`."""

    def pack(self, weights: Tensors) -> Tensors:
        """Return the matrices that `step` and `back` multiply with, made once per update from the layer's weights."""

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return the next state, and what `back` needs to know of this step."""

    def back(self, packed: Tensors, x1: Tensor, saved: Tensors, grads: Tensors) -> tuple[Tensors, Pairs, Tensors]:
        """Return, for the gradients `(B, H)` of a step's state, those of the state before it, and of the weights.

        The weights' are told as pairs (left, right), `(B, K)` and `(B, N)`, whose products left' right, summed over all
        steps, are the gradients of matrices; and as sums, tensors to be summed over all steps.
        """

    def inputs(self, packed: Tensors, rights: Tensors) -> Tensor:
        """Return the gradient of the inputs, `(n, F)`, from the right sides of the pairs, `(n, N)`."""

    def unpack(self, products: Tensors, sums: Tensors) -> Tensors:
        """Return the gradients of the layer's weights, in their order, from products and sums over all steps."""


KERNELS: Registry[Callable[[ModelSettings], Steps]] = Registry("cell's arithmetic", "rnnstudio.engine.kernels")


def steps(cell: str) -> Callable[[Callable[[Any], Steps]], Callable[[Any], Steps]]:
    """File the class below as the arithmetic of a cell."""
    return KERNELS.register(cell)

"""The arithmetic of a recurrent cell: one time step, and its gradient.

A cell subclasses `Kernel`. The engine loops over time, forwards with `step` and backwards with `backward`. Nothing here
loads TensorFlow, because the window lists the cells before TensorFlow is loaded.

Shapes: batch B, features F, hidden units H.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Tensor = Any
Tensors = Sequence[Any]


@dataclass(frozen=True)
class Weight:
    """One weight of a cell.

    Attributes:
        shape: Its shape.
        initial: Its initial values. With None, a vector (one dimension) starts at zero, as Keras' biases do, and a
            matrix is drawn at random, as `cell_initializer` says: by the Glorot rule for `kernel`, orthogonal for
            `recurrent_kernel`, or both over the joint matrix of inputs and state. Matrices with other names,
            `(rows, H)`, are drawn by the Glorot rule for each row alone, or uniformly from 0 to 1 with `uniform_0_1`.
        blocks: Column widths of the concatenated matrices, which `glorot_joint` draws one by one; empty for a single
            matrix.
    """

    shape: tuple[int, ...]
    initial: NDArray[np.float32] | None = None
    blocks: tuple[int, ...] = ()


class Factors(NamedTuple):
    """The gradient of a matrix M in `y = a @ M` at one step, `a.T @ dy`, stored as its two factors.

    Attributes:
        inputs: a, `(B, K)`.
        gradient: The loss's gradient with respect to y, `(B, N)`.
    """

    inputs: Tensor
    gradient: Tensor


class StepGradients(NamedTuple):
    """The gradients of one step.

    Attributes:
        state: With respect to the state before the step, `(B, H)` each.
        matrices: With respect to the matrices that the step multiplies with, as factors.
        others: With respect to weights that are not used in a matrix product, such as vectors.
    """

    state: Tensors
    matrices: Sequence[Factors]
    others: Tensors = ()


class Kernel(ABC):
    """One time step of a cell, and its gradient. Subclass it in the file of the cell.

    Args:
        settings: The settings of the cell; `self.units` is H.
    """

    def __init__(self, settings: Any) -> None:
        self.settings: Any = settings
        self.units: int = settings.units

    @property
    def state_sizes(self) -> tuple[int, ...]:
        """Sizes of the state's tensors. The first tensor is the output h, `(B, H)`."""
        return (self.units,)

    @abstractmethod
    def weights(self, features: int) -> Mapping[str, Weight]:
        """Return the weights by name, in the order in which all other methods receive and return them.

        Args:
            features: F, the inputs of each step.
        """

    @abstractmethod
    def pack(self, weights: Tensors) -> Tensors:
        """Return the matrices that `step` and `backward` multiply with, computed once per update.

        Args:
            weights: The weights.
        """

    @abstractmethod
    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return the next state, and the tensors of this step that `backward` needs.

        Args:
            packed: What `pack` returned.
            x1: The inputs of the step with a column of ones for the bias, `(B, F + 1)`.
            state: The state before the step, `(B, H)` each.
        """

    @abstractmethod
    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of one step.

        Args:
            packed: What `pack` returned.
            x1: As in `step`.
            saved: The tensors that `step` returned for this method.
            gradients: Of the loss with respect to the state after the step, `(B, H)` each.
        """

    @abstractmethod
    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient with respect to the inputs, `(n, F)`.

        Args:
            packed: What `pack` returned.
            gradients: The field `gradient` of each of `StepGradients.matrices`, `(n, N)` each, of one step or of all.
        """

    @abstractmethod
    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients with respect to the weights, in the order of `weights`.

        Args:
            matrices: The gradients of `StepGradients.matrices`, multiplied out and summed over all steps, `(K, N)`.
            others: The sum of `StepGradients.others` over all steps.
        """

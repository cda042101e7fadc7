"""A kernel whose mistakes are reported as one sentence that names the cell, the method, and what was expected."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from rnnstudio.core.catalog import Cell
from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.kernel import Factors, Kernel, StepGradients, Tensor, Tensors, Weight
from rnnstudio.core.settings import ModelSettings

_ADVICE = " You can attempt the following"  # TensorFlow's advice, which does not apply to kernels


@contextmanager
def cell_errors(cell: str, method: str) -> Iterator[None]:
    """Turn whatever a cell's own code raises into one sentence.

    Args:
        cell: Name of the cell.
        method: The function of the cell that runs.

    Raises:
        SettingError: Instead of any other error.
    """
    try:
        yield
    except RnnStudioError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if f.name == method and f.filename != __file__] or frames[-1:]
        reason = (str(error).strip().splitlines() or [""])[0].split(_ADVICE, 1)[0][:400]
        where = f"{Path(own[-1].filename).name}, line {own[-1].lineno}"
        message = f"The cell {cell} failed in {method} ({where}): {type(error).__name__}: {reason}"
        raise SettingError(message, "cell") from error


def kind_of(value: object) -> str:
    """Return the type of a value in a few words."""
    if value is None:
        return "None"
    return "a tensor" if hasattr(value, "shape") else f"a {type(value).__name__}"


class CheckedKernel(Kernel):
    """Passes everything on to a kernel, and checks the number and shapes of what it returns while it is traced.

    The compiled program contains nothing of the checks.

    Args:
        cell: The registered cell.
        settings: The settings of the cell.
        features: Inputs of each step.
    """

    def __init__(self, cell: Cell, settings: ModelSettings, features: int) -> None:
        super().__init__(settings)
        assert cell.kernel is not None
        self._cell, self._features = cell.name, features
        with cell_errors(self._cell, "__init__"):
            kernel: object = cell.kernel(settings)
        if not isinstance(kernel, Kernel):
            raise SettingError(f"The cell {self._cell} must return a Kernel; received {kind_of(kernel)}.", "cell")
        self._kernel = kernel
        with cell_errors(self._cell, "state_sizes"):
            self._state_sizes = tuple(kernel.state_sizes)
        with cell_errors(self._cell, "weights"):
            weights: object = kernel.weights(features)
            if not isinstance(weights, Mapping) or not all(isinstance(w, Weight) for w in weights.values()):
                self._fail("weights", "a dict of Weight by name", kind_of(weights))
            self._shapes = {name: tuple(w.shape) for name, w in weights.items()}
        if not self._state_sizes or self._state_sizes[0] != self.units:
            self._fail("state_sizes", f"a tuple that begins with {self.units}, the units", self._state_sizes)

    @property
    def state_sizes(self) -> tuple[int, ...]:
        """Sizes of the state's tensors."""
        return self._state_sizes

    def weights(self, features: int) -> Mapping[str, Weight]:
        """Return the weights by name."""
        return self._kernel.weights(features)

    def pack(self, weights: Tensors) -> Tensors:
        """Return what the kernel packs."""
        with cell_errors(self._cell, "pack"):
            packed = self._kernel.pack(weights)
            self._check_tensors("pack", "the matrices", packed)
            return packed

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return the next state and what is saved."""
        with cell_errors(self._cell, "step"):
            result: Any = self._kernel.step(packed, x1, state)
            if not isinstance(result, tuple) or len(result) != 2:
                self._fail("step", "two things, the new state and what backward needs", kind_of(result))
            new_state, saved = result
            self._check_shapes("step", "the new state", new_state, [s.shape for s in state])
            self._check_tensors("step", "what backward needs", saved)
            return new_state, saved

    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of one step."""
        with cell_errors(self._cell, "backward"):
            result: object = self._kernel.backward(packed, x1, saved, gradients)
            if not isinstance(result, StepGradients):
                self._fail("backward", "StepGradients", kind_of(result))
            self._check_shapes("backward", "the state's gradients", result.state, [g.shape for g in gradients])
            self._check_factors(result.matrices)
            self._check_tensors("backward", "the field others", result.others)
            return result

    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient with respect to the inputs."""
        with cell_errors(self._cell, "input_gradient"):
            result = self._kernel.input_gradient(packed, gradients)
            if not hasattr(result, "shape"):
                self._fail("input_gradient", "the gradient of x, one tensor", kind_of(result))
            expected = [(gradients[0].shape[0], self._features)]
            self._check_shapes("input_gradient", "the gradient of x", [result], expected)
            return result

    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients with respect to the weights."""
        with cell_errors(self._cell, "weight_gradients"):
            result = self._kernel.weight_gradients(matrices, others)
            self._check_shapes(
                "weight_gradients", f"the gradients of {', '.join(self._shapes)}", result, self._shapes.values()
            )
            return result

    def _check_factors(self, matrices: object) -> None:
        expected = "a list of Factors of two tensors in the field matrices"
        if not isinstance(matrices, (list, tuple)) or isinstance(matrices, Factors):
            self._fail("backward", expected, kind_of(matrices))
        for factors in matrices:
            if not isinstance(factors, Factors):
                self._fail("backward", expected, f"a list that holds {kind_of(factors)}")
            for value in factors:
                if not hasattr(value, "shape"):
                    self._fail("backward", expected, f"Factors that hold {kind_of(value)}")

    def _check_tensors(self, method: str, what: str, tensors: object) -> None:
        expected = f"{what} as a tuple or list of tensors"
        if not isinstance(tensors, (list, tuple)):
            self._fail(method, expected, kind_of(tensors))
        for value in tensors:
            if not hasattr(value, "shape"):
                self._fail(method, expected, f"one that holds {kind_of(value)}")

    def _check_shapes(self, method: str, what: str, tensors: Tensors, expected: Any) -> None:
        self._check_tensors(method, what, tensors)
        shapes = [_known(shape) for shape in expected]
        received = [_known(tensor.shape) for tensor in tensors]
        fits = len(shapes) == len(received) and all(map(_compatible, shapes, received))
        if not fits:
            self._fail(method, f"{what} with the shapes {_listed(shapes)}", _listed(received))

    def _fail(self, method: str, expected: str, received: object) -> NoReturn:
        where = _place(getattr(type(self._kernel), method, None))
        raise SettingError(
            f"The cell {self._cell}: {method}{where} must return {expected}; received {received}.", "cell"
        )


def _place(method: Any) -> str:
    """Return file and line of a method or property in brackets; an empty text for another attribute."""
    code = getattr(method.fget if isinstance(method, property) else method, "__code__", None)
    return f" ({Path(code.co_filename).name}, line {code.co_firstlineno})" if code else ""


def _known(shape: Any) -> tuple[int | None, ...]:
    return tuple(None if size is None else int(size) for size in shape)


def _compatible(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> bool:
    return len(one) == len(other) and all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def _listed(shapes: list[tuple[int | None, ...]]) -> str:
    return ", ".join(str(shape) for shape in shapes) or "none"

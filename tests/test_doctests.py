"""The examples in the docstrings of the package run and print what they show."""

from __future__ import annotations

import doctest
import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from rnnstudio.core.catalog import CELLS, DATASETS, Cell, DataSet
from rnnstudio.core.registry import modules_of

NEEDS_DATA = {
    "rnnstudio.library.datasets.har": "har",
    "rnnstudio.library.datasets.mnist_rows": "mnist",
    "rnnstudio.library.datasets.etth2": "series",
}
FINDER = doctest.DocTestFinder(exclude_empty=True)


def source_of(name: str) -> str:
    """Return the source of a module, which need not be imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).read_text(encoding="utf-8") if spec is not None and spec.origin else ""


pytestmark = pytest.mark.usefixtures("automatic_bands")
MODULES = [name for name in modules_of("rnnstudio") if ">>> " in source_of(name)]


def examples_of(module: ModuleType) -> list[doctest.DocTest]:
    """Return the examples of a module, including those of classes that name the package as their module."""
    variables = {**vars(module), "np": np}
    examples = FINDER.find(module, globs=variables)
    for name, member in vars(module).items():
        is_public_class = inspect.isclass(member) and member.__module__ == "rnnstudio"
        if is_public_class and f"class {name}" in source_of(module.__name__):
            examples += FINDER.find(member, name, module=False, globs=variables)  # type: ignore[arg-type]
    return [example for example in examples if example.examples]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in NEEDS_DATA:
        folder = request.getfixturevalue("real_data")
        if not (folder / NEEDS_DATA[name]).is_dir():
            pytest.skip(f"real data are needed: {folder / NEEDS_DATA[name]}")
        monkeypatch.setenv("RNNSTUDIO_DATA", str(folder))
    if "rs.train(" in source_of(name):
        request.getfixturevalue("uncompiled")
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    report: list[str] = []
    examples = examples_of(importlib.import_module(name))
    for example in examples:
        runner.run(example, out=report.append)
    assert examples, f"{name} shows an example that is not run"
    assert not runner.failures, "".join(report)


@pytest.mark.parametrize("entry", [*DATASETS, *CELLS], ids=lambda entry: entry.name)
def test_every_data_set_and_cell_shows_an_example(entry: DataSet | Cell) -> None:
    module = entry.settings.__module__
    assert examples_of(importlib.import_module(module)), f"{module} has no example"


@pytest.mark.parametrize("name", ["rnnstudio.core.optimizers", *modules_of("rnnstudio.library.recipes")])
def test_recipes_and_optimizers_show_an_example(name: str) -> None:
    assert examples_of(importlib.import_module(name)), f"{name} has no example"

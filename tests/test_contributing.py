"""The examples of CONTRIBUTING.md work when each is put into the file it names."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The new files join their packages by way of the packages' search paths, so that the real discovery finds them.
SCRIPT = """
import sys
from pathlib import Path
import numpy as np
import rnnstudio.gui.plots, rnnstudio.library.cells, rnnstudio.library.datasets
from PySide6.QtWidgets import QApplication

for package in (rnnstudio.gui.plots, rnnstudio.library.cells, rnnstudio.library.datasets):
    package.__path__.append(str(Path(sys.argv[1], *package.__name__.split("."))))

import rnnstudio as rs
chosen = rs.experiment("sine", noise=0.2, cell="mingru", units=8, window=10, updates=40, seed=1)
assert chosen.data.task == "forecast"
run = rs.train(chosen, save=False, verbose=0)
losses = run.history()["train_loss"].dropna().to_numpy()
assert len(losses) == 40 and np.isfinite(losses).all() and losses[-5:].mean() < losses[:5].mean(), losses
assert run.forecast(3).shape[0] == 3
assert run.metrics["test_rmse"] > 0.18, "a forecast cannot predict the noise, whose standard deviation is 0.2"

without_kernel = rs.train("toy", cell="irnn", updates=2, units=4, save=False, verbose=0)
assert len(without_kernel.history()["train_loss"].dropna()) == 2
assert "The cell irnn has no kernel: it trains as a Keras layer, slower." in without_kernel.warnings

application = QApplication([])
drawn = rnnstudio.gui.plots.PLOTS.get("spread")()
drawn.resize(400, 300)
drawn.begin(run.experiment)
assert drawn.message
drawn.show_history(run.record)
assert not drawn.message
assert np.array_equal(drawn.to_frame()["train_loss"].to_numpy(), losses.astype(np.float32))
image = drawn.drawing.image()
assert len({image.pixelColor(x, y).rgb() for x in range(0, 400, 4) for y in range(0, 300, 4)}) > 2
del drawn  # before the application, which Qt insists on
"""


# Loaded by pytest before the contract's test files, which read the registries when they are imported.
PLUGIN = """
import os
import rnnstudio.gui.plots, rnnstudio.library.cells
for package in (rnnstudio.gui.plots, rnnstudio.library.cells):
    package.__path__.append(os.path.join(os.environ["GUIDE"], *package.__name__.split(".")))
"""


def write_examples(folder: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n# (rnnstudio/\S+)\n(.*?)```", text, re.DOTALL)
    assert [Path(name).stem for name, _ in examples] == ["sine", "mingru", "irnn", "spread"]
    for name, code in examples:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, encoding="utf-8")


def test_the_cell_is_the_file_of_the_package() -> None:
    file = ROOT / "rnnstudio" / "library" / "cells" / "mingru.py"
    assert file.read_text(encoding="utf-8") in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_plot_keeps_the_contract_of_all_plots(tmp_path: Path) -> None:
    assert passed_contract_tests(tmp_path, "spread", "tests/gui/plots/test_contract.py") > 20


def test_the_cell_without_a_kernel_keeps_the_contract_of_all_cells(tmp_path: Path) -> None:
    files = ("library/test_contract.py", "engine/test_kernels.py", "engine/test_layer.py", "test_doctests.py")
    assert passed_contract_tests(tmp_path, "irnn", *(f"tests/{file}" for file in files)) > 10


def passed_contract_tests(tmp_path: Path, name: str, *files: str) -> int:
    write_examples(tmp_path)
    (tmp_path / "guide_plugin.py").write_text(PLUGIN, encoding="utf-8")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "GUIDE": str(tmp_path),
    }
    options = ["-p", "guide_plugin", "-p", "no:cacheprovider", "-q", "-k", name]
    command = [sys.executable, "-m", "pytest", *options, *files]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(re.search(r"(\d+) passed", done.stdout)[1])


def test_examples_are_discovered_train_and_draw(tmp_path: Path) -> None:
    write_examples(tmp_path)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    linted = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout

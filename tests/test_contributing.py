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
chosen = rs.experiment("sine", noise=0.2, cell="mingru", units=8, window=10, updates=40, seed=1, linear_skip=False)
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
import rnnstudio.gui.plots, rnnstudio.library.cells, rnnstudio.library.datasets
for package in (rnnstudio.gui.plots, rnnstudio.library.cells, rnnstudio.library.datasets):
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


def test_plot_cell_and_data_set_keep_the_contracts(tmp_path: Path) -> None:
    write_examples(tmp_path)
    files = (
        "gui/plots/test_contract.py",
        "library/test_contract.py",
        "engine/test_kernels.py",
        "engine/test_layer.py",
        "test_doctests.py",
    )
    done = run_contract_tests(tmp_path, "spread or irnn or sine", *(f"tests/{file}" for file in files))
    assert done.returncode == 0, done.stdout + done.stderr
    for name, least in (("spread", 20), ("irnn", 10), ("sine", 10)):
        assert len(re.findall(rf"^PASSED .*\b{name}\b", done.stdout, re.MULTILINE)) > least, done.stdout


MISTAKES = {  # by name of the wrong data set: what is replaced in the guide's, and what the contract test says
    "unseeded": (
        {"default_rng(seed)": "default_rng()"},
        "load must draw all random numbers from its seed; inputs differs with the same seed",
    ),
    "title": ({'"Sine with noise"': '"Toy sums"'}, "'Toy sums' is the title of sine_title and toy"),
    "steps": (
        {"horizon: Whole": "steps: Whole", "settings.horizon": "settings.steps", "(horizon=3)": "(steps=3)"},
        "the setting for the number of values to forecast must be called horizon",
    ),
    "setting": (
        {"noise: Real": "forget_bias: Real", "settings.noise": "settings.forget_bias"},
        "data set sine_setting and cell lstm must not share the names of settings: ['forget_bias']",
    ),
}


def test_the_contract_test_says_what_is_wrong_with_a_data_set(tmp_path: Path) -> None:
    write_examples(tmp_path)
    folder = tmp_path / "rnnstudio" / "library" / "datasets"
    code = (folder / "sine.py").read_text(encoding="utf-8")
    for name, (replacements, _) in MISTAKES.items():
        wrong = code
        for old, new in replacements.items():
            assert old in wrong
            wrong = wrong.replace(old, new)
        wrong = wrong.replace('"sine"', f'"sine_{name}"').replace("Sine with noise", f"Sine {name}")
        (folder / f"sine_{name}.py").write_text(wrong, encoding="utf-8")
    done = run_contract_tests(tmp_path, "sine_", "tests/library/test_contract.py")
    assert done.returncode == 1, done.stdout + done.stderr
    for name, (_, message) in MISTAKES.items():
        assert re.search(rf"^FAILED .*\[.*sine_{name}\b", done.stdout, re.MULTILINE), done.stdout
        assert message in done.stdout, done.stdout


def test_a_name_registered_twice_is_one_sentence_on_the_command_line(tmp_path: Path) -> None:
    write_examples(tmp_path)
    folder = tmp_path / "rnnstudio" / "library" / "datasets"
    code = (folder / "sine.py").read_text(encoding="utf-8")
    (folder / "sine2.py").write_text(code, encoding="utf-8")
    script = PLUGIN + "\nfrom rnnstudio.cli.main import main\nmain()\n"
    command = [sys.executable, "-c", script, "train", "toy"]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr == (
        "Error: The name of a data set must be unique; 'sine' is registered twice. Choose another name for one of the "
        "two.\n"
    )


def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "GUIDE": str(tmp_path),
    }


def run_contract_tests(tmp_path: Path, name: str, *files: str) -> subprocess.CompletedProcess[str]:
    """Run the tests with `name` in their ids over the files that stand in `tmp_path`."""
    (tmp_path / "guide_plugin.py").write_text(PLUGIN, encoding="utf-8")
    options = ["-p", "guide_plugin", "-p", "no:cacheprovider", "-q", "-rA", "-k", name]
    command = [sys.executable, "-m", "pytest", *options, *files]
    return subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)


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

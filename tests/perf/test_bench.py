"""The contenders of `make bench` do the same job."""

import numpy as np
import pytest

from rnnstudio.core.sequence import SequenceData
from tests.perf import contenders
from tests.perf.contenders import CONTENDERS, keras_model, torch_model
from tests.perf.jobs import JOBS, Job, batches, load

NO_FILES = [job for job in JOBS if job.recipe in ("echo", "toy", "airline", "machinery")]


@pytest.fixture(scope="module")
def data() -> dict[str, SequenceData]:
    return {job.recipe: load(job.experiment) for job in NO_FILES}


@pytest.mark.parametrize("job", NO_FILES, ids=lambda job: job.name)
def test_keras_and_torch_have_the_network_of_the_recipe(job: Job, data: dict[str, SequenceData]) -> None:
    from rnnstudio.engine.network import Network, Shape

    these = data[job.recipe]
    ours = Network(job.experiment.model, Shape(these.width, these.outputs, these.return_sequences), 0)
    assert keras_model(job.experiment, these, 1).count_params() == ours.parameters
    pytest.importorskip("torch")
    layer, head = torch_model(job.experiment, these)
    sizes = {name: p.numel() for part in (layer, head) for name, p in part.named_parameters()}
    second = sum(size for name, size in sizes.items() if name.startswith("bias_hh"))  # PyTorch has two biases
    assert sum(sizes.values()) - (0 if job.cell == "gru" else second) == ours.parameters


@pytest.mark.parametrize("recipe", ["echo", "toy", "airline", "machinery"])
def test_all_train_on_the_batches_of_the_recipe(recipe: str, data: dict[str, SequenceData]) -> None:
    job, these = next(j for j in NO_FILES if j.recipe == recipe), data[recipe]
    x, y = batches(job.experiment, these)
    batch = job.experiment.training.batch_size or len(these.train)
    assert x.shape[1:] == (batch, these.window, these.width)
    assert y.shape[1] == batch
    assert np.isfinite(x).all()


@pytest.mark.parametrize("who", CONTENDERS)
def test_each_contender_trains(who: str, data: dict[str, SequenceData], monkeypatch: pytest.MonkeyPatch) -> None:
    if who == "torch":
        pytest.importorskip("torch")
    monkeypatch.setattr(contenders, "_WARM_SECONDS", 0.0)
    job = next(j for j in NO_FILES if j.name == "toy lstm")
    speed = CONTENDERS[who](job.experiment, data["toy"], 0.01)
    assert speed.rate > 0

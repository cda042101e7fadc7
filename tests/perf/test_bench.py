"""The contenders of `make bench` run the same job."""

import numpy as np
import pytest

from rnnstudio.core.sequence import SequenceData
from tests.perf import contenders
from tests.perf.contenders import CONTENDERS, keras_model, torch_model
from tests.perf.jobs import JOBS, Job, batches, load

GENERATED = [job for job in JOBS if job.recipe in ("echo", "toy", "airline", "machinery")]  # jobs that need no files


@pytest.fixture(scope="module")
def data() -> dict[str, SequenceData]:
    return {job.recipe: load(job.experiment) for job in GENERATED}


@pytest.mark.parametrize("job", GENERATED, ids=lambda job: job.name)
def test_keras_and_torch_have_the_same_number_of_parameters(job: Job, data: dict[str, SequenceData]) -> None:
    from rnnstudio.engine.network import Network
    from rnnstudio.engine.shape import Shape

    job_data = data[job.recipe]
    ours = Network(job.experiment.model, Shape(job_data.width, job_data.outputs, job_data.return_sequences), 0)
    assert keras_model(job.experiment, job_data, 1).count_params() == ours.parameters
    pytest.importorskip("torch")
    layer, head = torch_model(job.experiment, job_data)
    sizes = {name: p.numel() for module in (layer, head) for name, p in module.named_parameters()}
    second_bias = sum(size for name, size in sizes.items() if name.startswith("bias_hh"))  # PyTorch has two biases
    assert sum(sizes.values()) - (0 if job.cell == "gru" else second_bias) == ours.parameters


@pytest.mark.parametrize("recipe", ["echo", "toy", "airline", "machinery"])
def test_the_batches_are_those_of_the_recipe(recipe: str, data: dict[str, SequenceData]) -> None:
    job, job_data = next(job for job in GENERATED if job.recipe == recipe), data[recipe]
    x, y = batches(job.experiment, job_data)
    batch_size = job.experiment.training.batch_size or len(job_data.train)
    assert x.shape[1:] == (batch_size, job_data.window, job_data.width)
    assert y.shape[1] == batch_size
    assert np.isfinite(x).all()


@pytest.mark.parametrize("contender", CONTENDERS)
def test_each_contender_trains(contender: str, data: dict[str, SequenceData], monkeypatch: pytest.MonkeyPatch) -> None:
    if contender == "torch":
        pytest.importorskip("torch")
    monkeypatch.setattr(contenders, "_WARM_UP_SECONDS", 0.0)
    job = next(job for job in GENERATED if job.name == "toy lstm")
    speed = CONTENDERS[contender](job.experiment, data["toy"], 0.01)
    assert speed.rate > 0

"""What a user reads when the loss of a training becomes infinite or NaN."""

from __future__ import annotations

from rnnstudio.core.experiment import Experiment


def divergence_message(experiment: Experiment, step: int, *, keeps_best: bool) -> str:
    """Return what happened, which weights are kept, and likely causes with what to try.

    Args:
        experiment: The experiment.
        step: Number of updates before the first loss that is not finite.
        keeps_best: Whether the best weights are kept, rather than the last ones with a finite loss.
    """
    training = experiment.training
    weights = f"the weights after {max(0, step - 1):,} updates, the last with a finite loss,"
    if keeps_best:
        weights = "the best weights so far"
    elif not step:
        weights = "the initial weights"
    causes = [f"learning_rate {training.learning_rate:g} may be too high (try {training.learning_rate / 10:g})"]
    if not training.clip_norm:
        causes.append("the gradient is not clipped (try clip_norm 1)")
    if experiment.data.scale == "none":
        causes.append("the data are not scaled (try scale standard)")
    return (
        f"The loss became NaN or infinite at update {step:,}; {weights} were kept. "
        f"Likely causes: {', or '.join(causes)}."
    )

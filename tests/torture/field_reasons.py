"""Fields of an interrupted run, or of its files, that change nothing in what goes on, and why."""

DESCRIPTIVE = {
    "run.json: created": "when the run began",
    "run.json: process.*": "who trains it",
    "run.json: history.*seconds": "times",
    "run.json: history.device": "the device of the training before; the one that goes on says its own",
    "run.json: history.updates_per_epoch": "follows from the settings and data",
    "run.json: history.error": "why a training failed, which now goes on",
    "run.json: history.*_step": "which update plots and weights of the last checkpoint are of; others follow",
    "run.json: history.picked": "how weights were picked after a training, which an interrupted one has not ended",
    "experiment.json: recipe": "the name of the recipe, after which new runs are named; its settings are there, too",
    "experiment.json: automatic": "settings that are yet to be chosen; those of a run are",
    "experiment.json: data.date_order": "how a file is read where cells leave that open; the data must be the same",
    "experiment.json: data.decimal_mark": "how a file is read where cells leave that open; the data must be the same",
    "experiment.json: data.thousands_mark": "how a file is read where cells leave that open; the data must be the same",
    "experiment.json: data.missing_values": "how a file is read where cells leave that open; the data must be the same",
    "experiment.json: data.max_gap": "the longest gap that is filled; a run has none that is longer",
    "run.json: training.best_update": "which moment is the best, which the checkpoint knows",
}
COMPUTED_AGAIN = {
    "checkpoint.json": "without it the training begins anew, and ends the same",
    "checkpoint.json: monitor.bar": "what the loss must have been below before patience counts; it was",
    "checkpoint.npz: optimizer/1": "the learning rate, which follows from settings and update",
    "checkpoint.json: monitor.metrics.*": "metrics of the last evaluation, for who opens the interrupted run",
    "run.json: warnings": "what was said of the data, which are read again",
    "metrics.json: *": "metrics of the last checkpoint, for who opens the interrupted run",
    "weights.npz: *": "weights of the last checkpoint, likewise",
    "scaler.json: *": "scalers, fitted to the data again",
    "history.npz: predictions/*": "predictions of the last evaluation, for who opens the interrupted run",
    "history.npz: points/*": "what the curves of classes are drawn from, likewise",
    "moment-*.npz": "weights of the last checkpoint, which are saved again; others that are left out are missed",
    "experiment.json: model.gate_bias": "biases that a network of GRU cells begins with; the state has the newest",
    "versions.json": "what wrote the last checkpoint",
    "run.json: history.parameters": "number of weights, which the network says",
    "context.npy": "the end of the series",
    "versions.json: *": "the versions that wrote the last checkpoint; those of the training are in run.json",
}
REASONS = {**DESCRIPTIVE, **COMPUTED_AGAIN}

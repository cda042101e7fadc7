"""Long-term forecasts of seven series of a transformer (ETTh2), beside published results on the same test set.

>>> import rnnstudio as rs
>>> experiment = rs.experiment("etth2", horizon=336)
>>> experiment.data.window * experiment.data.frame, experiment.data.horizon
(720, 336)
"""

from rnnstudio.core.catalog import PublishedResult, Recipe, recipe

_HORIZONS = (96, 192, 336, 720)
_SEGRNN = "Lin et al. 2023, arXiv 2308.11200; table of 2024 in lss-1138/SegRNN"
_ITRANSFORMER = "Liu et al. 2024, arXiv 2310.06625"
_LINEAR = "Zeng et al. 2023, arXiv 2205.13504"

# Model, hours that it reads, source, mean squared and mean absolute error for the four horizons. LTSF-Benchmark.md of
# Zeng et al. has the rows of NLinear and DLinear exchanged; these are as in the publication, and as others cite it.
_RESULTS = (
    ("SegRNN", 96, _SEGRNN, (0.278, 0.359, 0.421, 0.432), (0.335, 0.389, 0.436, 0.455)),
    ("iTransformer", 96, _ITRANSFORMER, (0.297, 0.380, 0.428, 0.427), (0.349, 0.400, 0.432, 0.445)),
    ("PatchTST", 96, _ITRANSFORMER, (0.302, 0.388, 0.426, 0.431), (0.348, 0.400, 0.433, 0.446)),
    ("DLinear", 96, _ITRANSFORMER, (0.333, 0.477, 0.594, 0.831), (0.387, 0.476, 0.541, 0.657)),
    ("FEDformer", 96, _ITRANSFORMER, (0.358, 0.429, 0.496, 0.463), (0.397, 0.439, 0.487, 0.474)),
    ("NLinear", 336, _LINEAR, (0.277, 0.344, 0.357, 0.394), (0.338, 0.381, 0.400, 0.436)),
    ("DLinear", 336, _LINEAR, (0.289, 0.383, 0.448, 0.605), (0.353, 0.418, 0.465, 0.551)),
    ("Informer", 96, _LINEAR, (3.755, 5.602, 4.721, 3.647), (1.525, 1.931, 1.835, 1.625)),
)

recipe(
    Recipe(
        name="etth2",
        title="Electricity transformer",
        publication="H. Zhou et al., Informer, 2021 (the data ETTh2); S. Lin et al., SegRNN, 2023",
        summary="A GRU reads 30 days of a transformer's load or oil temperature and predicts the next 96 hours.",
        defaults={
            "dataset": "etth2",
            "window": 15,
            "frame": 48,
            "horizon": 96,
            "first_rows": 14_400,
            "test_fraction": 0.2,
            "val_fraction": 0.2,
            "scale": "standard",
            "scale_windows": "last_value",
            "linear_skip": True,
            "cell": "gru",
            "units": 64,
            "optimizer": "adam",
            "learning_rate": 0.001,
            "schedule": "cosine",
            "batch_size": 256,
            "updates": 300,
            "evaluate_every": 25,
            "restore_best_weights": True,
        },
        published_results=tuple(
            PublishedResult(model, metric, value, {"horizon": horizon}, f"reads {hours} hours", source)
            for model, hours, source, *errors in _RESULTS
            for metric, values in zip(("test_scaled_mse", "test_scaled_mae"), errors, strict=True)
            for horizon, value in zip(_HORIZONS, values, strict=True)
        ),
        protocol=(
            "target",
            "first_rows",
            "test_fraction",
            "val_fraction",
            "test_context",
            "stride",
            "scale",
            "scale_each",
            "fit_scaler_on",
        ),
        remarks=(
            "The protocol is that of the publications: the first 12, 4 and 4 months of 30 days are training, "
            "validation and test set; errors are those of all windows, in standard deviations of the training set.",
            "As in SegRNN, one recurrent network reads all seven series in segments, relative to the last value, and "
            "predicts all hours at once. It reads 720 hours, a dense layer takes the place of SegRNN's decoder, and a "
            "linear skip connection is added, as in LSTNet (Lai et al. 2018).",
            "Updates and the linear skip connection were chosen by the validation error, not by the test error.",
            "Publications before 2024 mostly leave out the last windows of the test set, which fill no batch; SegRNN's "
            "values here do not.",
            "The horizons of the publications are 96, 192, 336 and 720 hours.",
            "ETTh2.csv is downloaded from the publisher (CC BY-ND 4.0).",
        ),
        plot="by_step",
        order=30,
    )
)

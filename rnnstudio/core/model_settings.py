"""The settings that all cells have: layers, pooling, initial weights, and what a forecast is relative to."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.setting_types import Real, Settings, Whole, Wholes, setting


class ModelSettings(Settings):
    """Settings of every cell; the settings of a cell derive from this class."""

    cell: str
    units: Whole = setting(32, "Hidden units of each recurrent layer.", ge=1, le=65536, automatic=True)
    layers: Whole = setting(1, "Number of stacked recurrent layers.", ge=1, le=32)
    bidirectional: bool = setting(
        False,
        "Read each sequence in both directions and concatenate the outputs (Schuster & Paliwal 1997).",
        automatic=True,
    )
    conv_filters: Whole = setting(
        0,
        "Filters of each convolutional ReLU layer before the recurrent layers, which make few steps of many (tasks "
        "with one prediction from each window); 0 has none.",
        label="Convolution filters",
        ge=0,
        le=65536,
        advanced=True,
        automatic=True,
    )
    conv_layers: Whole = setting(
        2, "Number of convolutional layers.", label="Convolutional layers", ge=1, le=16, advanced=True
    )
    conv_width: Whole = setting(
        8,
        "Steps that each output of a convolutional layer reads.",
        label="Convolution width",
        unit="steps",
        ge=1,
        le=10_000,
        advanced=True,
        automatic=True,
    )
    conv_stride: Whole = setting(
        2,
        "Steps from one output of a convolutional layer to the next.",
        label="Convolution stride",
        unit="steps",
        ge=1,
        le=10_000,
        advanced=True,
        automatic=True,
    )
    dense_units: Wholes = setting(
        [],
        "Units of each dense ReLU layer between the recurrent layers and the output layer, separated by commas.",
        label="Dense layers",
        advanced=True,
    )
    stateful: bool = setting(
        False,
        "Truncated back-propagation: start each window from the last state of the window before it rather than from "
        "zeros.",
    )
    pooling: Literal["last", "mean", "max"] = setting(
        "last",
        "How outputs at all steps become one vector per sequence: the last step, or the mean or maximum over steps.",
        label="Pooling over steps",
        advanced=True,
        automatic=True,
    )
    multi_step: Literal["direct", "recursive"] = setting(
        "direct",
        "Forecasts of several steps: the network predicts all of them at once (direct), or one, and each prediction is "
        "fed back as the next input (recursive).",
        label="Multi-step forecast",
        advanced=True,
    )
    predict_change: Literal["none", "last_value", "season"] = setting(
        "none",
        "Forecasts: predict the values themselves (none), or their change from the last value of the window, or from "
        "the value a season before.",
        label="Predict the change from",
        advanced=True,
        automatic=True,
    )
    scale_windows: Literal["none", "last_value", "standard"] = setting(
        "none",
        "Forecasts: what is subtracted from the past of the predicted column in each window: nothing, its last value, "
        "or its mean, and it is divided by its standard deviation (Kim et al. 2022).",
        label="Scale each window",
        advanced=True,
        automatic=True,
    )
    linear_skip: bool = setting(
        False,
        "Forecasts: add to the output a linear function of the past of the predicted column in the window, started as "
        "a ridge regression (Lai et al. 2018).",
        label="Linear skip connection",
        advanced=True,
        automatic=True,
    )
    series_embedding: Whole = setting(
        0,
        "Several series: numbers in the vector that is learned for each of them and read at each step beside the "
        "inputs; 0 has none.",
        ge=0,
        le=1024,
        advanced=True,
    )
    freeze_linear_skip: bool = setting(
        False,
        "Keep the linear skip connection at its ridge regression in training; the initial forecasts are then those of "
        "the ridge regression, and the other layers learn what is to be added.",
        advanced=True,
        automatic=True,
    )
    dropout: Real = setting(
        0.0,
        "Share of each layer's inputs set to zero while training, with one mask per sequence (Gal & Ghahramani 2016).",
        ge=0.0,
        lt=1.0,
        automatic=True,
    )
    cell_initializer: Literal["keras", "glorot_joint", "uniform_0_1"] = setting(
        "keras",
        "Initial weights of the cells: Keras' defaults, Glorot uniform over the joint matrix of input and state "
        "(TensorFlow 1), or uniform from 0 to 1.",
        advanced=True,
    )
    head_initializer: Literal["glorot", "normal", "truncated_normal", "uniform_0_1"] = setting(
        "glorot",
        "Initial weights of the dense and output layers; the normal ones also draw the biases.",
        label="Output initializer",
        advanced=True,
    )
    head_initializer_std: Real = setting(
        1.0,
        "Standard deviation of the normal initial weights of the dense and output layers.",
        label="Output initializer: standard deviation",
        gt=0.0,
        le=100.0,
        advanced=True,
    )

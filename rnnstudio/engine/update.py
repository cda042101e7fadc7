"""One update: forward pass, loss, gradient and optimizer step on one batch, as operations that are compiled."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rnnstudio.core.settings import TrainingSettings
from rnnstudio.engine.augment import rotate_sensors
from rnnstudio.engine.layout import Layout
from rnnstudio.engine.network import Network
from rnnstudio.engine.quantile_head import pinball_losses
from rnnstudio.engine.runtime import tf


class RunConstants(NamedTuple):
    """What differs between runs of one compiled program and does not change during a run, on the device.

    Attributes:
        seeds: Seeds of the random numbers: one per layer for dropout, and one for the rotation of sensors.
        learning_rate: Initial learning rate.
        updates: Number of planned updates.
        mean: Mean of the input scaler, `(F,)`; of the first series where each has its own.
        scale: Scale of the input scaler, `(F,)`, likewise.
        class_weights: Weight of each class in the loss, `(C,)`; not read unless the classes have weights.
    """

    seeds: Any
    learning_rate: Any
    updates: Any
    mean: Any
    scale: Any
    class_weights: Any


class DeviceData(NamedTuple):
    """The scaled data on the device.

    Attributes:
        inputs: `(N * T, F)`.
        targets: One per window, or one per step, `(N * T,)` or `(N * T, D)`.
        lengths: Steps of each window without padding, `(W,)`; unused where no sequence is padded.
    """

    inputs: Any
    targets: Any
    lengths: Any


class UpdateResult(NamedTuple):
    """The result of an update.

    Attributes:
        loss: Mean loss of the batch, before the update.
        accuracy: Accuracy on the batch, before the update; 0 unless the task has classes.
        outputs: Outputs for the batch, before the update.
        state: The state for the next window; empty for a stateless network.
    """

    loss: Any
    accuracy: Any
    outputs: Any
    state: list[Any]


class Update:
    """Updates the weights of a network and the variables of its optimizer.

    Args:
        layout: The shapes it is built for.
        training: Loss, clipping, schedule and augmentation.
        dropout: Share of each layer's inputs that is dropped.
        network: The network.
        optimizer: A Keras optimizer.
    """

    def __init__(
        self, layout: Layout, training: TrainingSettings, dropout: float, network: Network, optimizer: Any
    ) -> None:
        self._layout, self._training, self._dropout = layout, training, dropout
        self._network, self._optimizer = network, optimizer

    def __call__(
        self, data: DeviceData, starts: Any, windows: Any, step: Any, constants: RunConstants, state: list[Any]
    ) -> UpdateResult:
        """Run one update.

        Args:
            data: The data.
            starts: First step of each window of the batch, `(B,)`.
            windows: Index of each window, `(B,)`.
            step: Number of updates before this one.
            constants: Constants of the run.
            state: State before the first step; empty for a stateless network.
        """
        layout, training, network = self._layout, self._training, self._network
        x, y, ahead = self._batch(data, starts, windows, step, constants)
        lengths = tf.gather(data.lengths, windows) if layout.is_padded else None
        values = [v.value for v in network.trainable_variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            outputs, next_state = network(
                x,
                state if layout.stateful else network.zero_state(layout.batch),
                split=layout.split,
                dropout=self._dropout_of(step, constants.seeds),
                lengths=lengths,
                ahead=ahead,
                series=starts // layout.input_shape[1] if network.shape.series else None,
                training=True,
                quantiles=training.loss == "pinball",
            )
            loss, accuracy = self._loss(outputs, y, lengths, constants.class_weights)
            total = loss
            if training.l2:
                total += training.l2 * tf.add_n([tf.nn.l2_loss(v) for v in values])
        gradients = tape.gradient(total, values)
        if training.clip_norm:
            gradients, _ = tf.clip_by_global_norm(gradients, training.clip_norm)
        if training.schedule == "cosine":
            progress = tf.cast(step, tf.float32) / constants.updates
            rate = constants.learning_rate * 0.5 * (1.0 + tf.cos(np.pi * progress))
            self._optimizer.learning_rate.assign(rate)
        self._optimizer.apply(gradients, network.trainable_variables)
        if training.loss == "pinball":
            outputs = outputs[:, outputs.shape[1] // 2]
        return UpdateResult(total, accuracy, outputs, next_state if layout.stateful else [])

    def _batch(
        self, data: DeviceData, starts: Any, windows: Any, step: Any, constants: RunConstants
    ) -> tuple[Any, Any, Any]:
        """Return inputs, `(B, window, width)`, targets, and inputs known at the steps of the targets, or None."""
        layout, training = self._layout, self._training
        x = tf.gather(data.inputs, starts[:, None] + tf.range(layout.window * layout.frame))
        if training.rotation_std:
            seed = (constants.seeds[-1], step)
            x = rotate_sensors(x, layout.sensors, training.rotation_std, seed, constants.mean, constants.scale)
        x = tf.reshape(x, (layout.batch, layout.window, layout.width))
        if layout.target_per_sequence:
            return x, tf.gather(data.targets, windows), None
        positions = starts[:, None] + layout.target_offset + tf.range(layout.target_steps)
        ahead = None
        if layout.known_columns:
            ahead = tf.gather(tf.gather(data.inputs, positions), layout.known_columns, axis=2)
        return x, tf.gather(data.targets, positions), ahead

    def _loss(self, outputs: Any, y: Any, lengths: Any, class_weights: Any) -> tuple[Any, Any]:
        """Return mean loss and accuracy over all predictions that are not padding and have a target.

        The loss of each prediction is multiplied by the weight of its true class, where classes have weights; the sum
        is divided by the number of predictions, not by the weights of the batch, whose mean over an epoch is 1.
        """
        layout = self._layout
        if layout.missing_targets:
            return self._loss_of_known(outputs, y, lengths, class_weights)
        losses, correct = self._losses(outputs, y, class_weights)
        if lengths is None or not layout.return_sequences:
            return tf.reduce_mean(losses), tf.reduce_mean(correct)
        mask = tf.sequence_mask(lengths, layout.window, tf.float32)
        weight = mask / tf.reduce_sum(mask)
        if not layout.class_count:
            losses = tf.reduce_mean(losses, -1)
        return tf.reduce_sum(losses * weight), tf.reduce_sum(correct * weight)

    def _losses(self, outputs: Any, y: Any, class_weights: Any) -> tuple[Any, Any]:
        """Return the loss of each output, and whether each class is correct; 0 for values."""
        correct = tf.zeros(())
        if self._layout.class_count:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, outputs)
            if smoothing := self._training.label_smoothing:
                uniform = tf.reduce_logsumexp(outputs, -1) - tf.reduce_mean(outputs, -1)
                losses = (1.0 - smoothing) * losses + smoothing * uniform
            if self._training.class_weight != "none":
                losses *= tf.gather(class_weights, y)
            correct = tf.cast(tf.equal(tf.argmax(outputs, -1, output_type=tf.int32), y), tf.float32)
        elif self._training.loss == "pinball":
            truth = tf.reshape(y, (tf.shape(outputs)[0], outputs.shape[2]))
            losses = pinball_losses(outputs, truth, self._network.shape.quantiles)
        else:
            losses = _losses_of_values(outputs - tf.reshape(y, tf.shape(outputs)), self._training.loss)
        return losses, correct

    def _loss_of_known(self, outputs: Any, y: Any, lengths: Any, class_weights: Any) -> tuple[Any, Any]:
        """Return mean loss and accuracy where some targets are missing: NaN, or class -1."""
        layout = self._layout
        if not layout.class_count:
            median = outputs[:, 0] if self._training.loss == "pinball" else outputs  # of its shape
            y = tf.reshape(y, tf.shape(median))
        known = y >= 0 if layout.class_count else tf.logical_not(tf.math.is_nan(y))
        # The missing target is replaced before the loss: a NaN would pass through the weight 0 into the gradient.
        losses, correct = self._losses(outputs, tf.where(known, y, tf.zeros_like(y)), class_weights)
        mask = tf.cast(known, tf.float32)
        if lengths is not None and layout.return_sequences:
            steps = tf.sequence_mask(lengths, layout.window, tf.float32)
            mask *= steps if layout.class_count else steps[..., None]
        weight = mask / tf.reduce_sum(mask)
        return tf.reduce_sum(losses * weight), tf.reduce_sum(correct * weight)

    def _dropout_of(self, step: Any, seeds: Any) -> Any:
        """Return a function that drops inputs, `(steps, batch, features)`, with one mask per sequence; or None."""
        if not self._dropout:
            return None

        def dropout(layer: int, x: Any) -> Any:
            shape = (1, x.shape[1], x.shape[2])
            mask = tf.random.stateless_uniform(shape, seed=tf.stack([seeds[layer], step])) >= self._dropout
            return x * tf.cast(mask, tf.float32) / (1.0 - self._dropout)

        return dropout


def _losses_of_values(errors: Any, loss: str) -> Any:
    """Return the loss of each error; `core.metrics.value_losses` computes the same of NumPy arrays."""
    if loss == "mse":
        return tf.square(errors)
    absolute = tf.abs(errors)
    if loss == "mae":
        return absolute
    return tf.where(absolute <= 1.0, 0.5 * tf.square(errors), absolute - 0.5)

"""Loads TensorFlow quietly, and names the device that it runs on."""

from __future__ import annotations

import os

from rnnstudio.engine import disk_cache
from rnnstudio.engine.quiet import default_keras, quiet_start

# TensorFlow reads this once, when it loads. Its errors reach Python as exceptions; it also logs as an error, without
# raising, that it reads a program from the disk.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
disk_cache.enable()

with quiet_start(), default_keras():
    import keras
    import tensorflow as tf

disk_cache.disable_without_names()
tf.get_logger().setLevel("ERROR")  # TensorFlow warns from the fifth compiled loop on, and every run has its own

__all__ = ["device", "keras", "tf"]


def device() -> tuple[str, str]:
    """Return the device that updates run on, "GPU" or "CPU", and the reason in a few words."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        return "GPU", str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "a GPU"))
    if not tf.test.is_built_with_cuda():
        return "CPU", "this TensorFlow is built for the CPU"
    return "CPU", "no GPU that TensorFlow can use was found; see `rnnstudio doctor`"

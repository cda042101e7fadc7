"""Loading TensorFlow quietly, and saying what it runs on."""

from __future__ import annotations

import os

from rnnstudio.engine.compiled import keep_on_disk
from rnnstudio.engine.quiet import quiet_start, usual_keras

# Read once, when TensorFlow loads. Its errors reach Python as exceptions; what it logs as one, when it reads a program
# from the disk, is none.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
keep_on_disk()

with quiet_start(), usual_keras():
    import keras
    import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # every run compiles its own loop, which TensorFlow would warn of from the fifth on

__all__ = ["device", "keras", "tf"]


def device() -> tuple[str, str]:
    """Return what updates run on, "GPU" or "CPU", and one sentence why."""
    found = tf.config.list_physical_devices("GPU")
    if found:
        return "GPU", str(tf.config.experimental.get_device_details(found[0]).get("device_name", "a GPU"))
    if not tf.test.is_built_with_cuda():
        return "CPU", "this TensorFlow is built for the CPU"
    return "CPU", "no GPU that TensorFlow can use was found; see `rnnstudio doctor`"

"""Gives back what TensorFlow keeps of compiled programs, so that a process can train networks of any number of shapes.

TensorFlow holds every program that XLA compiled, and the graph that it was made from, until the process ends. A program
takes about 150 memory maps of the 65,530 that Linux allows a process: after some 400 shapes the next one ended it.
`release` deletes the holder of the programs, a resource of the device, by its name. TensorFlow makes a new one for the
next program. Where another version of TensorFlow calls it otherwise, nothing is released, and `check_room` refuses a
program before the limit is reached.

The bodies of the functions in a program stay even then, about 1 MB. Without `brief_stacks` it would be 8 MB: they hold
files, lines and functions of the Python stack that made each operation. TensorFlow also keeps what it prepared to run
single operations, anew for each shape of a variable, about 2 MB a network; `release` deletes that as well.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.free_memory import give_back
from rnnstudio.engine.runtime import tf

_HOLDER = "xla_device_compiler"  # of tensorflow/compiler/jit, with the type of its class as the compiler writes it:
_HOLDER_TYPE = b"N10tensorflow14DeviceCompilerIN3xla15LocalExecutableENS1_11LocalClientEEE"
_CPU = "/job:localhost/replica:0/task:0/device:CPU:0"
_BUCKETS = 2**63 - 1
_MAX_SHARE = 0.9  # of the memory maps that a process may have


class _Thread(threading.local):
    """The stack that this thread records for each operation, in place of its own; None for its own."""

    stack: Any = None


_thread = _Thread()


def release() -> None:
    """Delete all compiled programs. None may run, or be waiting to run; one that is called again compiles again."""
    from tensorflow.core.framework import tensor_pb2, types_pb2

    # TensorFlow finds a resource by the 64-bit hash of its type, of which this op returns the remainder.
    remainder = int(tf.raw_ops.StringToHashBucket(string_tensor=[_HOLDER_TYPE], num_buckets=_BUCKETS)[0])
    for type_hash in (remainder, remainder + _BUCKETS):
        handle = tensor_pb2.TensorProto(dtype=types_pb2.DT_RESOURCE)
        handle.resource_handle_val.add(device=_CPU, container="localhost", name=_HOLDER, hash_code=type_hash)
        with tf.device(_CPU):
            resource = tf.io.parse_tensor(handle.SerializeToString(), tf.resource)
            tf.raw_ops.DestroyResourceOp(resource=resource, ignore_lookup_error=True)
    _forget_operations()
    gc.collect()
    give_back()


@contextmanager
def gradients_forgotten() -> Iterator[None]:
    """Forget the gradients of `tf.custom_gradient` that are registered inside, whose graph stays otherwise.

    A traced program holds its own gradients. The register is private; without it everything is kept as before.
    """
    registered = _registered_gradients()
    before = set(registered)
    try:
        yield
    finally:
        for name in [name for name in registered if name not in before and str(name).startswith("CustomGradient-")]:
            del registered[name]


@contextmanager
def brief_stacks() -> Iterator[None]:
    """Record one line of this file as the stack of all operations that this thread makes inside.

    Messages of TensorFlow about a single operation name that line. The function that records stacks is private; without
    it everything is recorded as before.
    """
    record = _recorder()
    if record is None:
        yield
        return
    before, _thread.stack = _thread.stack, record(1)[-1:]
    try:
        yield
    finally:
        _thread.stack = before


def check_room() -> None:
    """Check that one more program fits into this process.

    Raises:
        RnnStudioError: The process has nearly as many memory maps as the system allows.
    """
    used, allowed = memory_maps()
    if allowed and used > _MAX_SHARE * allowed:
        raise RnnStudioError(
            f"This process has compiled too many networks: it uses {used:,} of the {allowed:,} memory maps that the "
            "system allows, and would end without a word at the limit. Start rnnstudio, or R, again; saved runs stay."
        )


def memory_maps() -> tuple[int, int]:
    """Return how many memory maps this process has, and how many it may have; zeros where the system is not Linux."""
    try:
        with Path("/proc/self/maps").open("rb") as file:
            return sum(1 for _ in file), int(Path("/proc/sys/vm/max_map_count").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0, 0


def _recorder() -> Callable[[int], Any] | None:
    """Return the function that records stacks, once it heeds what the thread says; None where this version has none."""
    try:
        from tensorflow.python.util import tf_stack
    except ImportError:
        return None
    extract = getattr(tf_stack, "extract_stack", None)
    if extract is None or hasattr(extract, "heeds_thread"):
        return extract

    def extract_stack(stacklevel: int = 1) -> Any:
        return extract(stacklevel + 1) if _thread.stack is None else _thread.stack

    extract_stack.heeds_thread = True  # type: ignore[attr-defined]
    tf_stack.extract_stack = extract_stack
    return extract_stack


def _registered_gradients() -> dict[str, Any]:
    """Return TensorFlow's register of gradients; an empty one where this version has none."""
    try:
        from tensorflow.python.framework import ops
    except ImportError:
        return {}
    registered = getattr(getattr(ops, "gradient_registry", None), "_registry", None)
    return registered if isinstance(registered, dict) else {}


def _forget_operations() -> None:
    """Release what TensorFlow has prepared to run single operations and traced functions; it prepares them again.

    The function is private; without it everything is kept.
    """
    try:
        from tensorflow.python.eager import context
    except ImportError:
        return
    clear = getattr(context.context(), "clear_kernel_cache", None)
    if clear is not None:
        clear()

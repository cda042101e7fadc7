"""Empty modules instead of two parts of TensorFlow that it imports at every start and rnnstudio does not use.

TensorFlow Lite and the remote profiler take 40 MB of libraries and a third of a second. The bundle runs this module
before anything else.
"""

import sys
from types import ModuleType

_API = "tensorflow._api.v2"
for _version in ("", ".compat.v1", ".compat.v2", *(f".compat.v{i}.compat.v{j}" for i in (1, 2) for j in (1, 2))):
    for _part in ("lite", "profiler"):
        _name = f"{_API}{_version}.{_part}"
        sys.modules[_name] = ModuleType(_name)

"""Empty stand-ins for two parts of TensorFlow that it loads at every start and that rnnstudio never uses.

TensorFlow Lite and the remote profiler bring 40 MB of libraries and a third of a second; run by the bundle only, before
anything else.
"""

import sys
from types import ModuleType

_API = "tensorflow._api.v2"
for _version in ("", ".compat.v1", ".compat.v2", *(f".compat.v{i}.compat.v{j}" for i in (1, 2) for j in (1, 2))):
    for _part in ("lite", "profiler"):
        _name = f"{_API}{_version}.{_part}"
        sys.modules[_name] = ModuleType(_name)

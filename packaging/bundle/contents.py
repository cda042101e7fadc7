"""What goes into the bundle, and what its parts bring along that no user of the program ever reaches."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version

# Found by imports that never happen: tests, notebooks, other toolkits' windows, distributed training, most of SciPy.
UNUSED_MODULES = [
    "IPython",
    "OpenGL",
    "PySide6.QtNetwork",
    "PySide6.QtTest",
    "_pytest",
    "grpc",
    "hypothesis",
    "jax",
    "matplotlib",
    "mypy",
    "numba",
    "pip",
    "pyarrow.acero",
    "pyarrow.dataset",
    "pyarrow.flight",
    "pyarrow.gandiva",
    "pyarrow.substrait",
    "pyarrow.tests",
    "pytest",
    "readline",  # for prompts, which there are none of; GPL
    *(
        f"scipy.{part}"
        for part in (
            "cluster",
            "constants",
            "datasets",
            "differentiate",
            "fft",
            "fftpack",
            "integrate",
            "interpolate",
            "linalg",
            "misc",
            "ndimage",
            "odr",
            "optimize",
            "signal",
            "spatial",
            "special",
            "stats",
        )
    ),
    "scipy.sparse.csgraph",
    "scipy.sparse.linalg",
    "setuptools",
    "tensorboard",
    "tensorflow.lite",
    "tensorflow.python.profiler.profiler_client",
    "tkinter",
    "torch",
    "wheel",
]

# Imported by names that the builder cannot see.
HIDDEN_MODULES = ["PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"]  # by pyqtgraph, which draws without them here

# Paths within the bundle, with forward slashes.
_LEFT_OUT = re.compile(
    r"""
      ^tensorflow/include/ | ^tensorflow/lite/ | ^tensorflow/tools/ | \.pyi$ | (^|/)tests?/
    | (stablehlo_extension|_xla_ops|_pywrap_profiler_plugin)\.so$
    | ^grpc/
    | ^pyarrow/(include|tests|src)/ | ^pyarrow/.*\.(pxd|pyx|pxi)$
    | (^|/)libarrow_(python_)?(flight|parquet_encryption|s3)[_a-z]*\.so
    | ^pyarrow/_(acero|dataset|feather|flight|orc|parquet_encryption|substrait|s3fs|gcsfs|azurefs|hdfs)
    | ^pyarrow/libarrow_python\.so(\.\d+\.\d+\.\d+)?$   # the same file again, twice
    | ^scipy\.libs/libscipy_openblas
    | ^PySide6/Qt/translations/(?!qtbase_)
    | ^PySide6/Qt/plugins/(egldeviceintegrations|networkinformation|tls|generic|platforminputcontexts/.*virtualkeyboard)
    | ^PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimalegl|minimal|vnc|vkkhrdisplay)
    | ^PySide6/Qt/plugins/platformthemes/libqgtk3 | ^PySide6/Qt/plugins/imageformats/libqtiff
    | (^|/)(libQt6(Network|Test|EglF|Quick|Qml|VirtualKeyboard|Pdf)[A-Za-z]*\.so | lib(gtk|gdk)-3\.so
      | lib(krb5|k5crypto|krb5support|gssapi_krb5|com_err|keyutils)\.so)
    | ^lib(stdc\+\+|gcc_s)\.so          # the system's own are never older than what the system's other libraries need
    """,
    re.VERBOSE,
)


def is_left_out(path: str) -> bool:
    """Return whether a file of the bundle, by its path within it, is of no use there."""
    return bool(_LEFT_OUT.search(path.replace("\\", "/")))


# What the system brings: its C and C++ libraries, and what Qt draws with. The Debian package names their packages.
_SYSTEMS = re.compile(
    r"^(ld|lib(c|m|dl|rt|pthread|util|resolv|stdc\+\+|gcc_s|EGL|GL|GLX|OpenGL|drm|xcb|wayland-(client|cursor|egl)))[.-]"
)


def is_systems(library: str) -> bool:
    """Return whether a library is left to the system."""
    return bool(_SYSTEMS.match(library))


def distributions() -> list[str]:
    """Return the packages whose versions the program itself asks for: `doctor` and saved runs tell them."""
    asked = ("rnnstudio", "tensorflow", "tensorflow-cpu", "keras", "numpy", "pandas", "pydantic", "pyqtgraph")
    return [name for name in (*asked, "PySide6-Essentials") if _installed(name)]


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True

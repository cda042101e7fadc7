"""Contents of the bundle: modules and files that are included or excluded."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version

# Imported only by code that the program does not run, such as tests, notebooks and other GUI toolkits.
EXCLUDED_MODULES = [
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
    "readline",  # for prompts, which the program does not use; its licence is the GPL
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

# Imported in ways that PyInstaller cannot detect.
HIDDEN_MODULES = ["PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"]  # imported by pyqtgraph, but not used

# Excluded paths within the bundle, with forward slashes.
_EXCLUDED_PATHS = re.compile(
    r"""
      ^tensorflow/include/ | ^tensorflow/lite/ | ^tensorflow/tools/ | \.pyi$ | (^|/)tests?/
    | (stablehlo_extension|_xla_ops|_pywrap_profiler_plugin)\.so$
    | ^grpc/
    | ^pyarrow/(include|tests|src)/ | ^pyarrow/.*\.(pxd|pyx|pxi)$
    | (^|/)libarrow_(python_)?(flight|parquet_encryption|s3)[_a-z]*\.so
    | ^pyarrow/_(acero|dataset|feather|flight|orc|parquet_encryption|substrait|s3fs|gcsfs|azurefs|hdfs)
    | ^pyarrow/libarrow_python\.so(\.\d+\.\d+\.\d+)?$   # two copies of the same file
    | ^scipy\.libs/libscipy_openblas
    | ^PySide6/Qt/translations/(?!qtbase_)
    | ^PySide6/Qt/plugins/(egldeviceintegrations|networkinformation|tls|generic|platforminputcontexts/.*virtualkeyboard)
    | ^PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimalegl|minimal|vnc|vkkhrdisplay)
    | ^PySide6/Qt/plugins/platformthemes/libqgtk3 | ^PySide6/Qt/plugins/imageformats/libqtiff
    | (^|/)(libQt6(Network|Test|EglF|Quick|Qml|VirtualKeyboard|Pdf)[A-Za-z]*\.so | lib(gtk|gdk)-3\.so
      | lib(krb5|k5crypto|krb5support|gssapi_krb5|com_err|keyutils)\.so)
    | ^lib(stdc\+\+|gcc_s)\.so          # those of the system are recent enough for its other libraries
    """,
    re.VERBOSE,
)


def is_excluded(path: str) -> bool:
    """Return whether a file is excluded from the bundle.

    Args:
        path: Path within the bundle.
    """
    return bool(_EXCLUDED_PATHS.search(path.replace("\\", "/")))


# Provided by the system: C and C++ libraries, and graphics libraries for Qt. The Debian package depends on them.
_SYSTEM_LIBRARIES = re.compile(
    r"^(ld|lib(c|m|dl|rt|pthread|util|resolv|stdc\+\+|gcc_s|EGL|GL|GLX|OpenGL|drm|xcb|wayland-(client|cursor|egl)))[.-]"
)


def is_system_library(library: str) -> bool:
    """Return whether a library is provided by the system."""
    return bool(_SYSTEM_LIBRARIES.match(library))


def distributions() -> list[str]:
    """Return the packages whose versions the program reads, for `doctor` and for saved runs."""
    names = ("rnnstudio", "tensorflow", "tensorflow-cpu", "keras", "numpy", "pandas", "pydantic", "pyqtgraph")
    return [name for name in (*names, "PySide6-Essentials") if _installed(name)]


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True

"""One fuzz target in its own process: `python -m tests.fuzz.one FORMAT FOLDER [OPTIONS OF LIBFUZZER]`.

A finding is any exception other than `RnnStudioError`, a hang, too much memory, or a file opened outside the folder of
the samples.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["rnnstudio.reading", "rnnstudio.core", "scipy.io", "openpyxl", "xlrd", "pickle"]
):
    from rnnstudio.core.errors import RnnStudioError
    from tests.samples import FORMATS

ALLOWED = {
    Path(__file__).resolve().parents[2],
    *(Path(entry).resolve() for entry in (sys.prefix, sys.base_prefix, *sys.path)),
}
_WRITE_MODES = set("wax+")
_FORBIDDEN = ("os.system", "subprocess.Popen", "socket.connect", "os.remove", "os.rename", "shutil.rmtree")


def main() -> None:
    """Run one target until libFuzzer ends it."""
    file_format, folder = FORMATS[sys.argv[1]], Path(sys.argv[2])
    sample = folder / f"sample{file_format.ending}"
    is_reading = False

    def audit(event: str, args: tuple[object, ...]) -> None:
        """Fail if the reader does anything but read its file and import modules."""
        if not is_reading:
            return
        if event in _FORBIDDEN:
            raise AssertionError(f"a reader called {event} {args}")
        if event == "open" and isinstance(args[0], (str, bytes)):
            path = Path(args[0].decode() if isinstance(args[0], bytes) else args[0]).resolve()
            is_allowed = path == sample or any(path.is_relative_to(entry) for entry in ALLOWED)
            if not is_allowed or (_WRITE_MODES & set(str(args[1] or ""))):
                raise AssertionError(f"a reader opened {path} ({args[1]})")

    for raw in file_format.samples():  # imports everything the reader needs
        sample.write_bytes(raw)
        file_format.read(sample)
    sys.addaudithook(audit)
    warnings.simplefilter("error")

    def read_once(raw: bytes) -> None:
        nonlocal is_reading
        sample.write_bytes(raw)
        is_reading = True
        try:
            file_format.read(sample)
        except RnnStudioError as error:
            message = str(error)
            if not 0 < len(message) < 900:
                raise AssertionError(f"the message is empty or too long: {message}") from error
        finally:
            is_reading = False

    atheris.Setup([sys.argv[0], *sys.argv[3:]], read_once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""One fuzzing target in a process of its own: `python -m tests.fuzz.one KIND FOLDER [libFuzzer's options]`.

Whatever a reader raises but `RnnStudioError`, a hang, more memory than allowed, and any file opened outside the folder
for the samples is a finding.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rnnstudio.reading", "rnnstudio.core", "scipy.io", "openpyxl", "pickle"]):
    from rnnstudio.core.errors import RnnStudioError
    from tests.fuzz.targets import TARGETS

OWN = {
    Path(__file__).resolve().parents[2],
    *(Path(entry).resolve() for entry in (sys.prefix, sys.base_prefix, *sys.path)),
}
_WRITES = set("wax+")


def main() -> None:
    """Run one target until libFuzzer ends it."""
    kind, folder = TARGETS[sys.argv[1]], Path(sys.argv[2])
    sample = folder / f"sample{kind.ending}"
    armed = False

    def watch(event: str, args: tuple[object, ...]) -> None:
        """Refuse what no reader has any business doing."""
        if not armed:
            return
        if event in ("os.system", "subprocess.Popen", "socket.connect", "os.remove", "os.rename", "shutil.rmtree"):
            raise AssertionError(f"a reader did {event} {args}")
        if event == "open" and isinstance(args[0], (str, bytes)):
            path = Path(args[0].decode() if isinstance(args[0], bytes) else args[0]).resolve()
            ours = path == sample or any(path.is_relative_to(place) for place in OWN)
            if not ours or (_WRITES & set(str(args[1] or ""))):
                raise AssertionError(f"a reader opened {path} ({args[1]})")

    for raw in kind.samples():  # imports what it needs
        sample.write_bytes(raw)
        kind.read(sample)
    sys.addaudithook(watch)
    warnings.simplefilter("error")

    def once(raw: bytes) -> None:
        nonlocal armed
        sample.write_bytes(raw)
        armed = True
        try:
            kind.read(sample)
        except RnnStudioError as error:
            said = str(error)
            if not 0 < len(said) < 900:
                raise AssertionError(f"no sentence: {said}") from error
        finally:
            armed = False

    atheris.Setup([sys.argv[0], *sys.argv[3:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

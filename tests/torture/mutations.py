"""Mutations of run folders, archives and data files: of bytes, of values in JSON, of arrays, and of whole files.

Each draws from one generator, so that seed and number of a case give it again.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import stat
import struct
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from rnnstudio.results.checked_files import checksum

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 7, 2**31, 2**53, 2**63, 10**30, 10**400, -(10**400), 0.5, -0.5, 1e-320, 1e308,
    float("nan"), float("inf"), float("-inf"), "", "a", "nan", "1", "x" * 5000, "../../etc/passwd", "/dev/zero", "a\0b",
    "\ud800", "\x1b[31mred", "<img src='/etc/passwd'>", "NaN s", "2024-13-45", [], [None], [[]], [1, "a"], [1.5] * 9,
    {}, {"a": None}, {"": []}, {"a": {"b": {"c": [{}]}}},
)  # fmt: skip
_DTYPES = ("i1", "u1", "i4", "u8", "i8", "f2", ">f4", "f4", "f8", "c8", "b1", "U3", "S2", "M8[ns]", "M8[as]", "m8[s]")
_SMALL_BYTES = 1 << 26
_DTYPES_OF_FIELDS = [("a", "f4"), ("b", "i2")]


class _Payload:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (open, (str(self.path), "w"))


def deep_json(rng: Random) -> bytes:
    """Return JSON of many levels."""
    depth = rng.choice([30, 41, 90, 990, 5000, 200_000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    inner = opening * depth + b"1" + (closing * depth if rng.random() < 0.7 else b"")
    return inner if rng.random() < 0.5 else b'{"schema_version": 5, "history": ' + inner + b"}"


def mutate_bytes(content: bytes, rng: Random) -> bytes:
    """Return other bytes: flipped, cut, repeated, zeroed, or with another number in them."""
    if not content:
        return bytes(rng.randrange(256) for _ in range(9))
    kind, data = rng.randrange(7), bytearray(content)
    at = rng.randrange(len(data))
    if kind == 0:
        for _ in range(rng.choice([1, 1, 2, 5, 30])):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del data[at:]
    elif kind == 2:
        del data[at : at + rng.choice([1, 4, 64])]
    elif kind == 3:
        data[at:at] = data[max(0, at - rng.choice([1, 8, 200])) : at]
    elif kind == 4:
        data[at : at + rng.choice([1, 4, 16])] = bytes(rng.choice([1, 4, 16]))
    elif kind == 5:
        number = rng.choice([0, 1, 2**31 - 1, 2**32 - 1, 2**63 - 1, 2**64 - 1])
        data[at : at + 8] = struct.pack("<Q" if rng.random() < 0.5 else ">Q", number)
    else:
        for _ in range(rng.choice([1, 3])):
            data[rng.randrange(len(data))] = rng.choice(b'[]{}",:0123456789-eE.\x00\xff')
    return bytes(data)


def mutate_json(plain: Any, rng: Random) -> Any:
    """Return a value of JSON with another value at a random place."""
    plain = json.loads(json.dumps(plain))
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, child in inner:
            places.append((value, key))
            walk(child)

    walk(plain)
    if not places:
        return rng.choice(VALUES)
    owner, key = rng.choice(places)
    kind = rng.randrange(14)
    if kind >= 8:
        owner[key] = _similar(owner[key], rng)
    elif kind == 0 and isinstance(owner, dict):
        del owner[key]
    elif kind == 1:
        other, place = rng.choice(places)
        with suppress(LookupError):
            owner[key] = json.loads(json.dumps(other[place]))
    elif kind == 2 and isinstance(owner, dict):
        owner["of_tomorrow"] = rng.choice(VALUES)
    elif kind == 3 and isinstance(owner[key], (int, float)):
        owner[key] = rng.choice([-owner[key], owner[key] * 1e9, owner[key] + 1, str(owner[key]), [owner[key]]])
    elif kind == 4 and isinstance(owner[key], list) and owner[key]:
        owner[key] = owner[key] * rng.choice([0, 2, 50]) if rng.random() < 0.5 else owner[key][1:]
    else:
        owner[key] = rng.choice(VALUES)
    return plain


def _similar(value: Any, rng: Random) -> Any:
    """Return another value of the same type, which may well be allowed."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return rng.choice([0, 1, 2, value + 1, value - 1, 2 * value, 1000 * value, 10**6])
    if isinstance(value, float):
        return rng.choice([0.0, 1.0, -value, value / 1e9, value * 1e9, 1e300, float("nan"), float("inf")])
    if isinstance(value, str):
        words = [
            "",
            "a",
            value * 2,
            value[::-1],
            "load",
            "label",
            "several",
            "D",
            "2024-01-01",
            "\x1b[1m<b>",
            "é" * 900,
        ]
        return rng.choice(words)
    if isinstance(value, list):
        return rng.choice([value[::-1], value[:1], value + value[:1], []])
    return value


def mutate_array(values: Any, rng: Random) -> Any:
    """Return an array of another type, shape or content."""
    kind = rng.randrange(8)
    with np.errstate(all="ignore"), suppress(ValueError, TypeError, OverflowError, IndexError):
        if kind == 0:
            return values.astype(rng.choice(_DTYPES))
        if kind == 1:
            return np.zeros(values.shape, _DTYPES_OF_FIELDS)
        if kind == 2:
            shapes = [values[None], values[..., None], values.ravel(), values.T, values[:0], values[1:], values[:-1]]
            return rng.choice(shapes)
        if kind == 3:
            return np.concatenate([values, values]) if values.ndim else np.array([values, values])
        if values.size and values.dtype.kind in "fiuM":
            changed = values.copy()
            at = rng.randrange(changed.size)
            special = {"f": [np.nan, np.inf, -np.inf, 1e38, -1, 0], "M": ["NaT", -1]}
            choices = special.get(changed.dtype.kind, [-1, -2, 0, 99, 2**31 - 1, 127, 2**62])
            value = rng.choice(choices)
            changed.reshape(-1)[at if kind < 6 else slice(None)] = value
            return changed.reshape(values.shape)
        if values.dtype.kind == "U" and values.size:
            codes = np.ascontiguousarray(values).view(np.uint32).copy()
            codes[rng.randrange(codes.size)] = rng.choice([0xD800, 0xFFFFFFFF, 0, 27, 65])
            return codes.view(values.dtype).reshape(values.shape)
    return np.zeros(rng.choice([(), (0,), (3,), (2, 2), (1, 1, 1, 1)]))


def npy_bytes(values: Any) -> bytes:
    """Return an array as a .npy file."""
    file = io.BytesIO()
    np.save(file, values, allow_pickle=True)
    return file.getvalue()


def lying_npy(content: bytes, rng: Random) -> bytes:
    """Return a .npy file whose header declares another shape or type."""
    start = content.find(b"(")
    end = content.find(b")", start)
    shapes = [b"(99999999999,)", b"(1, 4294967296, 4294967296)", b"(-1,)", b"(True,)", b"(0,)", b"(" * 60, b"(1e9,)"]
    descr = [b"'|O'", b"'<f16'", b"'<U999999999'", b"'|V9'", b"[('a', '<f4')]", b"'<M8[as]'", b"__import__('os')"]
    if rng.random() < 0.6:
        return content[:start] + rng.choice(shapes) + content[end + 1 :]
    begin = content.find(b"'", content.find(b"descr") + 6)
    return content[:begin] + rng.choice(descr) + content[content.find(b"'", begin + 1) + 1 :]


def mutate_npz(content: bytes, rng: Random, payload: Path) -> bytes:
    """Return an archive of arrays of which one is another, is missing, lies, or is a pickle."""
    with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
        arrays = {name: npy_bytes(loaded[name]) for name in loaded.files}
        name = rng.choice(list(arrays)) if arrays else "a"
        kind = rng.randrange(10)
        if kind == 0:
            arrays.pop(name, None)
        elif kind == 1:
            arrays[rng.choice(["of_tomorrow", "eval/x", "../x", "weights", "a" * 300])] = npy_bytes(np.zeros(3))
        elif kind == 2 and len(arrays) > 1:
            other = rng.choice(list(arrays))
            arrays[name], arrays[other] = arrays[other], arrays[name]
        elif kind == 3 and name in arrays:
            arrays[name] = lying_npy(arrays[name], rng)
        elif kind == 4:
            arrays[name] = rng.choice(
                [pickle.dumps(_Payload(payload)), npy_bytes(np.array([_Payload(payload)], object))]
            )
        elif name in arrays:
            arrays[name] = npy_bytes(mutate_array(loaded[name], rng))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for name, array in arrays.items():
            archive.writestr(f"{name}.npy", array)
    return file.getvalue()


def mutate_file(path: Path, rng: Random, sentinel: Path) -> None:
    """Put something else in the place of a file: a folder, a link, a pipe, nothing, or very much."""
    kind = rng.randrange(7)
    path.unlink()
    if kind == 0:
        path.mkdir()
    elif kind == 1:
        path.symlink_to(rng.choice([sentinel / "secret.json", Path("/dev/zero"), Path("/nowhere"), path, sentinel]))
    elif kind == 2:
        os.mkfifo(path)
    elif kind == 3:
        with path.open("wb") as file:
            file.truncate(rng.choice([1 << 20, 3 << 30, 1 << 40]))
    elif kind == 4:
        path.write_bytes(b"")
    elif kind == 5:
        path.write_bytes(deep_json(rng))


def mutate_run(folder: Path, rng: Random, others: list[Path], sentinel: Path) -> str:
    """Change a run in its folder, and return what was done, in words.

    Args:
        folder: A copy of a run.
        rng: Draws what is done.
        others: Folders of other runs, whose files may be taken.
        sentinel: A folder whose files must stay as they are.
    """
    done = []
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        names = sorted(path.name for path in folder.iterdir() if is_small_file(path))
        path = folder / rng.choice(names or ["run.json"])
        kind = rng.choice(["bytes", "json", "json", "json", "array", "array", "file", "swap", "deep"])
        with suppress(Exception):  # what was mutated before may be no array or JSON any more
            _mutate_one(path, kind, rng, others, sentinel)
        done.append(f"{kind} of {path.name}")
    if rng.random() < 0.85:
        sign(folder)
        done.append("signed")
    return ", ".join(done)


def is_small_file(path: Path) -> bool:
    """Return whether a path is a file that may be read whole."""
    status = path.lstat()
    return stat.S_ISREG(status.st_mode) and status.st_size < _SMALL_BYTES


def _mutate_one(path: Path, kind: str, rng: Random, others: list[Path], sentinel: Path) -> None:
    if kind == "file":
        mutate_file(path, rng, sentinel)
    elif kind == "swap":
        files = [file for other in rng.sample(others, min(3, len(others))) for file in sorted(other.iterdir())]
        files = [file for file in files if file.is_file() and is_small_file(file)] or [path]
        same = [file for file in files if file.name == path.name] if rng.random() < 0.8 else files
        path.write_bytes(rng.choice(same or files).read_bytes())
    elif kind == "deep":
        path.write_bytes(deep_json(rng))
    elif kind == "json" and path.suffix == ".json":
        path.write_text(json.dumps(mutate_json(json.loads(path.read_bytes()), rng)), errors="surrogatepass")
    elif kind == "array" and path.suffix == ".npz":
        path.write_bytes(mutate_npz(path.read_bytes(), rng, sentinel / "executed"))
    elif kind == "array" and path.suffix == ".npy":
        content = path.read_bytes()
        array = mutate_array(np.load(io.BytesIO(content), allow_pickle=False), rng)
        path.write_bytes(lying_npy(content, rng) if rng.random() < 0.3 else npy_bytes(array))
    else:
        path.write_bytes(mutate_bytes(path.read_bytes(), rng))


def sign(folder: Path) -> None:
    """Give `run.json` the checksums of the files that are there, where it can be read, as another program could."""
    import hashlib

    file = folder / "run.json"
    try:
        if not is_small_file(file):
            return
        plain = json.loads(file.read_bytes())
        for entry in plain["files"].values():
            path = folder / entry["stored"]
            if is_small_file(path):
                content = path.read_bytes()
                entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        plain.pop("sha256", None)
        file.write_text(json.dumps({**plain, "sha256": checksum(plain)}))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return


def mutate_index(content: bytes, rng: Random) -> tuple[bytes, bool]:
    """Return another index of the run list, and whether its checksum is right although its rows say something else."""
    import hashlib

    body = content.partition(b"\n")[2]
    kind = rng.randrange(4)
    if kind == 0:
        return mutate_bytes(content, rng), False
    if kind == 1:
        return (deep_json(rng) if rng.random() < 0.5 else b""), False
    plain = json.loads(body)
    if kind == 2:
        for indexed in plain["rows"].values():
            indexed["row"] = mutate_json(indexed["row"], rng)
    else:
        plain = mutate_json(plain, rng)
    changed = json.dumps(plain).encode(errors="surrogatepass")
    return hashlib.sha256(changed).hexdigest().encode() + b"\n" + changed, True


def mutate_archive(content: bytes, rng: Random) -> bytes:
    """Return an archive with changed bytes, or members that are links, lie outside, come twice, or unpack to much."""
    kind = rng.randrange(8)
    if kind < 3:
        return mutate_bytes(content, rng)
    file = io.BytesIO(content)
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")  # members of one name
            names = archive.namelist() or ["run.json"]
            info = zipfile.ZipInfo(rng.choice([*names, "../run.json", "/etc/passwd", "C:\\x", "run.json/", "\0", "é"]))
            if kind == 3:
                info.external_attr = (rng.choice([stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK]) | 0o777) << 16
            body = bytes(rng.choice([1, 100, 50 << 20])) if kind == 4 else deep_json(rng)
            archive.writestr(info, body, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, ValueError, OSError):
        return mutate_bytes(content, rng)
    changed = file.getvalue()
    if kind >= 6:  # sizes in the central directory
        at = changed.rfind(b"PK\x01\x02")
        size = struct.pack("<I", rng.choice([0, 1, 2**31, 2**32 - 1]))
        changed = changed[: at + 24] + size + changed[at + 28 :]
    return changed

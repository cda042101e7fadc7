"""The .arff format of Weka: declared attributes, and rows with a value for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.text.text_encoding import decode

KIND = "an .arff file of Weka"
_HEAD_BYTES = 1 << 20  # searched for the declarations
_QUOTED = r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\""
_CELL = re.compile(rf"\s*(?:{_QUOTED}|([^,]*))\s*(,|$)")
_ATTRIBUTE = re.compile(rf"@attribute\s+(?:{_QUOTED}|(\S+?))(?:\s+|(?={{))(.*)", re.IGNORECASE)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_NUMBERED = re.compile(r"(.*?)(\d{1,9})")
_NUMERIC = ("numeric", "real", "integer")


@dataclass(frozen=True)
class Attribute:
    """A declared column.

    Attributes:
        name: Its name.
        kind: "numeric", "text", "date", "nominal" or "relational", which holds the dimensions of a sequence.
        values: The values of a nominal attribute, in order.
        pattern: How dates are written, as in Java; empty where it is not stated.
    """

    name: str
    kind: str
    values: tuple[str, ...] = ()
    pattern: str = ""


@dataclass
class ArffFile:
    """What an .arff file holds.

    Attributes:
        attributes: Its columns.
        rows: The cells of each row; None where a value is missing.
        lines: Line of each row, counted from 1.
        encoding: Encoding of the text.
    """

    attributes: list[Attribute] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    encoding: str = ""

    @property
    def class_index(self) -> int:
        """Index of the attribute with the class if each row is a sequence, the last or the first; -1 if none is.

        Such a file has numbered attributes, one for each step, or one relational attribute, and a nominal one.
        """
        return self._index_of("nominal")

    @property
    def value_index(self) -> int:
        """Index of the attribute with the value if each row is a sequence, likewise, a numeric one; -1 if none is."""
        return self._index_of("numeric")

    def _index_of(self, kind: str) -> int:
        for index, steps in ((-1, self.attributes[:-1]), (0, self.attributes[1:])):
            if steps and self.attributes[index].kind == kind and _are_steps(steps):
                return index % len(self.attributes)
        return -1


def parse_arff(path: str | Path, encoding: str = "") -> ArffFile:
    """Return the attributes and rows of an .arff file.

    Args:
        path: The file.
        encoding: Encoding of the text; found when empty.

    Raises:
        DataError: The file is damaged, or has sparse rows; the message names the line.
    """
    file = existing_file(path, KIND)
    with decoding(file, KIND):
        decoded = decode(file.name, file.read_bytes(), encoding)
        content = ArffFile(encoding=decoded.encoding)
        lines = enumerate(decoded.utf8.decode().split("\n"), start=1)
        _parse_declarations(file.name, lines, content)
        for number, raw in lines:
            line = raw.strip()
            if not line or line.startswith("%"):
                continue
            if line.startswith("{"):
                raise DataError(
                    f"{file.name}, line {number}: a value for each attribute is expected; received a sparse row. Save "
                    "the file with Weka's filter SparseToNonSparse."
                )
            cells = split_cells(line)
            if len(cells) != len(content.attributes):
                raise DataError(
                    f"{file.name}, line {number}: {len(content.attributes)} values are expected, one for each "
                    f"attribute; received {len(cells)}."
                )
            content.rows.append(cells)
            content.lines.append(number)
    if not content.rows:
        raise DataError(f"{file.name}: rows after the line @data are expected; received none.")
    return content


def arff_declarations(path: str | Path) -> ArffFile:
    """Return the attributes of an .arff file without its rows.

    Raises:
        DataError: The file is missing or damaged.
    """
    file = existing_file(path, KIND)
    with decoding(file, KIND), file.open("rb") as stream:
        text = stream.read(_HEAD_BYTES).decode("utf-8", errors="replace")
    content = ArffFile()
    _parse_declarations(file.name, enumerate(text.split("\n"), start=1), content)
    return content


def split_cells(line: str) -> list[str | None]:
    r"""Return the cells of a row, without quotes; None for a question mark without quotes.

    >>> split_cells(r"1.5, 'a, b', ?, '?', 'it\'s'")
    ['1.5', 'a, b', None, '?', "it's"]
    """
    if "'" not in line and '"' not in line:
        cells = (cell.strip() for cell in line.split("," if "," in line else "\t"))
        return [None if cell == "?" else cell for cell in cells]
    result: list[str | None] = []
    for match in _CELL.finditer(line):
        quoted = match[1] if match[1] is not None else match[2]
        plain = (match[3] or "").strip()
        result.append(_unescaped(quoted) if quoted is not None else None if plain == "?" else plain)
        if not match[4]:
            break
    return result


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text) if "\\" in text else text


def _parse_declarations(name: str, lines: Iterator[tuple[int, str]], content: ArffFile) -> None:
    """Read the lines up to @data into the attributes of a file."""
    within = ""  # name of the relational attribute whose own attributes follow
    for number, raw in lines:
        line = raw.strip().lstrip("\ufeff")
        tag = line.split(None, 1)[0].lower() if line else ""
        if not line or line.startswith("%") or tag == "@relation":
            continue
        if tag == "@data":
            if content.attributes and not within:
                return
            break
        if tag == "@end":
            within = ""
            continue
        match = _ATTRIBUTE.fullmatch(line)
        if not match:
            raise DataError(
                f"{name}, line {number}: a line such as '@attribute load numeric' or '@data' is expected; received "
                f"{line[:40]!r}."
            )
        attribute = _attribute(name, number, _unescaped(next(filter(None, match.groups()[:3]), "")), match[4].strip())
        if within:
            continue
        if attribute.name in {other.name for other in content.attributes}:
            raise DataError(f"{name}, line {number}: an attribute is declared twice: {attribute.name[:40]!r}.")
        content.attributes.append(attribute)
        within = attribute.name if attribute.kind == "relational" else ""
    received = f"{len(content.attributes)} attributes without @data" if content.attributes else "none"
    raise DataError(f"{name}: lines @attribute and then a line @data are expected; received {received}.")


def _attribute(name: str, line: int, label: str, declared: str) -> Attribute:
    word, _, rest = declared.partition(" ")
    if declared.startswith("{") and declared.endswith("}"):
        return Attribute(label, "nominal", tuple(value or "" for value in split_cells(declared[1:-1])))
    if word.lower() in _NUMERIC:
        return Attribute(label, "numeric")
    if word.lower() == "string":
        return Attribute(label, "text")
    if word.lower() == "date":
        return Attribute(label, "date", pattern=rest.strip().strip("'\""))
    if word.lower() == "relational":
        return Attribute(label, "relational")
    raise DataError(
        f"{name}, line {line}: a type is expected (numeric, string, date, or values in braces); received "
        f"{declared[:40]!r}."
    )


def _are_steps(attributes: list[Attribute]) -> bool:
    """Return whether attributes are the steps of a sequence: numbered numbers, or one relational attribute."""
    if len(attributes) == 1:
        return attributes[0].kind == "relational"
    matches = [_NUMBERED.fullmatch(attribute.name) for attribute in attributes]
    if any(attribute.kind != "numeric" for attribute in attributes) or not all(matches):
        return False
    parts = [(match[1], int(match[2])) for match in matches if match]
    return all(after == (before[0], before[1] + 1) for before, after in pairwise(parts))

"""The encoding of a text file: declared by its first bytes, UTF-8, or guessed from the letters."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.reading.text.latin_encodings import USUAL_LATIN, latin_encoding, mixed_utf8, other_lines_text
from rnnstudio.reading.text.long_bytes import as_utf8, is_utf8, lines_of

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = {
    b"%PDF-": "a PDF document", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"\x1f\x8b": "a gzip archive",
    b"PK\x03\x04": "a workbook or zip archive", b"\xd0\xcf\x11\xe0": "an Office document of before 2007",
    b"GIF8": "an image", b"SQLite format 3": "a database",
}  # fmt: skip
_EXPECTED = "a text table such as a .csv file is expected"
_TRY_ANOTHER = "Open a table, such as a .csv file or an Excel workbook."
_ADVICE = {"an image": _TRY_ANOTHER, "a gzip archive": "Unpack it first."}
_SAMPLE = 1 << 16  # bytes searched for zero bytes, and of lines with letters beyond ASCII that a guess is made from
_OTHER_ALPHABETS = ["cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256"]
_ENCODINGS_OF_SIGNS = ("cp1252", "cp1251")  # whose euro signs are \x80 and \x88
_CYRILLIC, _MIN_COMMON = set("оеаинтсрвл"), 0.45
_COMMON = {"cp1251": _CYRILLIC, "koi8_r": _CYRILLIC, "cp866": _CYRILLIC, "cp1253": set("αοιετσνηυρπκά")}
_MIN_RUN = 2.5  # mean number of bytes beyond ASCII side by side, from which on the alphabet is not a Latin one
_USUAL_SIGNS = set("€£¥°²³µ±«»„“”‚‘’–—…№\N{NO-BREAK SPACE}")
_MIN_WORDS = 0.8  # share of the runs that must be words
_FIRST_LETTER = b"\xc0"  # signs such as those of euro and degree stand before it
_MIN_PAIRS = 3  # runs of even length, from which on letters take two bytes
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_BESIDE_ASCII = re.compile(rb"[A-Za-z][\x80-\xff]+|[\x80-\xff]+(?![CF](?![A-Za-z]))[A-Za-z]")  # but no degrees
_TWO_BYTE = (  # with the bytes of text that holds common letters only
    ("cp932", re.compile(rb"(?:[\x00-\x7f]|[\x81-\x97][\x40-\xfc]|\x98[\x40-\x72])*")),
    ("cp949", re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xa3\xa8\xa9\xb0-\xc8][\xa1-\xfe])*")),
    ("gb18030", re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xa3\xb0-\xd7][\xa1-\xfe])*")),
    ("big5", re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xc6][\x40-\x7e\xa1-\xfe])*")),
)


class NoTextError(DataError):
    """A file is of another kind than text; no setting of reading helps."""

    __module__ = "rnnstudio"


@dataclass(frozen=True)
class Decoded:
    """The text of a file.

    Attributes:
        utf8: The text, encoded in UTF-8 without a byte order mark.
        encoding: Its encoding in the file.
        is_guess: Whether the encoding was guessed from the letters.
        other_lines: Lines that have another encoding than the rest.
    """

    utf8: bytes
    encoding: str
    is_guess: bool = False
    other_lines: tuple[int, ...] = ()

    @property
    def note(self) -> str:
        """The sentence about an encoding that was guessed; empty for none."""
        others = other_lines_text(self.other_lines)
        return f"The encoding is not stated; {self.encoding} is assumed{others}." if self.is_guess else ""


def decode(name: str, raw: bytes, encoding: str = "") -> Decoded:
    r"""Return the text of a file.

    Args:
        name: Name of the file in messages.
        raw: Its bytes.
        encoding: Its encoding; found when empty.

    Raises:
        SettingError: `encoding` is unknown, or the file has another encoding.
        DataError: The file is not text.

    >>> decode("sales.csv", "Jahr;Gr\u00f6\u00dfe".encode("cp1252")).encoding
    'cp1252'
    """
    if encoding:
        return Decoded(_decoded_as(name, raw, encoding), codecs.lookup(encoding).name)
    for mark, marked in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            if marked == "utf-8":
                while raw.startswith(mark):  # some programs write a second one
                    raw = raw[len(mark) :]
                return Decoded(_valid_utf8(name, raw), "utf-8 with a byte order mark")
            return Decoded(_decoded_as(name, raw, marked), marked)
    head = raw[:_SAMPLE]
    for signature, kind in _OTHER_FILES.items():
        if raw.startswith(signature):
            raise NoTextError(f"{name}: {_EXPECTED}; received {kind}. {_ADVICE.get(kind, 'Save its table as .csv.')}")
    if b"\0" in head:
        wide = _utf16_without_mark(head)
        if not wide:
            raise _zero_bytes_error(name, head)
        return Decoded(_decoded_as(name, raw, wide), wide, is_guess=True)
    if not is_utf8(raw):
        return _guessed(raw)
    return Decoded(raw, "utf-8")


def _zero_bytes_error(name: str, head: bytes) -> DataError:
    text = head.replace(b"\0", b"")
    if b"\n" not in text or _CONTROL.search(text):
        return NoTextError(f"{name}: {_EXPECTED}; received binary data. {_TRY_ANOTHER}")
    line = head.count(b"\n", 0, head.find(b"\0")) + 1
    return DataError(
        f"{name}, row {line}: text is expected; received zero bytes, as in files that were not closed. Remove them, "
        "and look at the rows beside them."
    )


def _decoded_as(name: str, raw: bytes, encoding: str) -> bytes:
    try:
        return as_utf8(raw, encoding)
    except LookupError:
        raise SettingError(
            f"encoding must be the name of a text encoding such as utf-8, cp1252 or gbk; received {encoding!r}.",
            "encoding",
        ) from None
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        line = raw.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise SettingError(
            f"{name}, row {line} is not text in the encoding {encoding}. Set encoding to another one, or leave it "
            "empty to have it found.",
            "encoding",
        ) from None


def _valid_utf8(name: str, raw: bytes) -> bytes:
    if not is_utf8(raw):
        _decoded_as(name, raw, "utf-8")  # raises the error
    return raw


def _utf16_without_mark(head: bytes) -> str:
    """Return the byte order of UTF-16 text of mostly ASCII letters; empty for binary data."""
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.5 * len(odd) and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.5 * len(even) and not odd.count(0) else ""


def _guessed(raw: bytes) -> Decoded:
    """Return text that is not UTF-8 in the encoding that its letters suggest.

    Letters of East Asia take two bytes, of which the common letters have their own range in each encoding. Letters of
    other alphabets than the Latin one stand side by side, those of a Latin one between letters of ASCII.
    """
    sample = _lines_beyond_ascii(raw)[:_SAMPLE].rsplit(b"\n", 1)[0]
    if _UTF8_LETTER.search(sample) and (mixed := mixed_utf8(raw)):
        return Decoded(mixed[0], "utf-8", is_guess=True, other_lines=tuple(mixed[1]))
    runs = [run for run in _BEYOND_ASCII.findall(sample) if len(run) > 1 or run >= _FIRST_LETTER]
    mean_run = sum(map(len, runs)) / max(len(runs), 1)
    distinct = set(runs)  # a sign such as per mille in each row says less than the names above
    are_long = sum(map(len, distinct)) >= _MIN_RUN * max(len(distinct), 1)
    is_two_byte = (
        mean_run >= _MIN_RUN or are_long or (len(runs) >= _MIN_PAIRS and all(len(run) % 2 == 0 for run in runs))
    )
    candidates = [encoding for encoding, common in _TWO_BYTE if is_two_byte and common.fullmatch(sample)]
    is_latin = len(_BESIDE_ASCII.findall(sample)) > len(runs) / 2
    if not candidates and mean_run >= _MIN_RUN and not is_latin:
        from charset_normalizer import from_bytes

        fitting = [encoding for encoding in _OTHER_ALPHABETS if _are_words(runs, encoding)] or _OTHER_ALPHABETS
        fitting = [encoding for encoding in fitting if _has_usual_signs(sample, encoding)] or fitting
        fitting = [encoding for encoding in fitting if not _are_mostly_capitals(runs, encoding)] or fitting
        alone = b"".join({run for run in _BEYOND_ASCII.findall(sample) if len(run) == 1})
        fitting = [
            encoding for encoding in fitting if set(alone.decode(encoding, "replace")) <= _USUAL_SIGNS
        ] or fitting
        likely = max(_COMMON, key=lambda encoding: _common_share(runs, encoding))
        if likely in fitting and _common_share(runs, likely) >= _MIN_COMMON:
            candidates = [likely]
        else:
            best = from_bytes(sample, cp_isolation=fitting).best()
            candidates = [best.encoding if best is not None else fitting[0]]
    if not runs and not _BESIDE_ASCII.search(sample):  # signs beside numbers
        candidates = [encoding for encoding in _ENCODINGS_OF_SIGNS if _has_usual_signs(sample, encoding)][:1]
    latin = latin_encoding(sample)
    for encoding in (
        *candidates,
        *([latin] if latin else []),
        *(encoding for encoding, common in _TWO_BYTE if common.fullmatch(sample)),
        USUAL_LATIN,
    ):
        try:
            return Decoded(as_utf8(raw, encoding), encoding, is_guess=True)
        except UnicodeDecodeError:
            continue
    return Decoded(as_utf8(raw, "latin-1"), "latin-1", is_guess=True)


def _lines_beyond_ascii(raw: bytes) -> bytes:
    """Return the first lines with letters beyond ASCII, somewhat more of them than a guess is made from."""
    lines, size = [], 0
    for line in lines_of(raw):
        if not line.isascii():
            lines.append(line)
            size += len(line) + 1
            if size > _SAMPLE:
                break
    return b"\n".join(lines)


def _has_usual_signs(sample: bytes, encoding: str) -> bool:
    """Return whether the bytes beyond ASCII are letters in an encoding, or signs as they stand in tables."""
    try:
        others = set(sample.decode(encoding)) - _USUAL_SIGNS
    except UnicodeDecodeError:
        return False
    return all(sign.isascii() or unicodedata.category(sign) in ("Lu", "Ll", "Lo") for sign in others)


def _common_share(runs: list[bytes], encoding: str) -> float:
    """Return the share of the letters that are common ones of the alphabet."""
    letters = b"".join(runs).decode(encoding, "replace").lower()
    return sum(letter in _COMMON[encoding] for letter in letters) / max(len(letters), 1)


def _are_mostly_capitals(runs: list[bytes], encoding: str) -> bool:
    letters = b"".join(runs).decode(encoding, "replace")
    return sum(map(str.isupper, letters)) > len(letters) / 2


def _are_words(runs: list[bytes], encoding: str) -> bool:
    """Return whether runs of bytes beyond ASCII are words in an encoding, with capitals at their beginning only."""
    try:
        words = [run.decode(encoding).strip("\N{EURO SIGN}\N{DEGREE SIGN}\N{NO-BREAK SPACE}") for run in runs]
    except UnicodeDecodeError:
        return False
    proper = sum(word.isalpha() and (word[1:] == word[1:].lower() or word.isupper()) for word in words)
    return proper >= _MIN_WORDS * len(words)

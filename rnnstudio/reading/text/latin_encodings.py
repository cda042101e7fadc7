"""Which encoding of a Latin alphabet letters beyond ASCII have, and lines of UTF-8 text in another encoding."""

from __future__ import annotations

import re
from collections.abc import Sequence

USUAL_LATIN = "cp1252"  # Western Europe, of which short texts are nearly always written where the letters do not decide
_OTHERS = ("cp1250", "iso8859_2", "mac_roman", "cp850")
_WESTERN = (  # letters beyond ASCII of one language each
    "äöüß", "àâçèéêëîïôùûüÿœ", "áéíñóúü", "àèéìòóù", "àáâãçéêíóôõúü", "åäöé", "åæøéòóâô", "àáèéëïóöüç", "áéíóúýæöðþ",
    "áíóúýæøð", "àèéíïòóúüç", "õäöüšž", "áéíóú", "àèìòù", "çë", "äöüàéèç",
)  # fmt: skip
_CENTRAL = ("áčďéěíňóřšťúůýž", "ąćęłńóśźż", "áéíóöőúüű", "áäčďéíĺľňóôŕšťúýž", "ăâîşţ", "čćđšž")
_BEFORE, _AFTER = set("€£¥°µ¿¡«„“‘‚§№"), set("€£¥°²³»”’“™®©…‰")  # signs that stand before and after letters
_ZLOTY = "z³"  # the currency of Poland, whose encoding is another one
_BETWEEN = set("–—·’")
_TOKENS = re.compile(r"[^\s\d;,|\"'.:()/\-\[\]=+*_<>]+")
_MIN_UTF8 = 0.8  # share of the lines beyond ASCII that are UTF-8


def latin_encoding(sample: bytes) -> str:
    """Return the encoding of letters beyond ASCII between letters of ASCII; empty where none fits.

    It is that of Western Europe, unless signs would then stand within words, or capitals after small letters, or the
    letters would be those of no language there, but are those of one in Central Europe.

    >>> [latin_encoding(text.encode("cp1250")) for text in ("Größe in °C", "sprzedaż w Łodzi", "měsíc")]
    ['cp1252', 'cp1250', 'cp1250']
    """
    if _are_words(sample, USUAL_LATIN):
        is_central = not _are_letters(sample, USUAL_LATIN, _WESTERN) and _are_letters(sample, _OTHERS[0], _CENTRAL)
        return _OTHERS[0] if is_central and _are_words(sample, _OTHERS[0]) else USUAL_LATIN
    return next((encoding for encoding in _OTHERS if _are_words(sample, encoding)), "")


def _are_letters(sample: bytes, encoding: str, alphabets: Sequence[str]) -> bool:
    """Return whether one of some languages has all letters beyond ASCII."""
    letters = {sign.lower() for sign in sample.decode(encoding, "replace") if sign.isalpha() and not sign.isascii()}
    return any(letters <= set(alphabet) for alphabet in alphabets)


def _are_words(sample: bytes, encoding: str) -> bool:
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return not any(map(_is_odd, {token for token in _TOKENS.findall(text) if not token.isascii()}))


def _is_odd(token: str) -> bool:
    """Return whether a word holds a sign within or beside its letters, or a capital after a small letter."""
    if token == _ZLOTY:
        return True
    for i, sign in enumerate(token):
        before, after = token[i - 1 : i].isalpha(), token[i + 1 : i + 2].isalpha()
        if sign.isalpha():
            if sign.isupper() and token[i - 1 : i].islower() and not token[i - 1 : i + 1].isascii():
                return True
            continue
        is_misplaced = (before and sign not in _AFTER) or (after and sign not in _BEFORE) or (before and after)
        if is_misplaced and not sign.isascii() and sign not in _BETWEEN:
            return True
    return False


def mixed_utf8(raw: bytes) -> tuple[bytes, list[int]] | None:
    r"""Return text of which most lines are UTF-8, and the lines that are read in the usual encoding instead.

    Returns:
        The text in UTF-8 and the lines counted from 1; None where most lines beyond ASCII are no UTF-8.

    >>> mixed_utf8("Köln\nKöln\nKöln\nKöln\n".encode() + b"K\xf6ln\n")[1]
    [5]
    """
    lines = raw.split(b"\n")
    beyond = [i for i, line in enumerate(lines) if not line.isascii()]
    other = [i for i in beyond if not _is_utf8(lines[i])]
    if len(beyond) - len(other) < _MIN_UTF8 * len(beyond):
        return None
    for i in other:
        try:
            lines[i] = lines[i].decode(USUAL_LATIN).encode()
        except UnicodeDecodeError:
            return None
    return b"\n".join(lines), [i + 1 for i in other]


def other_lines_text(lines: Sequence[int]) -> str:
    """Return the lines that are read in another encoding, as the end of a sentence.

    >>> other_lines_text([5, 9])
    ', and cp1252 in row 5 and 1 more'
    """
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f", and {USUAL_LATIN} in row {lines[0]}{more}" if lines else ""


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

"""Encodings that files do not state are found from the letters, and said."""

from __future__ import annotations

import codecs

import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.text.text_encoding import decode

WESTERN = "Größe;Straße;Änderung;température;año;français;5 °C;12 m²;£5;€5;ÖL;x±y"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "cp1252"), ("Größe", "cp1252"), ("5 °C;km²", "cp1252"),
        ("§5;¿qué?;«a»;l’eau;„Wörter“;ACME™ é;x–é", "cp1252"),
        ("sprzedaż;Łódź;ilość", "cp1250"), ("ilość (5 °C);świeży;żółty", "cp1250"),
        ("Größe;Maß", "mac_roman"), ("température;Änderung", "mac_roman"),
        ("2.036 €;7 °C", "cp1252"), ("2.036 €;7", "cp1251"),
        ("влажность;2,028 °C;1,996 °C;2,040 °C", "cp1251"), ("влажность;2,028 °C;1,996 °C;2,040 °C", "koi8-r"),
        ("количество;продажи;обычный;ночь", "koi8-r"), ("количество;продажи;обычный;ночь", "cp866"),
        ("數量;故障;銷售額", "big5"),
        ("ποσότητα;πόλη;υγρασία;Πάτρα;νύχτα", "cp1253"), ("1\u202f670\u202f615€;2\u202f670\u202f615€", "utf-16-le"),
        ("πόλη;€ 36.573;€ 26.317", "cp1253"),
        ("prędkość;39.599 zł", "cp1250"), ("가격;판매량;5 zł", "cp949"),
        ("令和6年2月29日,数量,和歌山", "cp932"),
    ],
)  # fmt: skip
def test_the_encoding_of_words_is_found(text: str, encoding: str) -> None:
    raw = f"{text}\n".encode(encoding) * 3
    decoded = decode("a.csv", raw)
    assert decoded.utf8.decode() == f"{text}\n" * 3
    assert f"not stated; {decoded.encoding} is assumed" in decoded.note


@pytest.mark.parametrize(("others", "said"), [([7], "cp1252 in row 7."), ([2, 7], "cp1252 in row 2 and 1 more.")])
def test_a_few_lines_of_another_encoding_do_not_change_the_rest(others: list[int], said: str) -> None:
    lines = [f"Köln,{i}".encode("cp1252" if i in others else "utf-8") for i in range(1, 13)]
    decoded = decode("a.csv", b"\n".join(lines))
    assert decoded.utf8.decode().split("\n") == [f"Köln,{i}" for i in range(1, 13)]
    assert decoded.note == f"The encoding is not stated; utf-8 is assumed, and {said}"


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("cp1250", ["měsíc", "Žďár a Děčín", "Ústí, Třebíč", "wartość", "Łódź i Gdańsk", "Piešťany, Ľubica"]),
        (
            "cp1252",
            ["Größe", "Orléans à côté", "año, ñandú", "São João, coração", "Åbo, Öland", "Ærø, blå", "Þór, Ýmir"],
        ),
    ],
)
def test_letters_that_one_language_has_decide_between_western_and_central_europe(encoding, texts) -> None:
    for text in texts:
        decoded = decode("a.csv", f"name;x\n{text};1\n".encode(encoding))
        assert (decoded.encoding, decoded.utf8.decode()) == (encoding, f"name;x\n{text};1\n")


@pytest.mark.parametrize(
    ("names", "sign", "encoding"),
    [("数量,湿度,都市", "‰", "cp932"), ("수량,습도,도시", "℃", "cp949"), ("数量,湿度,城市", "℃", "gb18030")],
)
@pytest.mark.parametrize("rows", [1, 40])
def test_names_of_east_asia_are_found_above_many_rows_with_a_sign(
    names: str, sign: str, encoding: str, rows: int
) -> None:
    text = f"{names}\n" + "".join(f"{i},2.5{sign},a\n" for i in range(rows))
    found = decode("a.csv", text.encode(encoding))
    assert (found.encoding, found.utf8.decode()) == (encoding, text)


def test_a_second_byte_order_mark_is_no_part_of_a_name():
    decoded = decode("a.csv", codecs.BOM_UTF8 * 2 + b"day;x")
    assert (decoded.utf8, decoded.encoding) == (b"day;x", "utf-8 with a byte order mark")


@pytest.mark.parametrize(("text", "row"), [(b"day;x\n1;4\0.5\n", 2), (b"day;x\n1;4.5\n2;5.5\n\0\0\0\0", 4)])
def test_zero_bytes_in_text_are_named_with_their_row(text, row):
    with pytest.raises(DataError, match=rf"a.csv, row {row}: text is expected; received zero bytes"):
        decode("a.csv", text)


def test_other_files_with_zero_bytes_are_binary():
    with pytest.raises(DataError, match="received binary data"):
        decode("a.csv", b"\x7fELF\2\1\1\0\n\0\0")

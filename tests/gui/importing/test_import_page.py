"""The import page shows how a file is read, asks what the file leaves open, and fills the form."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QLocale, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QFileDialog, QLabel, QMenu, QWidget

from rnnstudio.core.column_roles import ROLE_LABELS
from rnnstudio.gui.importing.dialog import ImportDialog
from rnnstudio.reading.files import read_file
from tests.gui.driving import button, click, import_file, open_page, shown_page, wait_until_ended, wait_until_read
from tests.gui.scripted import ScriptedTrain


def shop(folder, rows=200):
    """Write a shop's table as a German spreadsheet does; return the file and its sales."""
    rng = np.random.default_rng(0)
    sales = np.round(rng.uniform(300, 1900, rows), 2)
    lines = ["Datum;Umsatz;Aktion;Temperatur"]
    for i in range(rows):
        numbers = f"{sales[i]:.2f};{int(i % 7 < 2)};{rng.normal(9, 5):.1f}".replace(".", ",")
        lines.append(f"{date(2023, 1, 1) + timedelta(i):%d.%m.%Y};{numbers}")
    file = folder / "shop_sales.csv"
    file.write_text("\n".join(lines) + "\n")
    return file, sales


def shown(view, row, title):
    """Return what a table shows in a row under a title."""
    model = view.model()
    titles = [model.headerData(j, Qt.Orientation.Horizontal) for j in range(model.columnCount())]
    return model.index(row, titles.index(title)).data()


def uses(page):
    """Return the use of each column as the page shows it."""
    model = page.columns.model()
    return {
        shown(page.columns, i, "Column"): shown(page.columns, i, "Use").split("  ")[0] for i in range(model.rowCount())
    }


def choose_use(qtbot, page, name, role):
    """Click the use of a column, and choose another one in the menu."""
    row = next(i for i in range(page.columns.model().rowCount()) if shown(page.columns, i, "Column") == name)
    cell = page.columns.visualRect(page.columns.model().index(row, 1))
    qtbot.mouseClick(page.columns.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    [menu] = [menu for menu in page.columns.findChildren(QMenu) if menu.title() == name]
    next(a for a in menu.actions() if a.text() == ROLE_LABELS[role]).trigger()
    menu.deleteLater()
    menu.setTitle("")
    wait_until_read(qtbot, page)


@pytest.fixture(autouse=True)
def no_popups(monkeypatch):
    """Menus stay closed: Qt warns that popups do not work without a display."""
    monkeypatch.setattr(QMenu, "popup", lambda menu, position: None)


def test_a_shop_is_trained_on_its_sales_after_two_clicks(qtbot, studio, tmp_path):
    scripted = ScriptedTrain()
    window = studio(scripted)
    file, sales = shop(tmp_path)
    page = open_page(qtbot, window, file)
    assert uses(page) == {"Datum": "Time", "Umsatz": "Predict this", "Aktion": "Ignore", "Temperatur": "Ignore"}
    assert shown(page.rows, 0, "Datum") == "2023-01-01"
    assert [float(shown(page.rows, i, "Umsatz")) for i in range(10)] == sales[:10].tolist()
    assert float(shown(page.rows, 20, "Umsatz")) == sales[-1]
    click(qtbot, page, "OK")
    click(qtbot, window.banner, "Train")
    wait_until_ended(qtbot, window)
    [experiment] = scripted.experiments
    assert (experiment.data.target, experiment.data.features) == ("Umsatz", "")


def test_roles_are_chosen_by_clicks_and_become_settings(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file, _ = shop(tmp_path)
    page = open_page(qtbot, window, file)
    choose_use(qtbot, page, "Aktion", "input")
    choose_use(qtbot, page, "Temperatur", "target")
    assert uses(page) == {"Datum": "Time", "Umsatz": "Ignore", "Aktion": "Input", "Temperatur": "Predict this"}
    click(qtbot, page, "OK")
    data = window.panel.form.experiment.data
    assert (data.target, data.features) == ("Temperatur", "Temperatur,Aktion")
    assert window.banner.text.endswith("Column 'Temperatur' is predicted from its own past values and from Aktion.")


def test_without_a_column_to_predict_ok_is_disabled_and_the_page_says_why(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, shop(tmp_path)[0])
    choose_use(qtbot, page, "Umsatz", "ignore")
    assert not page.ok.isEnabled()
    assert page.message == "Choose the column to predict: click its role."


def test_the_time_column_can_be_taken_away_and_given_back(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, shop(tmp_path)[0])
    choose_use(qtbot, page, "Datum", "ignore")
    assert uses(page)["Datum"] == "Ignore"
    assert page.choice.settings == {"time": "none"}
    choose_use(qtbot, page, "Datum", "time")
    assert uses(page)["Datum"] == "Time"
    page.accept()
    assert window.panel.form.experiment.data.time == "Datum"


def test_sequences_in_one_table_are_chosen_by_clicks(qtbot, studio, tmp_path, monkeypatch):
    monkeypatch.setattr("rnnstudio.results.data_reader.read_content", lambda settings: pytest.fail("read again"))
    window = studio(ScriptedTrain())
    file = tmp_path / "steps.csv"
    rows = [
        f"r{i:02},p{i % 4},{i * 0.1 + j * (1 if i % 2 else -1)},{'up' if i % 2 else 'down'}"
        for i in range(40)
        for j in range(5)
    ]
    file.write_text("id,person,x,trend\n" + "\n".join(rows) + "\n")
    page = open_page(qtbot, window, file)
    choose_use(qtbot, page, "id", "sequence")
    choose_use(qtbot, page, "person", "group")
    choose_use(qtbot, page, "trend", "class")
    assert page.message == ""
    page.accept()
    data = window.panel.form.experiment.data
    assert data.dataset == "sequences"
    assert (data.sequence, data.group, data.target, data.features) == ("id", "person", "trend", "x")
    shown = shown_page(qtbot, window)
    assert shown.problem == ""
    assert shown.summary.startswith("steps.csv: 40 sequences in 2 classes, 5 steps each.")
    assert shown.sequences.isVisible()


def test_a_file_is_not_read_again_for_columns_of_numbers_that_are_names(qtbot, studio, tmp_path, monkeypatch):
    import rnnstudio.results.import_file as import_file

    read: list[tuple[str, ...]] = []

    def counted(path, target, options):
        read.append(options.names)
        return read_file(path, target, options)

    monkeypatch.setattr(import_file, "read_file", counted)
    file = tmp_path / "steps.csv"
    rows = [f"{100 + i},{i * 0.1 + j},{i % 2 + 4}" for i in range(40) for j in range(5)]
    file.write_text("id,x,trend\n" + "\n".join(rows) + "\n")
    page = open_page(qtbot, studio(ScriptedTrain()), file)
    choose_use(qtbot, page, "id", "sequence")
    choose_use(qtbot, page, "trend", "class")
    assert read[-1] == ("id", "trend")
    read.clear()
    for value in ("drop", "mask", "error"):
        page.set_setting("missing", value)
        wait_until_read(qtbot, page)
    assert read == []
    page.set_setting("missing_values", "104")
    wait_until_read(qtbot, page)
    assert read == [(), ("id", "trend")]


def test_a_page_that_was_made_before_its_file_was_chosen_shows_that_file(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    sales, _ = shop(tmp_path)
    other = tmp_path / "other.csv"
    other.write_text("day,visits\n" + "\n".join(f"2024-01-{day:02},{day % 7}" for day in range(1, 32)) + "\n")
    window.opener.warm_up()
    for file, title in (
        (sales, "Import shop_sales.csv"),
        (other, "Import other.csv"),
        (sales, "Import shop_sales.csv"),
    ):
        qtbot.waitUntil(lambda: [page.windowTitle() for page in window.findChildren(ImportDialog)] == [""])
        [made] = window.findChildren(ImportDialog)
        assert not made.isVisible()
        page = open_page(qtbot, window, file)
        assert page is made
        assert page.isVisible()
        assert page.windowTitle() == title
        assert page.summary.startswith(file.name)
        page.reject()


@pytest.fixture
def restore_locale():
    """Restore the country of the computer."""
    before = QLocale()
    yield
    QLocale.setDefault(before)


THOUSANDS = "day;visits\n" + "\n".join(f"{i};{1 + i}.{100 + i}" for i in range(99)) + "\n"


@pytest.mark.parametrize(
    ("answer", "value", "setting"), [("1.100 is 1.1", "1.1", "none"), ("1.100 is 1100", "1100", "point")]
)
def test_an_open_question_is_answered_by_a_button(qtbot, studio, tmp_path, answer, value, setting):
    window = studio(ScriptedTrain())
    file = tmp_path / "visits.csv"
    file.write_text(THOUSANDS)
    page = open_page(qtbot, window, file)
    assert not page.ok.isEnabled()
    assert page.message == "Answer the question at the top first."
    assert not button(page, "1.100 is 1.1").isChecked()
    assert not button(page, "1.100 is 1100").isChecked()
    click(qtbot, page, answer)
    wait_until_read(qtbot, page)
    assert button(page, answer).isChecked()
    assert shown(page.rows, 0, "visits") == value
    click(qtbot, page, "OK")
    assert window.panel.form.experiment.data.thousands_mark == setting


@pytest.mark.parametrize(
    ("locale", "order", "third"),
    [
        ("de_DE", "day_first", "2024-02-03"),
        ("en_US", "month_first", "2024-03-02"),
        ("en_GB", "day_first", "2024-02-03"),
    ],
)
def test_the_order_of_ambiguous_dates_is_that_of_the_country_until_the_user_chooses_another(
    qtbot, studio, tmp_path, restore_locale, locale, order, third
):
    QLocale.setDefault(QLocale(locale))
    window = studio(ScriptedTrain())
    file = tmp_path / "visits.csv"
    days = [(1, 1), (5, 1), (3, 2), (7, 2), (4, 3), (6, 3), (2, 4), (8, 5)]
    file.write_text("day,visits\n" + "\n".join(f"{a:02}/{b:02}/2024,{a}" for a, b in days) + "\n")
    page = open_page(qtbot, window, file)
    assert page.choice.settings == {"date_order": order}
    assert third in [shown(page.rows, i, "day") for i in range(8)]
    other = {"day_first": "month_first", "month_first": "day_first"}[order]
    click(qtbot, page, {"day_first": "5 January 2024", "month_first": "1 May 2024"}[other])
    wait_until_read(qtbot, page)
    page.accept()
    assert window.panel.form.experiment.data.date_order == other


def test_a_control_reads_again_and_what_changed_is_marked(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "a.csv"
    file.write_text("time,load\n" + "\n".join(f"{i},{-999 if i == 2 else i * i % 31}" for i in range(150)) + "\n")
    page = open_page(qtbot, window, file)
    changed = page.rows.model().index(2, 1)
    assert changed.data() == "-999"
    assert changed.data(Qt.ItemDataRole.BackgroundRole) is None
    box = page.controls.box("missing_values")
    box.lineEdit().setText("-999")
    qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    wait_until_read(qtbot, page)
    changed = page.rows.model().index(2, 1)
    assert changed.data() == "1 (filled)"
    assert changed.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert page.rows.model().index(3, 1).data(Qt.ItemDataRole.BackgroundRole) is None
    assert shown(page.columns, 1, "Missing") == "1"
    page.accept()
    assert window.panel.form.experiment.data.missing_values == "-999"


def test_a_wrong_setting_shows_its_sentence_and_another_one_reads_the_file(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, shop(tmp_path)[0])
    page.set_setting("encoding", "utf-16")
    wait_until_read(qtbot, page)
    assert "is not text in the encoding utf-16" in page.message
    assert not page.ok.isEnabled()
    page.set_setting("encoding", "")
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert page.ok.isEnabled()


def test_choices_are_remembered_for_the_file_until_they_are_reset(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file, _ = shop(tmp_path)
    page = open_page(qtbot, window, file)
    choose_use(qtbot, page, "Temperatur", "target")
    page.set_setting("missing_values", "-999")
    wait_until_read(qtbot, page)
    page.accept()
    page = open_page(qtbot, window, file)
    assert uses(page)["Temperatur"] == "Predict this"
    assert page.choice.settings == {"missing_values": "-999"}
    click(qtbot, page, "Reset")
    wait_until_read(qtbot, page)
    assert uses(page)["Umsatz"] == "Predict this"
    page.accept()
    page = open_page(qtbot, window, file)
    assert uses(page)["Umsatz"] == "Predict this"
    assert page.choice.settings == {}


def test_another_way_to_write_the_same_table_gives_the_same_form(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file, sales = shop(tmp_path)
    other = tmp_path / "shop.tsv"
    other.write_text(file.read_text().replace(",", ".").replace(";", "\t"))
    import_file(qtbot, window, other)
    assert window.panel.form.experiment.data.target == "Umsatz"
    assert window.banner.text.startswith(f"shop.tsv: {len(sales)} rows.")


@pytest.mark.parametrize(
    ("answer", "dataset"),
    [("each row is a sequence with its class", "sequences"), ("each row is a step of one series", "file")],
)
def test_rows_that_may_be_sequences_are_asked_about(qtbot, studio, tmp_path, answer, dataset):
    window = studio(ScriptedTrain())
    file = tmp_path / "waves.csv"
    steps = np.arange(30)
    rows = [[i % 2 + 1, *np.round(np.sin(steps / (3 + i % 2) + i), 4)] for i in range(160)]
    file.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    page = open_page(qtbot, window, file)
    assert not page.ok.isEnabled()
    click(qtbot, page, answer)
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert button(page, answer).isChecked()
    click(qtbot, page, "OK")
    assert window.panel.form.start == dataset
    assert window.panel.form.experiment.data.file == str(file)


def test_cells_that_are_no_numbers_become_missing_by_a_button(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "a.csv"
    bad = {4: "about 6", 9: "broken", 12: "broken"}
    file.write_text("time,load\n" + "\n".join(f"{i},{bad.get(i, i * i % 31)}" for i in range(150)) + "\n")
    page = open_page(qtbot, window, file)
    assert "row 6, column 'load'" in page.message
    click(qtbot, page, "Treat as missing")
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert shown(page.rows, 4, "load") == "9 (filled)"
    assert shown(page.columns, 1, "Missing") == "3"
    click(qtbot, page, "Treat as missing")  # taken back
    wait_until_read(qtbot, page)
    assert "row 6, column 'load'" in page.message
    click(qtbot, page, "Treat as missing")
    wait_until_read(qtbot, page)
    page.accept()
    assert window.panel.form.experiment.data.missing_values == "about 6,broken"


def test_an_answer_to_a_question_is_taken_back_by_a_second_click(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "visits.csv"
    file.write_text(THOUSANDS)
    page = open_page(qtbot, window, file)
    for is_answered in (True, False):
        click(qtbot, page, "1.100 is 1100")
        wait_until_read(qtbot, page)
        assert page.ok.isEnabled() == is_answered
        assert button(page, "1.100 is 1100").isChecked() == is_answered


def stores(folder):
    """Write the sales of three stores, below each other."""
    file = folder / "stores.csv"
    rows = [f"{date(2023, 1, 1) + timedelta(i)},{store},{i * i % 31}" for store in "ABC" for i in range(150)]
    file.write_text("date,store,sales\n" + "\n".join(rows) + "\n")
    return file


def test_several_series_are_asked_about_and_named_by_a_button(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, stores(tmp_path))
    assert not page.ok.isEnabled()
    assert uses(page) == {"date": "Time", "store": "Ignore", "sales": "Predict this"}
    click(qtbot, page, "store: each value is a series of its own")
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert uses(page) == {"date": "Time", "store": "Series", "sales": "Predict this"}
    click(qtbot, page, "OK")
    assert window.panel.form.experiment.data.series == "store"


@pytest.mark.parametrize(
    ("answer", "settings"),
    [
        ('failure: its classes are predicted, with task "Classify each step"', ("label", "failure")),
        ("load: its next values are predicted", ("forecast", "load")),
    ],
)
def test_classes_beside_numbers_are_a_question(qtbot, studio, tmp_path, answer, settings):
    window = studio(ScriptedTrain())
    file = tmp_path / "machine.csv"
    file.write_text("load,failure\n" + "".join(f"{i * i % 31}.5,{i // 9 % 2}\n" for i in range(150)))
    page = open_page(qtbot, window, file)
    assert page.message == "Answer the question at the top first."
    assert not page.ok.isEnabled()
    for _ in range(2):  # a second click takes the answer back
        click(qtbot, page, answer)
        wait_until_read(qtbot, page)
        assert page.ok.isEnabled()
        click(qtbot, page, answer)
        assert not page.ok.isEnabled()
    click(qtbot, page, answer)
    wait_until_read(qtbot, page)
    page.accept()
    data = window.panel.form.experiment.data
    assert (data.task, data.target) == settings


def test_rows_with_the_time_of_another_row_are_a_question(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    days = [f"2024-{1 + i // 28:02}-{1 + i % 28:02}" for i in range(100)]
    file = tmp_path / "visits.csv"
    file.write_text("day,visits\n" + "".join(f"{d},{i * i % 37}\n" for i, d in enumerate([*days, days[7]])))
    page = open_page(qtbot, window, file)
    assert not page.ok.isEnabled()
    click(qtbot, page, "the mean of their numbers")
    wait_until_read(qtbot, page)
    assert float(shown(page.rows, 7, "visits")) == (7 * 7 % 37 + 100 * 100 % 37) / 2
    assert page.controls.box("doubles").currentData() == "mean"
    page.accept()
    assert window.panel.form.experiment.data.doubles == "mean"


def test_the_column_of_series_is_chosen_by_its_use(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, stores(tmp_path))
    choose_use(qtbot, page, "store", "series")
    assert uses(page)["store"] == "Series"
    assert page.ok.isEnabled()
    choose_use(qtbot, page, "store", "ignore")
    assert page.choice.settings == {"series": "none"}


def test_a_file_that_cannot_be_read_is_read_again_by_a_button(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file, sales = shop(tmp_path)
    table = file.read_text()
    file.write_text("a;b;c\n1;2\n3;4;5\n")
    page = open_page(qtbot, window, file)
    assert "row 2" in page.message
    assert not page.ok.isEnabled()
    file.write_text(table)
    click(qtbot, page, "Read again")
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert float(shown(page.rows, 0, "Umsatz")) == sales[0]
    assert not page.read_again.isVisibleTo(page)


@pytest.mark.parametrize("recordings", [("one", "two"), ("X098_DE_time", "X099_DE_time")])
def test_another_array_of_a_file_is_picked_from_a_list(qtbot, studio, tmp_path, recordings):
    window = studio(ScriptedTrain())
    file = tmp_path / "a.npz"
    first, second = recordings
    np.savez(file, **{first: np.sin(np.arange(300.0)), second: np.arange(200, dtype=np.float32) % 7})
    page = open_page(qtbot, window, file)
    box = page.controls.box("variable")
    if first == "X098_DE_time":  # the name of the file does not say which recording it holds
        assert not page.ok.isEnabled()
        click(qtbot, page, f"{first} (300, float64)")
        wait_until_read(qtbot, page)
        assert page.ok.isEnabled()
    assert [box.itemText(i) for i in (1, 2)] == [f"{first} (300, float64)", f"{second} (200, float32)"]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert uses(page) == {second: "Predict this"}
    page.accept()
    data = window.panel.form.experiment.data
    assert (data.variable, data.target) == (second, second)


def test_a_file_with_one_table_has_no_list_of_arrays(qtbot, studio, tmp_path):
    page = open_page(qtbot, studio(ScriptedTrain()), shop(tmp_path)[0])
    assert page.controls.box("variable").isHidden()


@pytest.mark.parametrize(
    ("name", "content", "reason", "settings_help"),
    [
        ("paper.csv", b"%PDF-1.7\n" * 50, "received a PDF document. Save its table as .csv.", False),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)), "received an image. Open a table, such as", False),
        ("program", b"\x7fELF\0\1\2" * 50, "received binary data. Open a table, such as", False),
        ("letter.txt", b"Dear reader,\nthis is a letter\nof words.\n", "it contains no numbers", True),
        ("damaged.xlsx", b"PK\x03\x04 and no more", "damaged.xlsx cannot be read as", False),
        ("song.mp3", b"ID3" * 50, "Save it as .wav.", False),
    ],
)
def test_why_a_file_is_no_table_stands_in_place_of_the_rows(
    qtbot, studio, tmp_path, monkeypatch, name, content, reason, settings_help
):
    window = studio(ScriptedTrain())
    (tmp_path / name).write_bytes(content)
    page = open_page(qtbot, window, tmp_path / name)
    sentence = next(label for label in page.findChildren(QLabel) if reason in label.text())
    assert page.message == sentence.text()
    middle = sentence.mapTo(page, sentence.rect().center())
    assert page.width() * 0.3 < middle.x() < page.width() * 0.7
    assert page.height() * 0.25 < middle.y() < page.height() * 0.65
    assert sentence.height() >= sentence.heightForWidth(sentence.width())
    assert page.summary == name
    visible = [w for w in (page.columns, page.rows, page.classes, page.ok) if w.isVisibleTo(page)]
    assert visible == []
    assert page.controls.isVisibleTo(page) == settings_help
    assert ("choose above how it is written" in _all_text(page)) == settings_help
    if settings_help:
        assert page.controls.box("separator").currentText() == "automatic"
        assert page.controls.box("time").isHidden()
    other, _ = shop(tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    click(qtbot, page, "Open another file …")
    assert window.opener.page is not page
    wait_until_read(qtbot, window.opener.page)
    assert window.opener.page.ok.isEnabled()


@pytest.mark.parametrize("name", ["shop_sales.csv", "03_Waves_TRAIN.tsv", "99.mat", "10_excel_title.xlsx"])
def test_no_control_appears_that_is_hidden_again_while_a_file_is_read(qtbot, studio, cases, name):
    window = studio(ScriptedTrain())
    window.opener._prepare_page()
    page, seen = window.opener._next_page, list[QWidget]()

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Show and isinstance(watched, QComboBox | QAbstractItemView):
                seen.append(watched)
            return False

    watch = Watch()
    QApplication.instance().installEventFilter(watch)
    open_page(qtbot, window, cases / name)
    QApplication.instance().removeEventFilter(watch)
    assert window.opener.page is page
    assert [widget.accessibleName() for widget in seen if not widget.isVisible()] == []


def _all_text(page) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_a_folder_is_no_data_file(studio, tmp_path):
    window = studio(ScriptedTrain())
    window.opener.open(str(tmp_path))
    assert window.banner.text.endswith(
        "is a folder. Open a data file in it, or the folder of a saved run, which has run.json."
    )

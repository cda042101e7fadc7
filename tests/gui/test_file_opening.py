"""Data files and runs are opened from a dialog, by name and by path."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.io import wavfile

from tests.gui.driving import click, import_file, open_page, train, wait_until_ended, wait_until_read
from tests.gui.scripted import ScriptedTrain


def test_files_of_labelled_sequences_and_sound_are_ready_to_train(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "Rise_TRAIN.ts"
    file.write_text("@classLabel true up down\n@data\n" + "1,2,3:up\n3,2:down\n" * 4)
    page = open_page(qtbot, window, file)
    assert page.summary == "Rise_TRAIN.ts: 8 sequences of 2 classes, 2 to 3 steps each, 1 column."
    classes = page.classes.model()
    assert [[classes.index(i, j).data() for j in range(4)] for i in range(classes.rowCount())] == [
        ["up", "4", "0", "3"],
        ["down", "4", "0", "2"],
    ]
    assert page.classes.isColumnHidden(2)  # there is no test file
    assert not page.rows.isVisible()
    click(qtbot, page, "OK")
    assert window.panel.form.start == "sequences"
    assert window.panel.form.experiment.data.file == str(file)
    assert window.banner.text == "Rise_TRAIN.ts: 8 sequences of 2 classes."
    wavfile.write(tmp_path / "hum.wav", 8000, np.sin(np.arange(200, dtype=np.float32)))
    import_file(qtbot, window, tmp_path / "hum.wav")
    assert window.panel.form.start == "file"
    assert window.panel.form.experiment.data.target == "sound"
    assert window.banner.text == "hum.wav: 200 rows. Column 'sound' is predicted from its own past values."


def test_the_message_about_a_table_offers_to_train(qtbot, studio, tmp_path, monkeypatch):
    scripted = ScriptedTrain()
    window = studio(scripted)
    file = tmp_path / "beer.csv"
    file.write_text("day,sales,price\n" + "\n".join(f"{i},{100 + i % 7},{i + 3}" for i in range(200)) + "\n")
    monkeypatch.setattr("rnnstudio.gui.file_opening.QFileDialog.getOpenFileName", lambda *arguments: (str(file), ""))
    window.opener.choose_data()
    wait_until_read(qtbot, window.opener.page)
    click(qtbot, window.opener.page, "OK")
    assert window.banner.text == "beer.csv: 200 rows. Column 'sales' is predicted from its own past values."
    click(qtbot, window.banner, "Train")
    wait_until_ended(qtbot, window)
    assert [(e.data.file, e.data.target) for e in scripted.experiments] == [(str(file), "sales")]


def test_an_invalid_cell_is_reported_when_the_table_is_opened(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "beer.csv"
    file.write_text("day,sales\n" + "\n".join(f"{i},{'about 6' if i == 6 else i % 7}" for i in range(200)) + "\n")
    assert "beer.csv, row 8, column 'sales'" in open_page(qtbot, window, file).message
    assert not window.opener.page.ok.isEnabled()


def test_a_file_that_is_no_table_is_refused_in_one_sentence_and_can_only_be_cancelled(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "photo.csv"
    file.write_bytes(bytes(range(256)) * 10)
    page = open_page(qtbot, window, file)
    assert page.message.startswith("photo.csv: a text table such as a .csv file is expected")
    assert not page.ok.isEnabled()
    click(qtbot, page, "Cancel")
    assert window.opener.page is None
    assert window.panel.form.start == "echo"


def test_the_dialog_for_runs_starts_in_the_folder_of_the_runs(qtbot, studio, tmp_path, monkeypatch):
    window, folders = studio(ScriptedTrain()), []
    monkeypatch.setattr(
        "rnnstudio.gui.file_opening.QFileDialog.getOpenFileName", lambda *a: folders.append(a[2]) or ("", "")
    )
    window.opener.choose_run()
    assert folders == [str(tmp_path / "runs")]


def test_runs_are_opened_by_name_and_by_path(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    path = Path(window.view.run.path)
    (tmp_path / "series.csv").write_text("v\n" + "\n".join(str(i % 7) for i in range(200)))
    for name in ("echo-1", "latest", str(path), str(path / "run.json")):
        window.view.run = None
        window.opener.open(name)
        assert window.view.run.name == "echo-1"
    window.opener.open(str(tmp_path / "series.csv"))
    wait_until_read(qtbot, window.opener.page)
    window.opener.page.accept()
    assert "200 rows" in window.banner.text
    for name in ("nothing.csv", "nothing.rnnrun", "nothing"):
        window.opener.open(str(tmp_path / name))
        assert str(tmp_path / name) in window.banner.text
        assert window.opener.page is None

"""Human activities: the published windows, splits and subjects, from every form of the data."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.api import train_experiment
from rnnstudio.core.errors import DataError, SettingError, StoppedError
from rnnstudio.core.events import Event, Fetching, Finished
from rnnstudio.core.experiment import compose
from rnnstudio.core.history import History
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.plan import make_plan
from rnnstudio.library.datasets import har
from rnnstudio.reading.formats import har as reading
from tests.server import serving
from tests.small_har import FOLDER, SIGNALS, outer_zip, write_har, zip_folder


@pytest.fixture(scope="module")
def data(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> SequenceData:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNSTUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("RNNSTUDIO_DATA", str(real_data))
        return load()


def load(seed: int = 0, **settings: Any) -> SequenceData:
    return har.load(compose("har", settings).data, seed)  # type: ignore[arg-type]


def test_windows_splits_and_subjects_are_the_published_ones(data: SequenceData) -> None:
    assert data.inputs.shape == (10_299, 128, 9)
    assert (len(data.train), len(data.val), len(data.test)) == (7352, 0, 2947)
    assert data.groups is not None
    train, test = set(data.groups[data.train].tolist()), set(data.groups[data.test].tolist())
    assert (len(train), len(test), len(train & test)) == (21, 9, 0)
    assert train | test == set(range(1, 31))
    assert list(data.features) == SIGNALS
    assert data.feature_units == ("g",) * 3 + ("rad/s",) * 3 + ("g",) * 3
    assert data.classes == ("WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING")
    assert np.bincount(data.targets[data.test]).tolist() == [496, 471, 420, 491, 532, 537]
    assert (data.rate, data.unit, data.notes) == (50.0, "g, rad/s", ())


def test_the_numbers_are_those_of_the_files(data: SequenceData, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "har" / f"{FOLDER}.zip") as archive:
        for split, first, row in (("train", 0, 7351), ("test", 7352, 1200)):
            for k, signal in enumerate(SIGNALS):
                text = archive.read(f"{FOLDER}/{split}/Inertial Signals/{signal}_{split}.txt").decode()
                line = np.array(text.splitlines()[row].split(), np.float32)
                np.testing.assert_array_equal(data.inputs[first + row, :, k], line)
            assert data.targets[first + row] + 1 == int(archive.read(f"{FOLDER}/{split}/y_{split}.txt").split()[row])


def test_windows_overlap_by_half(data: SequenceData) -> None:
    np.testing.assert_array_equal(data.inputs[0, 64:], data.inputs[1, :64])
    total, body = data.inputs[0, :, 6:], data.inputs[0, :, :3]
    assert np.linalg.norm(total - body, axis=1).mean() == pytest.approx(1, abs=0.05)  # gravity: the unit is g


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("count", [1, 5, 20])
def test_validation_subjects_are_in_no_other_split(real_data: Path, seed: int, count: int, small: Any) -> None:
    data = load(seed, file=str(small(subjects=21)), val_subjects=count)
    assert data.groups is not None
    subjects = [set(data.groups[split].tolist()) for split in (data.train, data.val, data.test)]
    assert len(subjects[1]) == count
    assert len(subjects[0]) == 21 - count
    assert len(set.union(*subjects)) == sum(map(len, subjects))
    same_seed = load(seed, file=str(small(subjects=21)), val_subjects=count)
    np.testing.assert_array_equal(data.val, same_seed.val)


def test_other_seeds_choose_other_validation_subjects(small: Any) -> None:
    validation_sets = {tuple(load(seed, file=str(small(subjects=21)), val_subjects=5).val) for seed in range(6)}
    assert len(validation_sets) > 3


def test_batches_are_the_published_ones(data: SequenceData) -> None:
    plan = make_plan(compose("har", {}), data)
    assert (plan.batch, plan.updates) == (100, 5000)
    drawn = np.concatenate([b.windows[: b.count] for b, _ in zip(plan.blocks(), range(5), strict=False)])[:5000]
    first = np.concatenate(drawn[:73])  # 72 whole batches, then one that begins again at 7200 mod 7252
    assert len(np.unique(first)) == 7300
    shuffled = first
    for i in (73, 74, 1000, 4999):
        begin = i * 100 % (7352 - 100)
        expected = shuffled[begin : begin + 100]
        np.testing.assert_array_equal(drawn[i][: len(expected)], expected)


Small = Callable[..., Path]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Return a function that writes a folder as published, with a few windows, and returns it."""
    return lambda subjects=2, changes=None: write_har(tmp_path / FOLDER, subjects, changes)


def test_folder_inner_and_outer_archive_give_the_same_data(small: Small, tmp_path: Path) -> None:
    root = small()
    inner = zip_folder(root)
    (tmp_path / "inner.zip").write_bytes(inner)
    (tmp_path / "human+activity.zip").write_bytes(outer_zip(inner))
    expected = load(file=str(root))
    for path in (tmp_path, tmp_path / "inner.zip", tmp_path / "human+activity.zip"):
        data = load(file=str(path))
        for name in ("inputs", "targets", "groups", "train", "test"):
            np.testing.assert_array_equal(getattr(data, name), getattr(expected, name))
    assert "numbers differ from the publisher's" in expected.notes[0]


def test_a_tilde_is_the_home_folder(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(small().parent))
    monkeypatch.setenv("USERPROFILE", str(small().parent))
    assert len(load(file=f"~/{FOLDER}").train) == 4


def test_the_second_load_reads_the_cache(small: Small, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small()
    first = load(file=str(root))
    monkeypatch.setattr(reading, "parse_recordings", lambda path: pytest.fail("the files were parsed again"))
    np.testing.assert_array_equal(load(file=str(root)).inputs, first.inputs)
    assert [file.name for file in (home / "downloads").iterdir()] == ["har.parsed.npz"]


def test_a_changed_file_is_parsed_again(small: Small) -> None:
    root = small()
    before = load(file=str(root)).targets
    (root / "train" / "y_train.txt").write_text("6\n6\n6\n6\n")
    after = load(file=str(root)).targets
    assert after[:4].tolist() == [5, 5, 5, 5]
    assert before[:4].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("damaged", [b"", b"damaged", b"PK\3\4"])
def test_a_damaged_cache_is_ignored(small: Small, home: Path, damaged: bytes) -> None:
    root = small()
    first = load(file=str(root))
    (home / "downloads" / "har.parsed.npz").write_bytes(damaged)
    np.testing.assert_array_equal(load(file=str(root)).inputs, first.inputs)


def cut_row(text: str) -> str:
    return "".join(text.splitlines(keepends=True)[:-1])


def short_row(text: str) -> str:
    rows = text.splitlines()
    return "\n".join([*rows[:2], rows[2].rsplit(maxsplit=1)[0], *rows[3:]])


def replaced(word: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        rows = text.splitlines()
        cells = rows[2].split()
        return "\n".join([*rows[:2], " ".join([*cells[:4], word, *cells[5:]]), *rows[3:]])

    return change


SIGNAL = "Inertial Signals/body_gyro_y_train.txt"


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        (SIGNAL, lambda text: None, r"must contain the file 'train/Inertial Signals/body_gyro_y_train\.txt'"),
        ("y_test.txt", lambda text: None, r"must contain the file 'test/y_test\.txt'"),
        (SIGNAL, cut_row, r"body_gyro_y_train\.txt in .*: 4 rows are expected.*received 3"),
        (SIGNAL, lambda text: text + text, "4 rows are expected.*received 8"),
        (SIGNAL, short_row, r"body_gyro_y_train\.txt in .*, row 3: 128 numbers are expected.*received 127"),
        (SIGNAL, lambda text: text.replace(" ", " 1.0 ", 1), r"row 1: 128 numbers are expected.*received 129"),
        (SIGNAL, replaced("walking"), r"row 3, number 5: a finite number is expected; received 'walking'"),
        (SIGNAL, replaced("nan"), r"row 3, number 5: a finite number is expected; received 'nan'"),
        (SIGNAL, replaced("1e99"), r"row 3, number 5: a finite number is expected; received '1e99'"),
        (SIGNAL, replaced('"1.0"'), r"row 3, number 5: a finite number is expected"),
        (SIGNAL, replaced("\xe9"), r"row 3, number 5: a finite number is expected; received 'é'"),
        (SIGNAL, lambda text: "", r"body_gyro_y_train\.txt in .*: rows of 128 numbers are expected; received none"),
        (
            "y_train.txt",
            lambda text: text.replace("3", "7"),
            r"train/y_train\.txt in .*, row 3: an activity from 1 to 6",
        ),
        ("y_train.txt", lambda text: text.replace("3", "0"), "received '0'"),
        ("y_train.txt", lambda text: text.replace("3", "3.0"), r"received '3\.0'"),
        ("y_train.txt", lambda text: "", "is empty"),
        ("y_train.txt", cut_row, "One of the files is truncated"),
        ("subject_train.txt", cut_row, r"subject_train\.txt in .*: 4 rows are expected.*received 3"),
        ("subject_train.txt", lambda text: text.replace("1", "x"), "row 1: the number of a person is expected"),
        ("subject_test.txt", lambda text: text.replace("3", "2"), "not in both; received person 2"),
    ],
)
def test_errors_name_file_and_row(small: Small, file: str, change: Any, message: str) -> None:
    root = small(changes={file: change})
    with pytest.raises(DataError, match=message) as caught:
        load(file=str(root))
    assert len(str(caught.value)) < 900


def test_other_archives_and_missing_paths_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other.zip").write_bytes(zip_folder(tmp_path / "nothing"))
    with pytest.raises(DataError, match="must contain the folder 'UCI HAR Dataset'"):
        load(file=str(tmp_path / "other.zip"))
    with pytest.raises(DataError, match="There is no file or folder"):
        load(file=str(tmp_path / "none"))
    (tmp_path / "text.zip").write_text("text")
    with pytest.raises(DataError, match="is not a zip archive"):
        load(file=str(tmp_path / "text.zip"))
    with pytest.raises(DataError, match=r"must contain the file 'train/y_train\.txt'"):
        load(file=str(tmp_path))


def test_an_empty_training_set_is_refused(small: Small) -> None:
    with pytest.raises(SettingError, match=r"val_subjects must be below 2, the subjects of .*; received 2") as caught:
        load(file=str(small()), val_subjects=2)
    assert caught.value.field == "val_subjects"


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, small: Small) -> Callable[[str], bytes]:
    """Return a function that sets the URL of the data set and returns the published archive."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("RNNSTUDIO_DATA", raising=False)
    monkeypatch.setattr("rnnstudio.reading.http_download._PAUSE", 0.01)
    content = outer_zip(zip_folder(small()))

    def set_url(url: str) -> bytes:
        source = har.downloads.DownloadSource("har", har.DOWNLOAD.files, (url,), len(content))
        monkeypatch.setattr(har, "DOWNLOAD", source)
        monkeypatch.setattr(har, "_check", har.parse_recordings)  # its numbers are not the published ones
        return content

    return set_url


def test_data_are_downloaded_once_and_again_if_they_are_damaged(published: Any, home: Path) -> None:
    with serving() as server:
        server.content = published(server.address)
        first = load()
        assert len(load().train) == len(first.train) == 4
        assert len(server.requested_ranges) == 1
        file = next((home / "downloads" / "har").glob("*.zip"))
        file.write_bytes(file.read_bytes()[:-1000])
        second = load()
    assert len(server.requested_ranges) == 2
    assert "was truncated or altered" in second.notes[0]
    np.testing.assert_array_equal(second.inputs, first.inputs)


def test_a_download_with_other_numbers_than_the_published_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch, published: Any, home: Path
) -> None:
    check = har._check
    with serving() as server:
        server.content = published(server.address)
        monkeypatch.setattr(har, "_check", check)
        with pytest.raises(DataError, match=r"is still damaged .*must hold the published numbers; received others"):
            load()
    assert list((home / "downloads" / "har").iterdir()) == []


def test_stopping_during_the_download_stops_the_training(published: Any) -> None:
    events: list[Event] = []
    with serving() as server:
        server.content = published(server.address)
        with pytest.raises(StoppedError, match="nothing of har was downloaded yet"):
            train_experiment(compose("har", {}), events.append, lambda: len(events) > 0, save=False)
    assert isinstance(events[0], Fetching)
    assert isinstance(events[-1], Finished)
    assert events[-1].outcome == "stopped"
    history = History()
    history.apply(events[0])
    assert history.activity == "fetching har: waiting for the server"
    history.apply(events[-1])
    assert history.activity == ""


def test_files_put_into_the_downloads_folder_are_used(published: Any, home: Path, small: Small) -> None:
    published("http://127.0.0.1:1/")
    with pytest.raises(DataError, match=r"har could not be downloaded .*put it into .*downloads.har, or set file"):
        load()
    folder = home / "downloads" / "har"
    folder.mkdir(parents=True, exist_ok=True)
    small().rename(folder / FOLDER)
    assert len(load().train) == 4


def test_the_users_data_folder_is_searched_first(
    published: Any, tmp_path: Path, small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    published("http://127.0.0.1:1/")
    (tmp_path / "data" / "har").mkdir(parents=True)
    small().rename(tmp_path / "data" / "har" / FOLDER)
    monkeypatch.setenv("RNNSTUDIO_DATA", str(tmp_path / "data"))
    assert len(load().train) == 4
    assert har.fetch() == tmp_path / "data" / "har" / FOLDER


def test_load_and_fetch_name_the_path_of_damaged_data(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small(changes={"y_train.txt": lambda text: ""})
    (tmp_path / "data").mkdir()
    root.rename(tmp_path / "data" / "har")
    monkeypatch.setenv("RNNSTUDIO_DATA", str(tmp_path / "data"))
    message = r"is empty.*were read from .*data.har\. Correct or delete the files there"
    for read in (load, har.fetch):
        with pytest.raises(DataError, match=message) as caught:
            read()
        assert len(str(caught.value)) < 900


def test_the_checksum_is_that_of_all_numbers(data: SequenceData) -> None:
    digest = hashlib.sha256(data.inputs.tobytes())
    for array in (data.targets, data.groups, np.array(7352)):
        assert array is not None
        digest.update(array.tobytes())
    assert digest.hexdigest() == reading.PUBLISHED_SHA256

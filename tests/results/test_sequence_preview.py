"""Labelled sequences before they are imported: counts, lengths and a few sequences of each class."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio.results.import_file import read_whole

UP, DOWN = "1,2,3,4:up\n", "4,3,2:down\n"


def classes_of(path):
    return {c.name: c for c in read_whole(str(path), {}).sequences.classes}


def test_training_and_test_file_are_counted_apart(tmp_path):
    (tmp_path / "Rise_TRAIN.ts").write_text("@classLabel true up down\n@data\n" + UP * 6 + DOWN * 2)
    (tmp_path / "Rise_TEST.ts").write_text("@classLabel true up down\n@data\n" + UP + DOWN * 3)
    classes = classes_of(tmp_path / "Rise_TRAIN.ts")
    assert list(classes) == ["up", "down"]  # as the file declares them
    assert {name: (c.train, c.test, c.lengths) for name, c in classes.items()} == {
        "up": (6, 1, (4, 4)),
        "down": (2, 3, (3, 3)),
    }
    assert read_whole(str(tmp_path / "Rise_TRAIN.ts"), {}).sequences.has_test


@pytest.mark.parametrize("features", [1, 5])
def test_a_few_sequences_are_drawn_with_their_extremes_to_a_common_scale(tmp_path, features):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 200, features)), np.arange(30) % 3
    np.savez(tmp_path / "a.npz", x=x, y=y)
    preview = read_whole(str(tmp_path / "a.npz"), {}).sequences
    assert [c.name for c in preview.classes] == ["0", "1", "2"]
    drawn = min(features, 3)
    assert len(preview.features) == drawn
    for c in preview.classes:
        assert len(c.examples) == 4
        members = x[y == int(c.name)]
        np.testing.assert_allclose(c.examples[0][:, 0].min(axis=1), members[0, :, :drawn].min(axis=0))
        np.testing.assert_allclose(c.examples[-1][:, 1].max(axis=1), members[-1, :, :drawn].max(axis=0))
    examples = np.array([plot for c in preview.classes for plot in c.examples])
    np.testing.assert_array_equal(preview.ranges[:, 1], examples.max(axis=(0, 2, 3)))


def test_rows_of_a_ucr_file_and_arff_have_the_same_preview(tmp_path):
    rng = np.random.default_rng(1)
    waves = [np.round(np.sin(np.arange(40) / (3 + k % 2)) + rng.normal(0, 0.1, 40), 3) for k in range(20)]
    (tmp_path / "W_TRAIN.tsv").write_text(
        "\n".join("\t".join(map(str, [k % 2 + 1, *wave])) for k, wave in enumerate(waves)) + "\n"
    )
    head = "".join(f"@attribute a{i} numeric\n" for i in range(40)) + "@attribute target {1,2}\n@data\n"
    (tmp_path / "W_TRAIN.arff").write_text(
        "@relation w\n"
        + head
        + "\n".join(",".join(map(str, [*wave, k % 2 + 1])) for k, wave in enumerate(waves))
        + "\n"
    )
    one, other = (classes_of(tmp_path / f"W_TRAIN.{ending}") for ending in ("tsv", "arff"))
    assert list(one) == list(other) == ["1", "2"]
    for name in one:
        assert (one[name].train, one[name].lengths) == (other[name].train, other[name].lengths) == (10, (40, 40))
        np.testing.assert_array_equal(one[name].examples, other[name].examples)


def test_unequal_lengths_are_shares_of_the_longest(tmp_path):
    (tmp_path / "Rise_TRAIN.ts").write_text("@classLabel true up down\n@data\n" + UP + DOWN)
    classes = classes_of(tmp_path / "Rise_TRAIN.ts")
    assert (classes["up"].shares, classes["down"].shares) == ((1.0,), (0.75,))

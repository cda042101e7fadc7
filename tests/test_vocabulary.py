"""The check for words to avoid finds them, and accepts the standard terms."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def vocabulary() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vocabulary", ROOT / "packaging" / "vocabulary.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_word_to_avoid_is_found_with_its_line(vocabulary: ModuleType) -> None:
    for terms in (vocabulary.TERMS, vocabulary.RENAMED_SETTINGS):
        for term, words in terms.items():
            for word in words:
                assert list(vocabulary.find_words(f"first line\nsome {word} here", terms)) == [(2, word, term)]


@pytest.mark.parametrize("text", ["intelligent, storytelling", "cell_initializer", "a looking glass", "recommended"])
def test_words_that_only_contain_a_word_to_avoid_are_accepted(vocabulary: ModuleType, text: str) -> None:
    assert list(vocabulary.find_words(text, vocabulary.TERMS | vocabulary.RENAMED_SETTINGS)) == []


def test_words_in_names_are_found(vocabulary: ModuleType) -> None:
    assert [word for _, word, _ in vocabulary.find_words("told_value = is_told(x)", vocabulary.TERMS)] == ["told"] * 2


def test_files_about_old_names_and_files_of_others_are_left_out(vocabulary: ModuleType, tmp_path: Path) -> None:
    names = [
        "module.py",
        "upgrade.py",
        "test_vocabulary.py",
        "fixtures/a.py",
        "licenses/LICENSE.md",
        ".venv/a.py",
        "image.png",
    ]
    for name in names:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("told")
    assert [file.name for file in vocabulary.checked_files(tmp_path)] == ["module.py"]

"""The files of the packages agree with the program and with each other."""

from __future__ import annotations

import configparser
import plistlib
import re
import struct
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import rnnstudio
from rnnstudio.cli.main import studio
from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES
from rnnstudio.core.registry import modules_of
from rnnstudio.gui.plots import PLOTS
from rnnstudio.results import child
from rnnstudio.results.run_archive import RUN_SUFFIX

ROOT = Path(__file__).resolve().parents[1]
LINUX, ICONS = ROOT / "packaging" / "linux", ROOT / "resources" / "icons"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    metainfo = ElementTree.parse(LINUX / "io.github.rnnstudio.rnnstudio.metainfo.xml")
    release = metainfo.find("releases/release")
    assert release is not None
    manual = (LINUX / "rnnstudio.1").read_text()
    assert {project, rnnstudio.__version__, release.get("version")} == {project}
    assert f'"rnnstudio {project}"' in manual.splitlines()[0]


def test_the_manual_names_every_command() -> None:
    manual = (LINUX / "rnnstudio.1").read_text()
    assert [name for name in studio.commands if not re.search(rf"\b{name}\b", manual)] == []


def test_every_option_in_the_manual_exists() -> None:
    manual = (LINUX / "rnnstudio.1").read_text().replace("\\-", "-")
    options = set(re.findall(r"--([a-z-]+)", manual))
    assert {"val-fraction", "restore-best-weights", "input", "smoke"} <= options
    commands = [
        ["--help"],
        ["train", "airline", "--help"],
        ["train", "file", "--help"],
        *([name, "--help"] for name in studio.commands),
    ]
    helps = " ".join(CliRunner().invoke(studio, command).output for command in commands)
    known = {"setting", *re.findall(r"--([a-z-]+)", helps.replace("--[no-]", "--"))}
    assert options <= known


def test_the_examples_in_the_manual_are_commands() -> None:
    manual = (LINUX / "rnnstudio.1").read_text().replace("\\-", "-")
    examples = manual.partition(".SH EXAMPLES")[2].strip().splitlines()[1:-1]
    assert len(examples) == 4
    for example in examples:
        program, command, *_ = example.split()
        assert program == "rnnstudio"
        assert command in studio.commands


def test_the_menu_entry_opens_the_declared_file_type() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(LINUX / "rnnstudio.desktop")
    file_type = ElementTree.parse(LINUX / "rnnstudio-mime.xml").getroot()[0]
    elements = {element.tag.rpartition("}")[2]: element for element in file_type}
    assert entry["Desktop Entry"]["MimeType"] == f"{file_type.get('type')};"
    assert elements["glob"].get("pattern") == f"*{RUN_SUFFIX}"
    assert entry["Desktop Entry"]["Exec"].split()[1] in studio.commands
    assert (ICONS / "48x48" / f"{elements['icon'].get('name')}.png").is_file()


@pytest.mark.parametrize("name", ["rnnstudio", "rnnrun"])
def test_icons_have_the_declared_sizes(name: str) -> None:
    for size in SIZES:
        image = (ICONS / f"{size}x{size}" / f"{name}.png").read_bytes()
        assert image.startswith(b"\x89PNG")
        assert struct.unpack(">II", image[16:24]) == (size, size)
    ico = (ICONS / f"{name}.ico").read_bytes()
    count = struct.unpack("<HHH", ico[:6])[2]
    for i in range(count):
        width, *_, length, start = struct.unpack("<BBBBHHII", ico[6 + 16 * i : 22 + 16 * i])
        image = ico[start : start + length]
        assert struct.unpack(">II", image[16:24]) == (width or 256, width or 256)
    icns = (ICONS / f"{name}.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8]) == (len(icns),)


def test_the_bundle_contains_all_registered_modules() -> None:
    bundled = set(modules_of("rnnstudio"))
    for registry in (DATASETS, CELLS, RECIPES, PLOTS):
        registered = modules_of(registry.package)
        assert len(registered) > 2
        assert bundled.issuperset(registered)
    assert {"rnnstudio.engine.train", "rnnstudio.gui.pages", "rnnstudio.__main__"} <= bundled


def test_the_bundle_starts_its_own_program_for_child_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child.command("plot") == [sys.executable, "-P", "-m", "rnnstudio", "plot"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/usr/lib/rnnstudio/rnnstudio")
    assert child.command("plot") == ["/usr/lib/rnnstudio/rnnstudio", "plot"]


def test_macos_allows_code_compiled_at_run_time() -> None:
    entitlements = plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert entitlements["com.apple.security.cs.allow-jit"]


def test_downloads_of_the_release_workflow_are_pinned() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    actions = re.findall(r"uses: (\S+)", workflow)
    assert len(actions) > 5
    assert [action for action in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []
    for name in re.findall(r"^  (\w+): https://", workflow, re.MULTILINE):
        assert re.search(rf"^  {name}_SHA256: [0-9a-f]{{64}}$", workflow, re.MULTILINE)

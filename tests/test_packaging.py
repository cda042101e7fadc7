"""What packages are made of agrees with the program, and with itself."""

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
    about = ElementTree.parse(LINUX / "io.github.rnnstudio.rnnstudio.metainfo.xml")
    newest = about.find("releases/release")
    assert newest is not None
    manual = (LINUX / "rnnstudio.1").read_text()
    assert {project, rnnstudio.__version__, newest.get("version")} == {project}
    assert f'"rnnstudio {project}"' in manual.splitlines()[0]


def test_the_manual_names_every_command() -> None:
    manual = (LINUX / "rnnstudio.1").read_text()
    assert [name for name in studio.commands if not re.search(rf"\b{name}\b", manual)] == []


def test_the_menu_entry_opens_the_file_type_that_is_declared() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(LINUX / "rnnstudio.desktop")
    kind = ElementTree.parse(LINUX / "rnnstudio-mime.xml").getroot()[0]
    spelled = {child.tag.rpartition("}")[2]: child for child in kind}
    assert entry["Desktop Entry"]["MimeType"] == f"{kind.get('type')};"
    assert spelled["glob"].get("pattern") == f"*{RUN_SUFFIX}"
    assert entry["Desktop Entry"]["Exec"].split()[1] in studio.commands
    assert (ICONS / "48x48" / f"{spelled['icon'].get('name')}.png").is_file()


@pytest.mark.parametrize("name", ["rnnstudio", "rnnrun"])
def test_icons_have_the_sizes_they_say(name: str) -> None:
    for size in SIZES:
        picture = (ICONS / f"{size}x{size}" / f"{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert struct.unpack(">II", picture[16:24]) == (size, size)
    ico = (ICONS / f"{name}.ico").read_bytes()
    count = struct.unpack("<HHH", ico[:6])[2]
    for i in range(count):
        width, *_, length, start = struct.unpack("<BBBBHHII", ico[6 + 16 * i : 22 + 16 * i])
        picture = ico[start : start + length]
        assert struct.unpack(">II", picture[16:24]) == (width or 256, width or 256)
    icns = (ICONS / f"{name}.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8]) == (len(icns),)


def test_the_bundle_holds_all_that_registries_find() -> None:
    packed = set(modules_of("rnnstudio"))
    for registry in (DATASETS, CELLS, RECIPES, PLOTS):
        found = modules_of(registry.package)
        assert len(found) > 2
        assert packed.issuperset(found)
    assert {"rnnstudio.engine.train", "rnnstudio.gui.pages", "rnnstudio.__main__"} <= packed


def test_a_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child.command("plot") == [sys.executable, "-m", "rnnstudio", "plot"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/usr/lib/rnnstudio/rnnstudio")
    assert child.command("plot") == ["/usr/lib/rnnstudio/rnnstudio", "plot"]


def test_macos_lets_compiled_programs_run() -> None:
    allowed = plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert allowed["com.apple.security.cs.allow-jit"]


def test_what_the_release_downloads_is_pinned() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    used = re.findall(r"uses: (\S+)", workflow)
    assert len(used) > 5
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []
    for name in re.findall(r"^  (\w+): https://", workflow, re.MULTILINE):
        assert re.search(rf"^  {name}_SHA256: [0-9a-f]{{64}}$", workflow, re.MULTILINE)

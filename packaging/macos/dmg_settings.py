"""Settings of the disk image for dmgbuild: the application next to the folder that users drag it to.

The option `-D app=PATH` of dmgbuild selects another application.
"""

from pathlib import Path

app = defines.get("app", "dist/rnnstudio.app")  # noqa: F821 - defined by dmgbuild

format = "ULFO"
filesystem = "APFS"
files = [app]
symlinks = {"Applications": "/Applications"}
icon = "resources/icons/rnnstudio.icns"
icon_locations = {Path(app).name: (140, 130), "Applications": (400, 130)}
window_rect = ((200, 200), (540, 300))
default_view = "icon-view"
icon_size = 112
text_size = 13

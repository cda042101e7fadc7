"""What the disk image shows: the application beside the folder it is dragged to. Read by dmgbuild.

Where dmgbuild is told `-D app=PATH`, that application is taken.
"""

from pathlib import Path

app = defines.get("app", "dist/rnnstudio.app")  # noqa: F821 - dmgbuild's

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

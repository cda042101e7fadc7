"""What a user can do about an error of the disk."""

from __future__ import annotations

import errno

_FULL = "Free some space"
_RIGHTS = "Check the rights to the folder"
_REMEDIES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: "Make the disk writable",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
}


def remedy(error: Exception) -> str:
    """Return what to do about an error before the next attempt to write, without an end of the sentence.

    >>> remedy(OSError(errno.ENOSPC, "No space left on device"))
    'Free some space'
    """
    return _REMEDIES.get(getattr(error, "errno", None) or 0, "Check that the folder and its disk are there")

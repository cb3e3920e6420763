"""A folder that lets nobody list it, for tests that run as root too, whom no folder refuses."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest


def close(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """From now on, for this test, listing the folder fails as one without permission does."""
    for name in ("listdir", "scandir"):
        plain = getattr(os, name)

        def refusing(path: Any = ".", plain: Any = plain) -> Any:
            if not isinstance(path, int) and Path(os.fsdecode(path)) == folder:
                raise PermissionError(errno.EACCES, "Permission denied", str(folder))
            return plain(path)

        monkeypatch.setattr(os, name, refusing)

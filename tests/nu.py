"""The Nu Html Checker, where Java and its jar are: ``.ci/run`` puts it into .cache/vnu; VNU_JAR names another one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

_JAR = Path(os.environ.get("VNU_JAR") or Path(__file__).resolve().parents[1] / ".cache/vnu/package/build/dist/vnu.jar")
needs_nu = pytest.mark.skipif(
    shutil.which("java") is None or not _JAR.is_file(), reason="no Java, or no vnu.jar (see .ci/run)"
)


def nu_errors(*pages: Path, css: bool = False) -> list[str]:
    """The checker's errors in these pages (or style sheets), each with its file and line; in one run: it starts slowly."""
    options = ["--format", "json", "--exit-zero-always", "--stdout", *(["--css"] if css else [])]
    command = ["java", "-jar", str(_JAR), *options, *map(str, pages)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=300)
    messages = json.loads(done.stdout)["messages"]
    return [
        f"{one['url'].rpartition('/')[2]}:{one.get('lastLine', 0)}: {one['message']}"
        for one in messages
        if one["type"] != "info"
    ]

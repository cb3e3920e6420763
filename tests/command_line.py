"""The command line in the tests' own process, which has everything imported: what it prints, and its exit code."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from unittest.mock import patch

from nianbao.cli.main import _command
from nianbao.paths import Project


def nianbao(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    """What ``nianbao`` gives with these words, in the project's folder and in Chinese."""
    call = ["nianbao", "--project", str(project.root), "--lang", "zh", *words]
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", call),
        patch.dict(os.environ),
        contextlib.chdir(project.root),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = _command()
    return subprocess.CompletedProcess(call, code, out.getvalue(), err.getvalue())

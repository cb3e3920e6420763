"""Owns when the ordinary engine runs a notebook instead of ours: no fork, another language, a kernel asked for.

May import: errors, put_off.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import UnknownNameError
from nianbao.put_off import left_out

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

# "kernel" for papermill's ordinary engine everywhere, "fork" for ours wherever there is a fork (macOS too).
CHOICE_VARIABLE = "NIANBAO_ENGINE"

# Options of nbclient that are about a kernel and its start, or that only the ordinary client carries out.
_KERNEL_OPTIONS = ("km", "kernel_manager_class", "extra_arguments", "ipython_hist_file", "coalesce_streams")

# How a plain Python kernel is started; anything more in the command is something that we would not do.
_PLAIN = {"-m", "ipykernel_launcher", "ipykernel", "-f", "{connection_file}", "-Xfrozen_modules=off"}


def why_ordinary(kernel_name: str, options: dict[str, Any], choice: str | None = None) -> str:
    """Why this notebook goes to the ordinary engine; empty where ours can run it.

    ``choice`` is "fork", "kernel" or None for what the environment says; UsageError for anything else.
    """
    if reason := why_no_fork(choice):
        return reason
    if asked := [name for name in _KERNEL_OPTIONS if options.get(name)]:
        return f"{', '.join(asked)} is for a kernel"
    return _why_not_kernel(kernel_name)


def why_no_fork(choice: str | None = None) -> str:
    """Why nothing is forked here, whatever the notebook; empty where it can be. ``choice`` as above."""
    chosen = choice or os.environ.get(CHOICE_VARIABLE) or ""
    if chosen not in {"", "fork", "kernel"}:
        where = "the engine's option process" if choice else f"the environment's {CHOICE_VARIABLE}"
        raise UnknownNameError("way to run notebooks", chosen, ("fork", "kernel"), where=where)
    if chosen == "kernel":
        return "an ordinary kernel was asked for"
    if not hasattr(os, "fork"):
        return "this system has no fork"
    if sys.platform == "darwin" and chosen != "fork":
        return "forks are not safe with the system libraries of macOS"
    return ""


@lru_cache
def _why_not_kernel(name: str) -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    # Jupyter would import the whole of IPython, to learn where that kept kernels many years ago.
    former = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser() / "kernels"
    try:
        with nullcontext() if former.exists() else left_out("IPython"):
            spec = _spec(KernelSpecManager(), name)
    except NoSuchKernel:
        return f"there is no kernel {name!r}"  # the ordinary engine says so better
    program, *arguments = spec.argv
    if spec.language.lower() != "python" or not {"ipykernel_launcher", "ipykernel"} & set(arguments):
        return f"kernel {name!r} is not IPython's"
    if not _this_python(program):
        return f"kernel {name!r} belongs to another Python: {program}"
    if not set(arguments) <= _PLAIN or spec.env or spec.metadata.get("kernel_provisioner"):
        return f"kernel {name!r} has settings of its own"
    return ""


def _spec(manager: KernelSpecManager, name: str) -> KernelSpec:
    from jupyter_client.kernelspec import KernelSpec

    folder = Path(manager.find_kernel_specs().get(name.lower(), ""))
    if (folder / "kernel.json").is_file():
        # Asked for it by name, Jupyter would look through all that is installed for ways to start a kernel.
        return KernelSpec.from_resource_dir(str(folder))
    return manager.get_kernel_spec(name)


def _this_python(program: str) -> bool:
    # jupyter_client runs a bare "python" with this very interpreter. Links are left alone: a virtual environment's
    # python is a link to the one it was made with, and yet another Python.
    major, minor = sys.version_info[:2]
    bare = {"python", f"python{major}", f"python{major}.{minor}"}
    return program in bare or Path(program).absolute() == Path(sys.executable).absolute()

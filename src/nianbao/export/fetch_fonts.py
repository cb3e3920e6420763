"""``make fonts``: get Debian's free Chinese faces into a folder of the user's own, without root.

Runs apt-get and dpkg-deb, which any Debian or Ubuntu has; run it with ``python -m``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nianbao.errors import NianbaoError, UsageError
from nianbao.errors.language import Message

# Package -> the font files that we take from it: 仿宋 黑 楷 宋 (Fandol), and a complete 楷 (LXGW WenKai).
PACKAGES = {
    "texlive-lang-chinese": ("FandolFang-Regular", "FandolHei-Regular", "FandolKai-Regular", "FandolSong-Regular"),
    "fonts-lxgw-wenkai": ("LXGWWenKai-Regular",),
}


def default_folder() -> Path:
    """The user's own folder of fonts, where programs and Typst look by themselves."""
    return Path.home() / ".local" / "share" / "fonts" / "nianbao"


def fetch(folder: Path) -> tuple[Path, ...]:
    """Download the packages and put their faces into ``folder``; the files that are there now.

    Raises UsageError where apt-get or dpkg-deb is missing, NianbaoError where a package cannot be had.
    """
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise UsageError(
                Message("{tool} is not installed: this way of getting fonts is Debian's and Ubuntu's", tool=tool),
                hint="put the font files into a folder and name it with FONT_DIR",
            )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            _run(["apt-get", "download", package], Path(scratch), package)
        for archive in sorted(Path(scratch).glob("*.deb")):
            _run(["dpkg-deb", "-x", archive.name, "unpacked"], Path(scratch), archive.name)
        return take(Path(scratch) / "unpacked", folder)


def take(unpacked: Path, folder: Path) -> tuple[Path, ...]:
    """Copy the faces that we use from unpacked packages into the folder; NianbaoError where one is not there."""
    taken = []
    for package, stems in PACKAGES.items():
        for stem in stems:
            found = sorted(path for path in unpacked.rglob(f"{stem}.*") if path.suffix in {".otf", ".ttf"})
            if not found:
                raise NianbaoError(
                    Message("{package} holds no {stem}", package=package, stem=stem),
                    hint="the distribution may have renamed it",
                )
            taken.append(Path(shutil.copyfile(found[0], folder / found[0].name)))
    return tuple(taken)


def _run(command: list[str], folder: Path, what: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NianbaoError(
            Message("{what}: {command} failed: {last}", what=what, command=command[0], last=last),
            hint="check the network and the package lists",
        )


def main() -> int:
    """Get the fonts into the folder named on the command line, or into the user's own."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default_folder()
    try:
        for path in fetch(folder):
            sys.stdout.write(f"{path}\n")
    except NianbaoError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Getting Debian's faces into a folder of the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.errors import NianbaoError, UsageError
from nianbao.export.fetch_fonts import PACKAGES, fetch, take
from nianbao.export.fonts import OFFICIAL, Origin


def unpacked(folder: Path, *, without: str = "") -> Path:
    for stems in PACKAGES.values():
        for stem in stems:
            if stem != without:
                path = folder / "usr" / "share" / f"{stem}.otf"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(stem.encode())
    (folder / "usr" / "share" / "Other-Regular.otf").write_bytes(b"")
    return folder


def test_the_faces_that_we_use_are_taken_and_no_others(tmp_path: Path) -> None:
    target = tmp_path / "fonts"
    target.mkdir()
    taken = take(unpacked(tmp_path / "deb"), target)
    assert sorted(path.stem for path in taken) == sorted(stem for stems in PACKAGES.values() for stem in stems)
    assert sorted(target.iterdir()) == sorted(taken)


def test_a_package_that_lacks_a_face_is_told(tmp_path: Path) -> None:
    with pytest.raises(NianbaoError, match="texlive-lang-chinese holds no FandolKai-Regular"):
        take(unpacked(tmp_path / "deb", without="FandolKai-Regular"), tmp_path)


def test_without_debians_tools_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="FONT_DIR"):
        fetch(tmp_path)


def test_every_free_family_that_we_know_is_fetched() -> None:
    stems = {stem.split("-")[0] for stems in PACKAGES.values() for stem in stems}
    names = {name.replace(" ", "") for family in OFFICIAL for name in (family.name, *family.names)}
    assert stems <= names
    assert len(stems) == sum(family.origin is Origin.FREE for family in OFFICIAL)

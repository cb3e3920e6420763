"""Projects at an address: a folder by its address, and a real S3-compatible server on the loopback interface."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from nianbao.batch import Job, listed, new_workers, run_batch, select
from nianbao.batch.mirror import _LIMITS, Mirror, opened
from nianbao.batch.outcomes import Result
from nianbao.batch.tasks import check_reports, make_one
from nianbao.errors import NianbaoError, UsageError
from nianbao.form import SECTIONS
from nianbao.paths import Project
from worlds import keys_of, published

BUCKET = "reports"
PREFIX = "province/2024"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The bucket as s3fs sees it; workers find the same server by the environment."""
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    files = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    if files.exists(BUCKET):
        files.rm(BUCKET, recursive=True)
    files.mkdir(BUCKET)
    return files


def uploaded(files: Any, project: Project) -> str:
    for path in project.root.rglob("*"):
        if path.is_file():
            files.pipe_file(f"{BUCKET}/{PREFIX}/{project.relative(path)}", path.read_bytes())
    return f"s3://{BUCKET}/{PREFIX}"


def outputs_at(files: Any) -> dict[str, bytes]:
    base = f"{BUCKET}/{PREFIX}/"
    return {name.removeprefix(base): files.cat_file(name) for name in files.find(f"{base}outputs")}


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_reports_in_a_bucket_have_the_bytes_of_the_serial_run(bucket: Any, fresh: Project, reference: Project) -> None:
    place = uploaded(bucket, fresh)
    with listed(place) as names:
        keys = select(names)
    assert keys == keys_of(reference)
    outcomes = run_batch(Job(place), keys[1:3], new_workers(2), lambda _: None)
    assert [outcome.result for outcome in outcomes] == [Result.MADE] * 2, outcomes
    wanted = published(reference)
    found = outputs_at(bucket)
    assert len(found) == len(wanted) // 2
    assert found == {name: wanted[name] for name in found}

    again = run_batch(Job(place), keys[1:3], new_workers(1), lambda _: None)
    assert [outcome.result for outcome in again] == [Result.UNCHANGED] * 2
    assert not [step for outcome in again for step in outcome.steps]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_server_that_takes_connections_and_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[str, Any] = {"connect_timeout": 1, "read_timeout": 1}
    monkeypatch.setitem(
        _LIMITS["s3"], "config_kwargs", {**cast("dict[str, Any]", _LIMITS["s3"]["config_kwargs"]), **limits}
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(NianbaoError, match="cannot be used"), listed("s3://bucket/here"):
            pass


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_bucket_that_is_not_there_is_said_so(bucket: Any) -> None:
    with listed("s3://no-such-bucket/here") as names, pytest.raises(UsageError, match="no report to make"):
        select(names)


def test_a_folder_by_its_address_is_worked_on_elsewhere_and_put_back(fresh: Project, reference: Project) -> None:
    keys = keys_of(fresh)[:1]
    job = Job(f"file://{fresh.root}")
    (checked,) = check_reports(job, keys)
    assert make_one(job, checked).result is Result.MADE
    wanted = published(reference)
    assert published(fresh) == {name: wanted[name] for name in published(fresh)}
    assert make_one(job, checked).result is Result.UNCHANGED


def test_files_of_others_beside_a_report_are_kept_aside_at_the_address(fresh: Project) -> None:
    keys = keys_of(fresh)[:1]
    job = Job(f"file://{fresh.root}")
    (checked,) = check_reports(job, keys)
    make_one(job, checked)
    stray = fresh.output_of(keys[0]) / "report.old.pdf"
    stray.write_bytes(b"old")
    page = fresh.output_of(keys[0]) / "report.html"
    right = page.read_bytes()
    page.write_bytes(b"edited")
    make_one(job, checked)
    assert not stray.exists()
    assert page.read_bytes() == right
    kept = {path.name: path.read_bytes() for path in fresh.kept_of(keys[0]).rglob("*") if path.is_file()}
    assert kept == {"report.old.pdf": b"old", "report.html": b"edited"}


def test_evidence_of_a_failure_is_put_where_the_message_says(fresh: Project) -> None:
    keys = keys_of(fresh)[:1]
    job = Job(f"file://{fresh.root}")
    (checked,) = check_reports(job, keys)
    fresh.notebook("", SECTIONS[2]).unlink()
    outcome = make_one(job, checked)
    assert outcome.result is Result.NOTEBOOK
    assert "03_applications.ipynb" in outcome.message
    blocked = replace(checked, outcome=replace(checked.outcome, blocked=True))
    outcome = make_one(job, blocked)
    assert (fresh.root / outcome.evidence / "findings.json").is_file()


def test_an_address_without_a_project_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no project here"), opened(f"file://{tmp_path}", []):
        pass


def test_an_address_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be used"), opened("carrier-pigeon://coop", []):
        pass


def test_an_address_that_breaks_in_the_middle_is_told_with_what_to_do(fresh: Project, tmp_path: Path) -> None:
    mirror = Mirror(f"file://{fresh.root}", Project(tmp_path / "copy"))
    with pytest.raises(NianbaoError, match="check the address"):
        mirror._get(["params/gone.yaml"])

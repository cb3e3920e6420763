from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nianbao.export
import nianbao.runs.run
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.pipeline.crate import crate
from nianbao.pipeline.manifest import fonts_used
from pipeline import sabotage

KEY = sabotage.KEY


@pytest.fixture(scope="module")
def folder(repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A finished report's folder in a copy of the project, with stand-ins for sections, exports and checks."""
    import shutil

    project = Project(tmp_path_factory.mktemp("manifest"))
    for name in ("params", "data", "notebooks"):
        shutil.copytree(repository.root / name, project.root / name)
    (project.expectations / "shili").mkdir(parents=True)
    (project.expectations / "shili" / "own.json").write_text("{}")
    checked = sabotage.Checked()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(nianbao.runs.run, "run_section", sabotage.fake_section)
        patched.setattr(nianbao.export, "export", sabotage.fake_export)
        make_report(project, KEY, sabotage.Options(), checked, lambda _step, _why: None)
        yield project.output_of(KEY)


def read(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_bytes())
    return found


def digests(entries: list[dict[str, str]]) -> dict[str, str]:
    return {entry["path"]: entry["sha256"] for entry in entries}


def test_every_input_of_this_year_and_the_last_is_named_with_its_digest(folder: Path) -> None:
    project = Project(folder.parents[2])
    inputs = digests(read(folder, "manifest.json")["inputs"])
    assert {"params/shili/office.yaml", "params/shili/2023.yaml", "data/shili/2023/applications.csv"} <= inputs.keys()
    assert "data/shili/2022/applications.csv" in inputs
    for name, value in inputs.items():
        assert hashlib.sha256((project.root / name).read_bytes()).hexdigest() == value


def test_files_looked_for_in_vain_are_named_apart(folder: Path) -> None:
    content = read(folder, "manifest.json")
    assert "data/shili/2023/narrative/02_proactive.md" in content["absent"]
    assert not set(content["absent"]) & digests(content["inputs"]).keys()


def test_notebooks_parameters_suites_packages_and_fonts_are_named(folder: Path) -> None:
    content = read(folder, "manifest.json")
    assert [entry["notebook"] for entry in content["sections"]][:2] == [
        "notebooks/01_overview.ipynb",
        "notebooks/02_proactive.ipynb",
    ]
    assert content["parameters"] == {"office": "shili", "year": 2023, "profile": "illustrated"}
    assert list(digests(content["suites"])) == ["expectations/shili/own.json"]
    assert {"nianbao", "pandas", "papermill", "great-expectations", "typst", "rocrate"} <= content["software"].keys()
    assert "absent" not in content["software"].values()
    (sans, serif) = content["fonts"]["files"]
    assert (sans["file"], serif["file"]) == ("NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf")
    assert len(serif["sha256"]) == 64
    assert serif["roles"]["body"] == "the open package pinned with the dependencies"


def test_every_file_of_the_report_is_named_with_its_digest(folder: Path) -> None:
    files = digests(read(folder, "manifest.json")["files"])
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert files.keys() == written - {"manifest.json", "ro-crate-metadata.json"}
    for name, value in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == value


def test_fonts_that_are_not_installed_are_said_to_be_missing() -> None:
    content = fonts_used(["A face that nobody has"])
    assert content["declared"] == ["A face that nobody has"]
    assert "A face that nobody has" in content["missing"]
    assert all("/" not in entry["file"] for entry in content["files"])


def test_the_crate_is_one_that_rocrate_reads(folder: Path) -> None:
    from rocrate.rocrate import ROCrate

    found = ROCrate(folder)
    assert found.name == "示例市人民政府办公室2023年政府信息公开工作年度报告"
    assert found.mainEntity.id == "report.ipynb"
    assert {"File", "SoftwareSourceCode", "ComputationalWorkflow"} == set(found.mainEntity.type)
    profiles = {entity.id for entity in found.root_dataset["conformsTo"]}
    assert "https://w3id.org/ro/wfrun/workflow/0.6" in profiles
    assert found.root_dataset["datePublished"] == "2024-01-19"


def test_every_reference_in_the_crate_leads_to_an_entity_of_it(folder: Path) -> None:
    graph = read(folder, "ro-crate-metadata.json")["@graph"]
    known = {entity["@id"] for entity in graph}
    assert len(known) == len(graph)
    outside = {"https://w3id.org/ro/crate/1.3", "http://schema.org/CompletedActionStatus", "https://jupyter.org/"}
    for entity in graph:
        for value in entity.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    assert item["@id"] in known | outside, entity


def test_an_action_in_the_crate_leads_from_inputs_to_a_section_and_from_the_report_to_a_format(folder: Path) -> None:
    graph = {entity["@id"]: entity for entity in read(folder, "ro-crate-metadata.json")["@graph"]}
    section = graph["#action-section-05_problems"]
    assert section["@type"] == "CreateAction"
    assert section["instrument"]["@id"] == "arcp://name,nianbao/notebooks/05_problems.ipynb"
    assert {"@id": "arcp://name,nianbao/data/shili/2023/narrative/05_problems.md"} in section["object"]
    assert section["result"] == [{"@id": "sections/05_problems.ipynb"}]
    pdf = graph["#action-export-report.pdf"]
    assert {"@id": "report.ipynb"} in pdf["object"]
    assert any("NotoSerifSC" in item["@id"] for item in pdf["object"])
    whole = graph["#action-report"]
    assert whole["instrument"] == {"@id": "report.ipynb"}
    assert {"@id": "#year"} in whole["object"]
    assert graph["#year"]["value"] == 2023


def test_files_in_the_crate_carry_their_digests_and_the_manifest_is_one(folder: Path) -> None:
    graph = {entity["@id"]: entity for entity in read(folder, "ro-crate-metadata.json")["@graph"]}
    for name in ("report.html", "manifest.json", "sections/01_overview.ipynb", "report.ipynb"):
        assert graph[name]["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_the_crate_of_the_same_manifest_is_the_same(folder: Path) -> None:
    content = (folder / "manifest.json").read_bytes()
    assert crate(content) == crate(content) == (folder / "ro-crate-metadata.json").read_bytes()


def test_the_office_in_the_crate_is_an_organization_and_not_the_parameter_of_that_name(folder: Path) -> None:
    graph = {entity["@id"]: entity for entity in read(folder, "ro-crate-metadata.json")["@graph"]}
    publisher = graph[graph["./"]["publisher"]["@id"]]
    assert (publisher["@type"], publisher["name"]) == ("Organization", "示例市人民政府办公室")
    assert graph["#action-report"]["agent"] == graph["./"]["author"] == graph["./"]["publisher"]
    assert graph["#office"] == {
        "@id": "#office",
        "@type": "PropertyValue",
        "name": "office",
        "value": "shili",
        "exampleOfWork": {"@id": "#parameter-office"},
    }


def test_the_crate_has_what_its_profiles_require(folder: Path) -> None:
    """The requirements that public validators' shapes hold it to: RO-Crate 1.3, Process and Workflow Run Crate."""
    graph = {entity["@id"]: entity for entity in read(folder, "ro-crate-metadata.json")["@graph"]}
    for reference in graph["./"]["conformsTo"]:
        assert set(graph[reference["@id"]]["@type"]) == {"CreativeWork", "Profile"}, reference
    for entity in graph.values():
        if entity["@type"] in ["SoftwareApplication", "ComputerLanguage"]:
            assert entity.keys() >= {"name", "version", "url"}, entity
            assert isinstance(entity["url"], str)
            assert "softwareVersion" not in entity  # one of the two
        if entity["@type"] == "CreateAction":
            assert entity["actionStatus"] == "http://schema.org/CompletedActionStatus"
            assert entity.keys() >= {"name", "description", "instrument", "result", "agent"}
    assert graph[graph["./"]["license"]["@id"]].keys() >= {"name", "description"}


def test_two_entities_of_one_name_are_refused(folder: Path) -> None:
    """In silence the later one would take the place of the earlier."""
    content = read(folder, "manifest.json")
    content["fonts"]["files"] *= 2
    with pytest.raises(ValueError, match="two entities of the crate are called #font-"):
        crate(json.dumps(content).encode())


def test_the_notebook_format_in_the_crate_is_that_of_the_report() -> None:
    from nbformat.v4 import nbformat, nbformat_minor

    from nianbao.pipeline import crate as module

    assert f"{nbformat}.{nbformat_minor}" == module._NOTEBOOK_FORMAT


def test_the_crate_does_not_depend_on_the_file_types_that_the_machine_knows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mimetypes

    monkeypatch.setattr(mimetypes, "types_map", {".json": "of/this-machine"})
    assert crate((folder / "manifest.json").read_bytes()) == (folder / "ro-crate-metadata.json").read_bytes()
    graph = {entity["@id"]: entity for entity in read(folder, "ro-crate-metadata.json")["@graph"]}
    assert graph["report.docx"]["encodingFormat"].endswith("wordprocessingml.document")
    assert graph["tables.xlsx"]["encodingFormat"].endswith("spreadsheetml.sheet")

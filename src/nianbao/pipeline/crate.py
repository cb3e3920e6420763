"""ro-crate-metadata.json: the manifest as a Workflow Run RO-Crate, for tools that read provenance.

The rocrate package is imported when a crate is made. Profile: Workflow Run Crate 0.6 (RO-Crate 1.3). The end of the
run, which the profile would like to see, is left out: no report holds a time, or the same inputs would not give the
same bytes; it stands in the log of runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nianbao.pipeline.manifest import json_text

if TYPE_CHECKING:
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

CRATE = "ro-crate-metadata.json"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.6": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.6": "Workflow Run Crate",
}
_TERMS = "https://w3id.org/ro/terms/workflow-run/context"
_PYTHON = "https://w3id.org/workflowhub/workflow-ro-crate#jupyter"
_JUPYTER = "https://jupyter.org/"
_NOTEBOOK_FORMAT = "4.5"
_WORKFLOW = "report.ipynb"
# What names a Python package in any index (https://github.com/package-url/purl-spec), and where our own source is.
_PACKAGE = "pkg:pypi/"
_SOURCE = "src/nianbao/"
_OFFICE = "#organization"
_LICENSE = (
    "Compiled under article 50 of the Regulation on the Disclosure of Government Information (国务院令第711号) for "
    "publication by the office; no further licence is stated here."
)
# Not mimetypes of the standard library: what that knows depends on the machine, and on what was imported before.
_TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
}

Entities = list[dict[str, str]]


def crate(content: bytes) -> bytes:
    """The crate that says what the manifest (``content``, as published) says.

    Nothing else goes into it, so that it differs only when the manifest does.
    """
    from rocrate.rocrate import ROCrate

    made = ROCrate()
    made.metadata.extra_contexts.append(_TERMS)
    _Writer(made, json.loads(content)).write()
    about = {"name": "manifest.json", "sha256": hashlib.sha256(content).hexdigest(), "about": {"@id": "#action-report"}}
    made.add_file(dest_path="manifest.json", properties=about | {"encodingFormat": "application/json"})
    generated = made.metadata.generate()
    first = {CRATE: 0, "./": 1}
    generated["@graph"].sort(key=lambda entity: (first.get(entity["@id"], 2), entity["@id"]))
    return json_text(generated, sort_keys=True)


def project_id(path: str) -> str:
    """The identifier of a project file: it lies outside the report's folder, wherever the project may be."""
    return f"arcp://name,nianbao/{quote(path)}"


class _Writer:
    """Writes one manifest into one crate; every identifier follows from the manifest, none is made up."""

    def __init__(self, made: ROCrate, manifest: Mapping[str, Any]) -> None:
        self.crate = made
        self.manifest = manifest

    def write(self) -> None:
        self._root()
        self._software()
        results = self._files(self.manifest["files"], inside=True)
        inputs = self._files(self.manifest["inputs"])
        suites = self._files(self.manifest["suites"])
        notebooks = self._files({"path": item["notebook"], "sha256": item["sha256"]} for item in self._sections())
        fonts = [self._font(entry) for entry in self.manifest["fonts"]["files"]]
        parameters = [self._parameter(name, value) for name, value in sorted(self.manifest["parameters"].items())]
        self._workflow(notebooks)
        others = [entity for entity in results if entity["@id"] != _WORKFLOW]
        self._action("report", "The report", _WORKFLOW, [*parameters, *inputs, *suites, *fonts], others)
        for item in self._sections():
            self._section_action(item, parameters)
        findings = [entity for entity in results if entity["@id"].startswith("findings.")]
        self._action("check", "The checks", "#package-great-expectations", [*inputs, *suites], findings)
        for entity in results:
            if entity["@id"].startswith(("report", "tables")) and entity["@id"] != _WORKFLOW:
                used = fonts if entity["@id"].endswith(".pdf") else []
                self._action(f"export-{entity['@id']}", "The export", "#nianbao", [{"@id": _WORKFLOW}, *used], [entity])

    def _sections(self) -> list[dict[str, Any]]:
        sections: list[dict[str, Any]] = self.manifest["sections"]
        return sections

    def _root(self) -> None:
        about = self.manifest["report"]
        root = self.crate.root_dataset
        root["name"] = f"{about['office_name']}{about['title']}"
        root["description"] = (
            f"The annual report on government information disclosure of {about['office_name']} for {about['year']}, "
            f"with everything that it was made from. Edition of the form: {about['edition']}; profile: "
            f"{about['profile']}{'; a draft' if about['draft'] else ''}."
        )
        root["datePublished"] = about["published"] or f"{about['year']}-12-31"
        root["license"] = self._entity("#license", "CreativeWork", name="No licence stated", description=_LICENSE)
        root["inLanguage"] = "zh-CN"
        office = self._entity(_OFFICE, "Organization", name=about["office_name"], identifier=about["office"])
        root["author"] = root["publisher"] = office
        for identifier, name in _PROFILES.items():
            version = identifier.rsplit("/", 1)[1]
            profile = self._entity(identifier, ["CreativeWork", "Profile"], name=name, version=version)
            root.append_to("conformsTo", profile)

    def _software(self) -> None:
        versions = dict(self.manifest["software"])
        own = versions.pop("nianbao")
        packages = [
            self._application(f"#package-{name}", name=name, version=version, url=f"{_PACKAGE}{name}@{version}")
            for name, version in versions.items()
        ]
        application = self._application("#nianbao", name="nianbao", version=own, url=project_id(_SOURCE))
        application["softwareRequirements"] = packages

    def _files(self, entries: Iterable[Mapping[str, str]], *, inside: bool = False) -> Entities:
        """File entities; those ``inside`` the report's folder are named relative to it."""
        return [self._file(entry["path"], entry["sha256"], inside=inside) for entry in entries]

    def _file(self, path: str, sha256: str, *, inside: bool) -> dict[str, str]:
        suffix = f".{path.rsplit('.', 1)[-1]}"
        about: dict[str, Any] = {
            "name": path,
            "sha256": sha256,
            "encodingFormat": _TYPES.get(suffix, "application/octet-stream"),
        }
        if suffix == ".ipynb":
            about |= {"@type": ["File", "SoftwareSourceCode"], "programmingLanguage": {"@id": _PYTHON}}
        place = {"dest_path": path} if inside else {"source": project_id(path)}
        return {"@id": self.crate.add_file(**place, properties=about).id}

    def _font(self, entry: Mapping[str, Any]) -> dict[str, str]:
        reasons = "; ".join(f"{role}: {why}" for role, why in entry["roles"].items()) or "characters that others lack"
        identifier = f"#font-{quote(entry['file'])}-{quote(entry['family'])}"
        self._entity(
            identifier, "CreativeWork", name=f"{entry['family']} ({entry['file']})", sha256=entry["sha256"],
            description=reasons,
        )  # fmt: skip
        return {"@id": identifier}

    def _parameter(self, name: str, value: Any) -> dict[str, str]:
        kind = "Integer" if isinstance(value, int) else "Text"
        self._entity(f"#parameter-{name}", "FormalParameter", name=name, additionalType=kind)
        given = self._entity(f"#{name}", "PropertyValue", name=name, value=value)
        given["exampleOfWork"] = {"@id": f"#parameter-{name}"}
        return {"@id": f"#{name}"}

    def _workflow(self, notebooks: Entities) -> None:
        from rocrate.model.computerlanguage import ComputerLanguage

        about = {"name": "Jupyter Notebook", "url": _JUPYTER, "version": _NOTEBOOK_FORMAT}
        language = self.crate.add(ComputerLanguage(self.crate, _PYTHON, properties=about))
        known = self.crate.dereference(_WORKFLOW)
        self.crate.delete(known)
        properties = {key: value for key, value in known.properties().items() if not key.startswith("@")}
        workflow = self.crate.add_workflow(
            dest_path=_WORKFLOW,
            main=True,
            lang=language,
            properties=properties | {"name": "The six sections as one notebook, with what they displayed"},
        )
        workflow["hasPart"] = workflow["isBasedOn"] = notebooks
        workflow["softwareRequirements"] = {"@id": "#nianbao"}
        workflow["input"] = [{"@id": f"#parameter-{name}"} for name in sorted(self.manifest["parameters"])]

    def _section_action(self, item: Mapping[str, Any], parameters: Entities) -> None:
        there = {entry["path"] for entry in self.manifest["inputs"]}
        read = [{"@id": project_id(name)} for name in item["reads"] if name in there]
        result = [{"@id": f"sections/{item['section']}.ipynb"}]
        name, instrument = f"section-{item['section']}", project_id(item["notebook"])
        self._action(name, f"The section {item['section']}", instrument, [*parameters, *read], result)

    def _action(self, name: str, title: str, instrument: str, used: Entities, made: Entities) -> None:
        action = self._entity(f"#action-{name}", "CreateAction", name=title, description=f"{title}: {name}")
        action["instrument"] = {"@id": instrument}
        action["object"] = used
        action["result"] = made
        action["agent"] = {"@id": _OFFICE}
        action["actionStatus"] = "http://schema.org/CompletedActionStatus"
        self.crate.root_dataset.append_to("mentions", action)

    def _application(self, identifier: str, /, **about: str) -> ContextEntity:
        return self._entity(identifier, "SoftwareApplication", **about)

    def _entity(self, name: str, kind: str | list[str], /, **about: Any) -> ContextEntity:
        from rocrate.model.contextentity import ContextEntity

        if self.crate.dereference(name) is not None:
            # The later one would silently take the place of the earlier, under the eyes of all that refer to it.
            raise ValueError(f"two entities of the crate are called {name}")
        return self.crate.add(ContextEntity(self.crate, name, properties={"@type": kind, **about}))

"""Completion in real shells: what they offer for the words before, in the language of the terminal."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nianbao.paths import Project

LINES = {
    "nianbao repo": "report",
    "nianbao report --outp": "--outputs",
    "nianbao report shi": "shili",
    "nianbao check pan": "panzhihua",
    "nianbao help cler": "clerks",
}
FOLDER = ("nianbao report --outputs para", "params/")
BASH = """eval "$(nianbao completion bash)"
read -ra COMP_WORDS <<< "$LINE"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _nianbao_completion nianbao; echo "${COMPREPLY[@]}" """
FISH = "nianbao completion fish | source; complete -C $LINE"
ZSH = 'PROMPT=; autoload -Uz compinit; compinit -D -u; eval "$(nianbao completion zsh)"; print -r READY$((1+1))\n'


def environment(language: str, **others: str) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "LANGUAGE": language, "TERM": "dumb", **others}


def need(shell: str) -> str:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    return program


def offered(shell: str, line: str, folder: Path, language: str = "en") -> str:
    call = [need(shell), "-c", BASH if shell == "bash" else FISH]
    done = subprocess.run(
        call, cwd=folder, env=environment(language, LINE=line), capture_output=True, text=True, check=False
    )
    return done.stdout


def typed(line: str, wanted: str, folder: Path, language: str = "en") -> str:
    """What zsh shows after the line and two tabs: it completes in its line editor alone, so it gets a terminal."""
    program = need("zsh")
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(program, ["zsh", "-fi"], environment(language))  # noqa: S606
    shown = b""

    def wait_for(mark: str) -> None:
        nonlocal shown
        end = time.monotonic() + 120
        while mark.encode() not in shown and time.monotonic() < end:
            if select.select([terminal], [], [], 0.5)[0]:
                shown += os.read(terminal, 4096)

    try:
        os.write(terminal, ZSH.encode())
        wait_for("READY2")
        shown = b""
        os.write(terminal, f"{line}\t\t".encode())
        wait_for(wanted)
        return shown.decode(errors="replace")
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_shell_completes_commands_options_offices_and_topics(shell: str, repository: Project) -> None:
    # Bash itself looks for folders, at the keyboard alone.
    for line, wanted in [*LINES.items(), *([FOLDER] if shell == "fish" else [])]:
        assert wanted in offered(shell, line, repository.root), line


@pytest.mark.parametrize(
    ("line", "wanted"), [FOLDER, *(pytest.param(*each, marks=pytest.mark.slow) for each in LINES.items())]
)
def test_zsh_completes_the_same(line: str, wanted: str, repository: Project) -> None:
    assert wanted in typed(line, wanted, repository.root)


def test_fish_shows_what_options_are_for_in_whole_and_in_one_language(repository: Project) -> None:
    said = dict(each.split("\t") for each in offered("fish", "nianbao report --", repository.root, "zh").splitlines())
    assert said["--to"] == "格式，用逗号相连：html,pdf,docx,xlsx（默认这些）、fragment。"
    assert "生成一份报告。" in offered("fish", "nianbao repo", repository.root, "zh")


def test_zsh_shows_what_options_are_for_in_one_language(repository: Project) -> None:
    assert "只显示错误" in typed("nianbao report --", "只显示错误", repository.root, "zh")


def test_outside_a_project_no_office_is_offered_and_nothing_is_said(tmp_path: Path) -> None:
    assert offered("bash", "nianbao report shi", tmp_path).strip() == ""

"""Owns the command line: one verb a command, text for people, exit codes for tools.

May import: errors, garbage and interrupts at once; runs.head_start, then click and cli.commands when it is called.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from nianbao.errors import ExitCode, NianbaoError
from nianbao.garbage import collect_seldom
from nianbao.interrupts import repeat_if_dropped


def main() -> NoReturn:
    """Run the command line: an expected failure prints one message, a bug keeps its traceback."""
    collect_seldom()
    repeat_if_dropped(signal.SIGINT, signal.default_int_handler)
    # A spreadsheet's window or a pipe may be anything but UTF-8; the words must arrive all the same.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    _leave(_run())


def _run() -> int:
    try:
        _head_start(sys.argv[1:])
        return _command()
    except KeyboardInterrupt:
        print("nianbao: stopped", file=sys.stderr)  # noqa: T201 -- click may not be there yet
        return 130


def _head_start(words: Sequence[str]) -> None:
    """Before anything else is imported, have loaded what the command will most likely wait for."""
    match words:
        case ["report", office, *_]:
            start = Path()
        case ["--project", folder, "report", office, *_]:
            start = Path(folder)
        case _:
            return
    from nianbao.runs.head_start import head_start

    head_start(start, office)


def _command() -> int:
    import click

    from nianbao.cli.commands import cli

    try:
        code = cli.main(standalone_mode=False)
    except NianbaoError as error:
        click.echo(f"nianbao: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except click.Abort as error:
        if isinstance(error.__cause__, EOFError):  # click takes any for a person's Ctrl-D; nobody is asked anything
            return _fault()
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        # Whoever read our output has gone (| head): nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except Exception:  # noqa: BLE001 -- the last resort: a bug keeps its traceback and its own exit code
        return _fault()
    return code if isinstance(code, int) else ExitCode.DONE


def _fault() -> ExitCode:
    """Tell of the exception that is being handled."""
    import traceback

    traceback.print_exc()
    print("nianbao: this is a fault of ours, not of your inputs; the last report is untouched", file=sys.stderr)  # noqa: T201 -- as above
    return ExitCode.FAULT


def _leave(code: int) -> NoReturn:
    """End as an interpreter does, but for taking apart all that was imported: that costs a quarter of a second."""
    threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 -- waits for threads, as the interpreter does
    atexit._run_exitfuncs()  # noqa: SLF001 -- os._exit does not
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads any more
            stream.flush()
    os._exit(code)

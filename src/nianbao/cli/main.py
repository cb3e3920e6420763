"""The command line: one verb a command, text for people, exit codes for tools."""

from __future__ import annotations

import errno
import os
import sys
from typing import NoReturn

from nianbao.errors import ExitCode, NianbaoError
from nianbao.errors.language import speak_as_the_system, tr, why_refused

# What a folder or a disk refuses, whoever wrote the code: told in a line, without a traceback.
_OF_THE_MACHINE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO})


def main() -> NoReturn:
    """Run the command line: an expected failure prints one message, a bug keeps its traceback."""
    # A spreadsheet's window or a pipe may be anything but UTF-8; the words must arrive all the same.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    speak_as_the_system()
    try:
        code = _command()
    except KeyboardInterrupt:
        print(tr("nianbao: stopped"), file=sys.stderr)  # noqa: T201 -- click may not be there yet
        code = 130
    sys.exit(code)


def _command() -> int:
    import click

    from nianbao.cli.commands import cli
    from nianbao.cli.translated import COMPLETING

    if COMPLETING in os.environ:
        import nianbao.cli.completion  # noqa: F401 -- its class for fish

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

    if isinstance(error := sys.exc_info()[1], OSError) and error.errno in _OF_THE_MACHINE:
        refused = NianbaoError(
            why_refused(error),
            where=str(error.filename) if error.filename else None,
            hint="check the rights of the file or folder, and the room on the disk",
        )
        print(f"nianbao: {refused}", file=sys.stderr)  # noqa: T201 -- click may not be there yet
        return ExitCode.FAULT
    traceback.print_exc()
    print(tr("nianbao: this is a fault of ours, not of your inputs; the last report is untouched"), file=sys.stderr)  # noqa: T201 -- as above
    return ExitCode.FAULT

"""Read files in a process of its own, with limits of time, memory and output: no file can hold up or end the others."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from pickle import UnpicklingError, dumps, loads
from types import TracebackType

from nianbao.errors import IngestError, NianbaoError
from nianbao.ingest.read import Outcome, file_name, read_each

# For one file: seconds of processor time, seconds by the clock (other programs may keep the processors), bytes of
# memory beyond what the process has when it is ready (512 MB with it), and bytes of what was read. The longest reports
# take a second.
PROCESSOR_SECONDS = 10
# What each report of an archive or a compilation adds to the seconds of processor time of its file.
SECONDS_MORE = 1
CLOCK_SECONDS = 120
MEMORY = 448 * 1024 * 1024
OUTPUT = 64 * 1024 * 1024
_HINT = "save it anew from its program, or give the report alone"
_HINT_ZH = "请用原软件另存，或只提供年报本身"


@dataclass(frozen=True)
class _Raised:
    """An error that ended the reading of a file."""

    error: NianbaoError


class Reader:
    """Read files one after the other in one process, which is replaced where a file ends it; a context manager."""

    def __init__(self, *, processor_seconds: int = PROCESSOR_SECONDS, memory: int = MEMORY) -> None:
        self._limits = (processor_seconds, memory)
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, path: Path, year: int | None = None) -> tuple[Outcome, ...]:
        """The reports of a file as ``read_all`` gives them; an archive has a second more for each of its files.

        Raises IngestError for a file that cannot be read, also within the limits. Where an archive ends the process,
        what was read before is given, and the error after it.
        """
        connection = self._ready()
        found: list[Outcome] = []
        try:
            connection.send_bytes(dumps((path, year)))
            while (answer := self._answer(connection, path)) is not None:
                if isinstance(answer, _Raised):
                    raise answer.error
                found.append(answer)
        except IngestError as error:
            if not found:
                raise
            found.append(error)
        except KeyboardInterrupt:
            self._end()
            raise
        return tuple(found)

    def _answer(self, connection: Connection, path: Path) -> Outcome | _Raised | None:
        """The next report, the error that ended the reading, or None at its end."""
        try:
            if not connection.poll(CLOCK_SECONDS):
                raise self._too_much(path, f"{CLOCK_SECONDS} seconds", f"{CLOCK_SECONDS}秒")
            answer: Outcome | _Raised | None = loads(connection.recv_bytes(OUTPUT))  # noqa: S301 -- our own process
        except EOFError as error:
            raise self._died(path) from error
        except (OSError, UnpicklingError) as error:
            raise self._too_much(path, f"{OUTPUT >> 20} MB of output", f"{OUTPUT >> 20} MB输出") from error
        return answer

    def _ready(self) -> Connection:
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, *self._limits), daemon=True)
            self._process.start()
            theirs.close()
            self._connection = ours
        return self._connection

    def _died(self, path: Path) -> IngestError:
        """What to say of a file that ended the process: by its limits, or by a fault of a library."""
        process = self._process
        if process is not None:
            process.join(CLOCK_SECONDS)
        seconds, _ = self._limits
        over_time = process is not None and process.exitcode in {-_signal("SIGXCPU"), -_signal("SIGKILL")}
        self._end()
        if over_time:
            return self._too_much(path, f"{seconds} seconds of processor time", f"{seconds}秒")
        what = "cannot be read: its reader ended in the middle of it"
        return IngestError(what, where=file_name(path), hint=_HINT, zh=f"读取中断，文件可能已损坏。{_HINT_ZH}")

    def _too_much(self, path: Path, what: str, chinese: str) -> IngestError:
        self._end()
        zh = f"未能在{chinese}内读完。{_HINT_ZH}"
        return IngestError(f"cannot be read within {what}", where=file_name(path), hint=_HINT, zh=zh)

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


def _signal(name: str) -> int:
    import signal

    return int(getattr(signal, name, 0))


def _serve(connection: Connection, seconds: int, memory: int) -> None:
    """Read the files that are asked for until the other end is closed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prepare()
    with _limited_memory(memory):
        while True:
            try:
                path, year = loads(connection.recv_bytes())  # noqa: S301 -- from our own process
            except EOFError:
                return
            for answer in _answers(path, year, memory, seconds):
                connection.send_bytes(answer)


def _answers(path: Path, year: int | None, memory: int, seconds: int) -> Iterator[bytes]:
    """What was read, report by report, then None or the error that ended it, ready to be sent.

    Each report of a file that holds several adds to the file's ``seconds``.
    """
    started = _seconds_used()
    try:
        _limit_time(started + seconds)
        for number, outcome in enumerate(read_each(path, year), start=1):
            yield dumps(outcome)
            _limit_time(started + seconds + number * SECONDS_MORE)
        yield dumps(None)
    except NianbaoError as error:
        yield dumps(_Raised(error))
    except MemoryError:
        what, zh = (
            f"cannot be read within {memory >> 20} MB of memory",
            f"未能在{memory >> 20} MB内存内读完。{_HINT_ZH}",
        )
        yield dumps(_Raised(IngestError(what, where=file_name(path), hint=_HINT, zh=zh)))
    except Exception as error:  # noqa: BLE001 -- what one file brings about must end no other
        what, zh = f"cannot be read: {type(error).__name__}: {str(error)[:200]}", f"不能读取。{_HINT_ZH}"
        yield dumps(_Raised(IngestError(what, where=file_name(path), hint=_HINT, zh=zh)))


def _prepare() -> None:
    """Load what every reader needs, that the limit of memory counts from there."""
    import lxml.html
    import pypdfium2

    from nianbao.ingest import odf, pdf, sheet, web, word

    _ = (lxml.html, pypdfium2, odf, pdf, sheet, web, word)


def _seconds_used() -> int:
    """The seconds of processor time that the process has had; 0 where the system doesn't tell."""
    with suppress(ImportError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        return int(used.ru_utime + used.ru_stime)
    return 0


def _limit_time(seconds: int) -> None:
    """Let the process end by a signal once it has had so many seconds of processor time, counted from its start."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (1 + seconds, most))


@contextmanager
def _limited_memory(memory: int) -> Iterator[None]:
    """Refuse the process more memory than it has and so many bytes; nothing where the system has no such limit."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    yield

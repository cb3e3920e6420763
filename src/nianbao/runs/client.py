"""Owns the notebook client over a forked process: nbclient's rules for cells, errors and outputs, without a bus.

May import: runs.process.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_hook, run_sync
from nbformat import NotebookNode, from_dict
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Integer

from nianbao.runs.outputs import Outputs, is_valid_output
from nianbao.runs.process import (
    CellTooLongError,
    CellTooSlowError,
    Message,
    NotebookProcess,
    ProcessDiedError,
    WhenIdle,
)

# What a cell may put out, text and pictures together. A printed page of a report takes some 5 kB; a cell that
# exceeds this prints in a loop, and the file would be of no use to anybody.
OUTPUT_LIMIT = 20_000_000  # bytes

_AHEAD = 50_000  # characters of a cell that is sent early: well below what the link takes without being read

_LOOK_EVERY = 1.0  # seconds between looks at whether a cell that prints is to be saved in the middle

_INTERRUPT_GRACE = 2.0  # seconds for an interrupted cell to come back with its traceback

# What the Python kernel says of itself (ipykernel, IPythonKernel.language_info), without importing it.
LANGUAGE_INFO = {
    "name": "python",
    "version": sys.version.split()[0],
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}


# What an output takes from its message.
_FIELDS = {"display_data": ("data", "metadata"), "execute_result": ("data", "metadata", "execution_count")}


class ForkedNotebookClient(PapermillNotebookClient):  # type: ignore[misc] # papermill carries no types
    """Runs a notebook's cells in a process that the zygote has forked; options as nbclient's."""

    output_limit = Integer(OUTPUT_LIMIT, help="What a cell may put out, in bytes.").tag(config=True)
    memory_limit = Integer(None, allow_none=True, help="Address space of the process, in bytes.").tag(config=True)

    def execute_in(self, process: NotebookProcess, when_idle: WhenIdle | None = None) -> None:
        """Run the client's notebook in ``process``, in place, and end the process.

        ``when_idle`` is called once a cell, when that is silent for 20 ms or runs for a second. Raises nbclient's
        CellTimeoutError and DeadKernelError; a cell that raises is marked in the notebook.
        """
        self.reset_execution_trackers()
        self._process = process
        self._when_idle = when_idle
        self._unsent = 0  # the first cell not yet sent
        self._look_at = time.monotonic() + _LOOK_EVERY
        with process:
            self.log.info(f"Executing notebook with kernel: {self.kernel_name}")
            _call_hook(self.on_notebook_start, notebook=self.nb)
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = LANGUAGE_INFO
            self.set_widgets_metadata()
            process.finish()

    def execute_cell(self, cell: NotebookNode, cell_index: int, *_: object, **__: object) -> NotebookNode:
        """Run one cell; papermill calls it. Raises CellExecutionError where the cell raised and may not."""
        _call_hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        if not self._runs(cell):
            return cell
        _call_hook(self.on_cell_execute, cell=cell, cell_index=cell_index)
        self._send(cell_index)
        _call_hook(self.on_cell_complete, cell=cell, cell_index=cell_index)  # as early as nbclient calls it
        self.code_cells_executed += 1
        cell["execution_count"] = self.code_cells_executed
        self.clear_before_next_output = False
        if self.record_timing:
            cell["metadata"]["execution"] = {"iopub.status.busy": _now(), "iopub.execute_input": _now()}
        reply = {"content": self._wait(cell, cell_index)}
        if self.record_timing:
            cell["metadata"]["execution"] |= {"iopub.status.idle": _now(), "shell.execute_reply": _now()}
        _call_hook(self.on_cell_executed, cell=cell, cell_index=cell_index, execute_reply=reply)
        run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        return cell

    def _runs(self, cell: NotebookNode) -> bool:
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped

    def _send(self, index: int) -> None:
        """Send this cell, and what comes after it: the process need not wait while this one is written down."""
        later = range(index + 1, len(self.nb.cells)) if self._may_run_ahead else ()
        following = next((at for at in later if self._runs(self.nb.cells[at])), None)
        for at in (index, following):
            if at is None or at < self._unsent or (at != index and len(self.nb.cells[at].source) > _AHEAD):
                continue
            cell = self.nb.cells[at]
            allowed = self.allow_errors or "raises-exception" in cell.metadata.get("tags", [])
            # Where nothing runs ahead, whether to go on is decided here, cell by cell.
            go_on = allowed and not self.force_raise_errors
            self._process.send(cell.source, go_on=go_on or not self._may_run_ahead)
            self._unsent = at + 1
        if following is None and self._may_run_ahead:
            self._process.send_end()

    @property
    def _may_run_ahead(self) -> bool:
        # Not where somebody wants to have a say between two cells, or where an interrupt must hit the right one.
        hooks = (self.on_cell_start, self.on_cell_execute, self.on_cell_complete, self.on_cell_executed)
        return not (any((*hooks, self.on_cell_error)) or self.interrupt_on_timeout or self.allow_error_names)

    def _wait(self, cell: NotebookNode, index: int) -> Message:
        cell.outputs = []
        outputs = Outputs(cell.outputs, self._log_lines, lambda: self._before_text(cell, index, outputs))
        self._sinks = (outputs.text, lambda message: self._message(message, cell, index, outputs))
        timeout = self._get_timeout(cell)
        try:
            return self._process.wait(*self._sinks, timeout, self._when_idle)
        except CellTooSlowError:
            return self._too_slow(cell, timeout)
        except CellTooLongError:
            self._too_long(cell)
        except ProcessDiedError as death:
            self.log.error("Kernel died while waiting for execute reply.")  # noqa: TRY400 # no news in the traceback
            raise DeadKernelError(f"Kernel died: the process that ran cell {index} ended, {death}") from None
        except KeyboardInterrupt:
            self._interrupt()
            raise
        finally:
            outputs.settle()

    def _message(self, message: Message, cell: NotebookNode, index: int, outputs: Outputs) -> None:
        kind = message["kind"]
        if not kind.startswith("comm"):
            outputs.close()
        content = message["content"]
        if kind == "error" and not "".join(content["traceback"]).strip():
            # A process that is out of memory may have none left to write its traceback in.
            content["traceback"] = [f"{content['ename']}: {content['evalue']}"]
        found = {
            "msg_type": kind,
            "header": {"msg_type": kind},
            "parent_header": {},
            "content": content,
            "buffers": [base64.b64decode(buffer) for buffer in message.get("buffers", [])],
        }
        self.process_message(found, cell, index)

    def output(
        self, outs: list[NotebookNode], msg: Message, display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Add an output to a cell, as nbclient does, and by it where there is anything out of the ordinary.

        nbformat validates a single output by a way that takes longer than most of our cells; as part of a notebook it
        is validated a good deal faster.
        """
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if not (hooked or display_id or self.clear_before_next_output) and msg["msg_type"] in _FIELDS:
            fields = {name: msg["content"][name] for name in _FIELDS[msg["msg_type"]]}
            output: NotebookNode = from_dict({"output_type": msg["msg_type"], **fields})
            if is_valid_output(output):
                outs.append(output)
                return output
        return super().output(outs, msg, display_id, cell_index)  # type: ignore[no-any-return] # as above

    def _log_lines(self, output: NotebookNode) -> None:
        if self.log_output or self.stdout_file or self.stderr_file:
            self.log_output_message(output)

    def _before_text(self, cell: NotebookNode, index: int, outputs: Outputs) -> None:
        if self.clear_before_next_output:
            cell.outputs[:] = []
            self.clear_display_id_mapping(index)
            self.clear_before_next_output = False
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + _LOOK_EVERY
            outputs.settle()
            self.nb_man.autosave_cell()

    def _too_slow(self, cell: NotebookNode, timeout: int) -> Message:
        self.log.error("Timeout waiting for execute reply (%is).", timeout)
        what = "Cell execution timed out"
        if self.interrupt_on_timeout:
            self._process.interrupt()
            patience = self.iopub_timeout if self.error_on_timeout else timeout
            with contextlib.suppress(CellTooSlowError, CellTooLongError, ProcessDiedError):
                reply = self._process.wait(*self._sinks, patience)
                return {**self.error_on_timeout, "status": "error"} if self.error_on_timeout else reply
            self._process.kill()
            what = "Cell did not stop when it was interrupted"
        else:
            # Its traceback is worth having: it shows where the cell was.
            self._interrupt()
        raise CellTimeoutError.error_from_timeout_and_cell(what, timeout, cell)

    def _too_long(self, cell: NotebookNode) -> NoReturn:
        self._process.kill()
        name = "OutputLimitError"
        value = f"the cell put out more than {self.output_limit:,} bytes; it was stopped, and the rest is lost"
        text = f"{name}: {value}"
        cell.outputs.append(NotebookNode(output_type="error", ename=name, evalue=value, traceback=[text]))
        raise CellExecutionError(text, name, value) from None

    def _interrupt(self) -> None:
        """Interrupt the cell, wait a little for its traceback, then end the process."""
        self._process.interrupt()
        with contextlib.suppress(CellTooSlowError, CellTooLongError, ProcessDiedError):
            self._process.wait(*self._sinks, _INTERRUPT_GRACE)
        self._process.kill()


def _call_hook(hook: Callable[..., Any] | None, **arguments: Any) -> None:
    if hook is not None:
        run_sync(run_hook)(hook, **arguments)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

"""ONNX Runtime, given what PyTorch exports."""

from __future__ import annotations

import contextlib
import io
import tempfile
import warnings
from pathlib import Path
from typing import Any

from peers import installed, optional
from timing import Candidate

available = all(map(installed, ("onnxruntime", "onnxscript", "torch")))
onnxruntime: Any = optional("onnxruntime") if available else None


def exported(module: Any, inputs: tuple[Any, ...], threads: int) -> Candidate:
    """A module's inference, on inputs given as tensors; the result is a NumPy array."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.force_spinning_stop", "1")  # or its threads take cores from the next
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "module.onnx")
        _export(module.eval(), inputs, path)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feed = dict(zip((each.name for each in session.get_inputs()), (x.numpy() for x in inputs), strict=True))
    return lambda: session.run(None, feed)[0]


def _export(module: Any, inputs: tuple[Any, ...], path: str) -> None:
    """Without what the exporter says on the way."""
    import torch  # noqa: PLC0415  (only where it is a peer)

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(module, inputs, path, dynamo=True, verbose=False)

"""A headless Chromium, driven over a pipe by its DevTools protocol; needs nothing but the browser."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars")
KEYS = {"ArrowDown": 40, "ArrowUp": 38, "ArrowRight": 39, "ArrowLeft": 37, "Enter": 13, "Escape": 27, "Tab": 9}


def chromium() -> str | None:
    """Where a Chromium is, if there is one; the environment variable CHROMIUM may say it."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


# The browser reads commands from descriptor 3 and answers on 4.
_STARTER = """
import fcntl, os, sys
commands, answers = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(commands, 3)
os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Page:
    """A page of the browser."""

    def __init__(self, send: int, receive: int) -> None:
        self._send, self._receive = send, receive
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session: str | None = None
        self.messages: list[dict[str, Any]] = []  # events since the page was opened
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._send, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") != number:
                self.messages.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._receive, 1 << 20)
            if not read:
                raise RuntimeError("the browser has ended")
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def open(self, path: Path, width: int = 1440, height: int = 900, dark: bool = False) -> None:
        """Show a file in a window of this size."""
        self.messages.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=path.resolve().as_uri())

    def run(self, script: str) -> Any:
        """The value of an expression of JavaScript, awaited."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"].get("description", script))
        return found["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until an expression of JavaScript is true, ten seconds at most."""
        looking = f"(async () => {{ const end = Date.now() + 10000; while (!({condition})) {{ if (Date.now() > end)"
        self.run(f"{looking} throw new Error('still not'); await new Promise((r) => setTimeout(r, 10)); }} }})()")

    def press(self, *keys: str) -> None:
        """Press keys one after another, by their names ("Enter") or as what they type ("/")."""
        for key in keys:
            typed = {} if key in KEYS else {"text": key}
            named = {"key": key, "windowsVirtualKeyCode": KEYS.get(key, 0), **typed}
            self.call("Input.dispatchKeyEvent", type="keyDown", **named)
            self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    def hover(self, selector: str) -> None:
        """Move the pointer to the middle of an element."""
        script = """(() => {
            const element = document.querySelector(SELECTOR);
            element.scrollIntoView({ block: "nearest" });
            const box = element.getBoundingClientRect();
            return [box.x + Math.min(box.width, 200) / 2, box.y + box.height / 2];
        })()"""
        at = self.run(script.replace("SELECTOR", json.dumps(selector)))
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=at[0], y=at[1])

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


@contextlib.contextmanager
def browser(executable: str, profile: Path) -> Iterator[Page]:
    """A browser with one page; `profile` is a folder for what it keeps."""
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    starter = [sys.executable, "-c", _STARTER, str(to_read), str(from_write)]
    command = [*starter, executable, *FLAGS, "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, pass_fds=(to_read, from_write), stderr=subprocess.DEVNULL)
    os.close(to_read)
    os.close(from_write)
    try:
        yield Page(to_write, from_read)
    finally:
        process.terminate()
        process.wait(10)
        os.close(to_write)
        os.close(from_read)

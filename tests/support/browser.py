"""A real browser without a window, driven through its own protocol over two pipes: no port, no further package."""
import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

PATIENCE_SECONDS = 60


def program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    def __init__(self, folder: Path):
        self._ids = itertools.count(1)
        self._events: list[dict] = []
        self._rest = b""
        to_read, self._out = os.pipe()
        self._in, to_write = os.pipe()
        # It reads from file descriptor 3 and writes to 4.
        shell = f"exec 3<&{to_read} 4>&{to_write}; exec \"$@\""
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "browser", program(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        target = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")

    def close(self) -> None:
        os.close(self._out)  # the browser ends with its pipe
        self._process.wait(PATIENCE_SECONDS)
        os.close(self._in)

    def _read(self) -> dict:
        while b"\0" not in self._rest:
            part = os.read(self._in, 1 << 16)
            assert part, "the browser has ended"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _ask(self, method: str, parameters: dict | None = None) -> dict:
        message = {"id": next(self._ids), "method": method, "params": parameters or {}}
        if hasattr(self, "_session"):
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != message["id"]:
            self._events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, address: str) -> None:
        self._ask("Page.navigate", {"url": address})

    def evaluate(self, script: str):
        result = self._ask("Runtime.evaluate", {"expression": script, "returnByValue": True, "awaitPromise": True})
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, script: str):
        """Waits until the script says something that counts as true, and returns that."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (value := self.evaluate(script)):
            assert time.monotonic() < end, f"{script} did not come true in {self.evaluate('document.body.innerText')[:2000]}"
            time.sleep(0.05)
        return value

    def complaints(self) -> list[str]:
        """What the page wrote to its console as an error, and what it was not allowed to load."""
        self.evaluate("1")  # what was said before has come by now
        errors = [event["params"] for event in self._events if event.get("method") == "Runtime.exceptionThrown"]
        entries = [event["params"]["entry"] for event in self._events if event.get("method") == "Log.entryAdded"]
        return [json.dumps(each) for each in errors + [entry for entry in entries if entry["level"] == "error"]]

    def addresses(self) -> list[str]:
        """Everything that was asked of the network."""
        return [event["params"]["request"]["url"] for event in self._events
                if event.get("method") == "Network.requestWillBeSent"]

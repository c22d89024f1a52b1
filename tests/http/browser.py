# SPDX-License-Identifier: MIT
"""A real browser without a screen, steered over the DevTools protocol."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request

import websockets

from harness import PATIENCE, wait_until


class Browser:
    """Chromium, and what its console complains of."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="qrngd-browser-")
        self.log = os.path.join(self.folder, "log")
        command = ["chromium-headless-shell", "--remote-debugging-port=0", "--disable-gpu", "--no-first-run",
                   "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required",
                   f"--user-data-dir={self.folder}/profile", "about:blank"]
        # Its sandbox refuses to work for root; all it opens here is our own.
        command += ["--no-sandbox"] if os.geteuid() == 0 else []
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, stdin=subprocess.DEVNULL,
                                            start_new_session=True)
        wait_until(lambda: self._port() or self.process.poll() is not None)
        self.complaints = []
        self._count = 0
        self._socket = None

    def _port(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            found = re.search(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/", log.read())
        return found and int(found[1])

    async def open(self):
        request = urllib.request.Request(f"http://127.0.0.1:{self._port()}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            address = json.load(answer)["webSocketDebuggerUrl"]
        self._socket = await websockets.connect(address, max_size=None, ping_interval=None)
        for domain in ("Runtime", "Log", "Page"):
            await self.call(f"{domain}.enable")

    def _notice(self, message):
        parameters = message.get("params", {})
        if message["method"] == "Runtime.exceptionThrown":
            self.complaints.append(parameters["exceptionDetails"])
        elif message["method"] == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            self.complaints.append(parameters["args"])
        elif message["method"] == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.complaints.append(parameters["entry"])

    async def _next(self):
        message = json.loads(await asyncio.wait_for(self._socket.recv(), PATIENCE))
        if "method" in message:
            self._notice(message)
        return message

    async def call(self, method, **parameters):
        self._count += 1
        await self._socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while True:
            message = await self._next()
            if message.get("id") == self._count:
                return message.get("result", message.get("error"))

    async def visit(self, address):
        """Goes to a page and waits until it is there."""
        await self.call("Page.navigate", url=address)
        while (await self._next()).get("method") != "Page.loadEventFired":
            pass

    async def run(self, script):
        """The value of an expression on the page; a promise is waited for."""
        result = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            return result["exceptionDetails"]
        return result["result"].get("value")

    def close(self):
        """Ends the browser and all its helpers, which are a group of their own."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, 15)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

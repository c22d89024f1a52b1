#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The clients of docs/examples: they do what they say, and do not believe what was altered."""

import http.server
import os
import re
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
from harness import PATIENCE, ROOT, Daemon, done, ok, scratch, stop_cleanly

daemon = Daemon()
URL = f"http://127.0.0.1:{daemon.port}"


def client(name, url=URL):
    environment = {**os.environ, "PATH": os.path.join(ROOT, "build/bin") + ":" + os.environ["PATH"],
                   "TMPDIR": scratch("."), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([os.path.join(ROOT, "docs/examples", name), url], capture_output=True, text=True,
                          encoding="utf-8", timeout=2 * PATIENCE, env=environment, check=False)


def says(name, *patterns):
    first, second = client(name), client(name)
    for pattern in patterns:
        ok(re.search(pattern, first.stdout, re.M), f"{name}: {pattern}", first.stdout, first.stderr)
    ok(first.returncode == second.returncode == 0 and first.stdout != second.stdout and not first.stderr,
       f"{name} ends with 0, and says something else each time", first, second)


class Forger(http.server.BaseHTTPRequestHandler):
    """Hands on what the daemon answers, but for a letter of what was signed."""

    def do_GET(self):
        response, body = daemon.get(self.path)
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("connection", "server", "date", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        if "signed=1" in self.path:
            body = bytes([body[0] ^ 1]) + body[1:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_forgeries():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    for name, complaint, good in (("client.sh", "not verified: the body is not the one", "draw:"),
                                  ("client.mjs", "that is not what was signed", "signed:")):
        run = client(name, url)
        ok(run.returncode != 0 and complaint in run.stdout + run.stderr and good not in run.stdout,
           f"{name} does not believe an altered answer", run)
    server.shutdown()
    server.server_close()


def test_nobody_there():
    for name in ("client.sh", "client.py", "client.mjs"):
        ok(client(name, "http://127.0.0.1:1").returncode != 0, f"{name} fails when there is no daemon")
    ok(not [name for name in os.listdir(scratch(".")) if name.startswith("tmp.")], "and leaves nothing behind")


says("client.sh", r"^key:    [0-9a-f]{64}$", r"^number: ([1-9]\d?|100)$", r"^verified: \d+ bytes",
     r"^draw:  ( ([1-9]|[1-4]\d)){6}$")
says("client.py", r"^dice:   [⚀-⚅]( [⚀-⚅]){5}$", r"^order:  (?=.*Ada)(?=.*Emmy)(?=.*Grace)(?=.*Lise)",
     r"^normal: -?[\d.]+$", r"(^stream: ([0-9a-f]{2} ?){8}\n){6}")
says("client.mjs", r"^bytes:   (\d{1,3} ?){16}$", r"^numbers:( (-?[1-5]|0)){8} from kernel$",
     r"^signed:  \S+( \S+){5} \(20.*Z\)$")
test_forgeries()
test_nobody_there()
stop_cleanly(daemon)
done()

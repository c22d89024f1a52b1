# SPDX-License-Identifier: MIT
"""A qrngd with LoKey's services, each on a free port of its own, and what their clients do."""

import http.client
import json
import os
import re
import threading

from harness import PATIENCE, Daemon, scratch, wait_until

FACES = ("controller", "Fortuna", "VirtIO")


def noise_source(name, flowing=None):
    """Its path: a pipe that never dries up, unless an event called flowing is cleared. What the kernel's own devices give
    is a generator's, and no noise."""
    path = scratch(name)
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR)

    def flow():
        while True:
            if flowing:
                flowing.wait()
            os.write(end, os.urandom(65536))

    threading.Thread(target=flow, daemon=True).start()
    return path


class Lokey(Daemon):
    """ports: by the name of the service, and "API" for what is wherever the daemon listens."""

    def __init__(self, *args, **others):
        places = [word for face in FACES for word in (f"--lokey-{face.lower()}", "127.0.0.1:0")]
        super().__init__("--lokey", "--lokey-api", "127.0.0.1:0", *places, *args, **others)
        self.ports = {}
        # Each has a line of its own, of which the first may be there alone.
        wait_until(lambda: self._has_all_ports() or self.process.poll() is not None)

    def _has_all_ports(self):
        self.ports = dict((name, int(port)) for port, name in
                          re.findall(r"listening on http://\S+?:(\d+) for LoKey's (\w+)\n", self.log()))
        return len(self.ports) == len(FACES) + 1

    def ask(self, face, path, method="GET", body=None, headers=None):
        """Returns (status, headers, body), the body as a document where it is one; a dict is sent as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[face], timeout=PATIENCE)
        if not isinstance(body, (bytes, str, type(None))):
            body = json.dumps(body)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if (response.headers["Content-Type"] or "").startswith("application/json"):
            content = json.loads(content)
        return response.status, response.headers, content

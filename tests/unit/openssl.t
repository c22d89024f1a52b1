#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Programs that use OpenSSL, with the provider and a FIFO whose bytes are known: what they make
comes from there and from nowhere else, or it is not made."""

import hashlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "provider/openssl.cnf"
DOCS = ROOT / "docs/openssl.md"
PATIENCE = 120

count = 0
failed = 0


def ok(good, text, *details):
    global count, failed
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {text}", flush=True)
    if not good:
        failed += 1
        for detail in details:
            print(*("# " + line for line in str(detail).splitlines()), sep="\n", flush=True)


def noise(seed, size):
    """What the FIFO gives."""
    return hashlib.shake_256(seed.encode()).digest(size)


class Feed:
    """A FIFO in @folder that gives noise(seed), and a configuration that names it."""

    def __init__(self, folder, seed="a", size=1 << 20):
        self.bytes = noise(seed, size)
        self.fifo = folder / "fifo"
        os.mkfifo(self.fifo)
        self.conf = folder / "openssl.cnf"
        self.configure(str(self.fifo), timeout=600 if size else 0)
        # Opened for both, so that nobody waits for anybody.
        self.fd = os.open(self.fifo, os.O_RDWR)
        self.pump = threading.Thread(target=self._pump, daemon=True)
        self.pump.start()

    def configure(self, device, timeout, module=ROOT / "build/lib/qrng.so"):
        """Writes the example with other settings."""
        text = EXAMPLE.read_text()
        for name, value in ("module", module), ("device", device), ("timeout", timeout):
            text, done = re.subn(f"^{name} = .*", f"{name} = {value}", text, flags=re.MULTILINE)
            assert done == 1, name
        self.conf.write_text(text)

    def _pump(self):
        try:
            done = 0
            while done < len(self.bytes):
                done += os.write(self.fd, self.bytes[done:done + 4096])
        except OSError:
            pass

    def stop(self):
        """Takes what is left, for the thread to end."""
        os.set_blocking(self.fd, False)
        while self.pump.is_alive():
            try:
                os.read(self.fd, 1 << 16)
            except BlockingIOError:
                self.pump.join(0.01)
        os.close(self.fd)


def run(command, conf):
    return subprocess.run(command, capture_output=True, env={**os.environ, "OPENSSL_CONF": str(conf)},
                          timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False)


class fed:
    """with fed(...) as feed: a feed with a folder of its own"""

    def __init__(self, **more):
        self._more = more

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="qrng-openssl.")
        self._feed = Feed(Path(self._folder.name), **self._more)
        return self._feed

    def __exit__(self, *_):
        self._feed.stop()
        self._folder.cleanup()


def test_rand():
    with fed() as feed:
        done = run(["openssl", "rand", "-hex", "200000"], feed.conf)
        ok(bytes.fromhex(done.stdout.decode()) == feed.bytes[:200000],
           "openssl rand gives the bytes of the device", done.stderr)


def key(seed, *command):
    with fed(seed=seed) as feed:
        return run(["openssl", *command], feed.conf).stdout


def test_keys():
    for command in (("genrsa", "2048"), ("genpkey", "-algorithm", "ed25519"),
                    ("ecparam", "-name", "prime256v1", "-genkey", "-noout")):
        first, again, other = key("a", *command), key("a", *command), key("b", *command)
        ok(b"PRIVATE KEY" in first and first == again != other,
           f"openssl {command[0]}: from the same noise the same key, from other noise another",
           first[:60], again[:60])


def test_python():
    with fed() as feed:
        program = "import ssl; print(ssl.RAND_status(), ssl.RAND_bytes(48).hex())"
        done = run([sys.executable, "-c", program], feed.conf)
        ok(done.stdout.decode().split() == ["True", feed.bytes[:48].hex()], "Python's ssl, too", done)


def test_curl():
    """What a TLS client sends first holds 32 random bytes, 11 bytes from its beginning."""
    with fed() as feed, socket.create_server(("127.0.0.1", 0)) as server:
        hello = []

        def take():
            peer, _ = server.accept()
            with peer:
                hello.append(peer.recv(4096))

        taker = threading.Thread(target=take)
        taker.start()
        run(["curl", "-sk", f"https://127.0.0.1:{server.getsockname()[1]}/"], feed.conf)
        taker.join(PATIENCE)
        ok(hello and hello[0][:1] == b"\x16" and hello[0][11:43] in feed.bytes[:4096],
           "curl's hello to a TLS server has bytes of the device", hello)


def refuses(feed, text, pattern):
    done = run(["openssl", "rand", "-hex", "16"], feed.conf)
    ok(done.returncode != 0 and not done.stdout and re.search(pattern, done.stderr.decode()),
       f"{text}: an error, and no byte", done)


def test_failures():
    with fed() as feed:
        feed.configure(feed.fifo, timeout=600, module="/nonexistent/qrng.so")
        refuses(feed, "a provider that is not there", r"Algorithm \(QRNG")
        feed.configure(f"{feed.fifo}x", timeout=600)
        refuses(feed, "a device that is not there", "device can not be opened.*fifox: No such file")
        feed.configure(feed.fifo, timeout="soon")
        refuses(feed, "a setting that is none", "not allowed.*timeout = soon, should be seconds, 0 to 3600")
    with fed(size=0) as feed:
        refuses(feed, "a device that gives nothing", "device gives nothing in time.*fifo gave nothing for 0 s")


def test_seed_source():
    """OpenSSL takes no seed from the system while the device gives none."""
    for size in 0, 1 << 20:
        with fed(size=size) as feed:
            feed.conf.write_text(feed.conf.read_text().replace("random = QRNG\n", "seed = QRNG-SEED\n"))
            if size:
                done = run(["openssl", "rand", "-hex", "16"], feed.conf)
                ok(len(done.stdout) == 33, "OpenSSL's generator with the seed source gives bytes", done)
            else:
                refuses(feed, "a seed source that gives nothing", "device gives nothing in time")


def test_include():
    """As the first line of what the system has; its own settings hold as before."""
    with fed() as feed:
        own = feed.conf.with_name("system.cnf")
        own.write_text(f".include {feed.conf}\n" + Path("/etc/ssl/openssl.cnf").read_text())
        done = run(["openssl", "rand", "-hex", "32"], own)
        ok(bytes.fromhex(done.stdout.decode()) == feed.bytes[:32],
           "included by the system's configuration it gives the same", done)
        command = ["openssl", "req", "-new", "-x509", "-nodes", "-newkey", "ed25519", "-subj", "/CN=x",
                   "-keyout", feed.conf.with_name("key")]
        done = run(command, own)
        ok(b"BEGIN CERTIFICATE" in done.stdout, "and the sections it has are read", done)


def block(number):
    return re.findall(r"^```sh\n(.*?)^```$", DOCS.read_text(), re.MULTILINE | re.DOTALL)[number]


def test_docs():
    with fed() as feed:
        script = block(0).replace("/usr/share/qrng/openssl.cnf", str(feed.conf))
        done = run(["sh", "-ec", script], "/nonexistent")
        ok(done.returncode == 0 and not done.stderr and feed.bytes[:32].hex() in done.stdout.decode()
           and b"BEGIN PRIVATE KEY" in done.stdout, "docs/openssl.md: what it shows works", done)
        ok(done.stdout.count(b"  QRNG @ qrng") == 3, "and all three generators are ours", done)


def test_exports():
    done = subprocess.run(["nm", "-D", "--defined-only", ROOT / "build/lib/qrng.so"], check=True,
                          capture_output=True, text=True)
    ok(done.stdout.split()[1:] == ["T", "OSSL_provider_init"], "the file exports one function", done.stdout)


for test in (test_rand, test_keys, test_python, test_curl, test_failures, test_seed_source, test_include,
             test_docs, test_exports):
    test()
print(f"1..{count}")
sys.exit(1 if failed else 0)

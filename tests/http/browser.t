#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The page about the API in a real browser: each path tried as a visitor would, and what only browsers do."""

import asyncio
import json
import re
import sys

sys.dont_write_bytecode = True
from browser import Browser
from harness import Daemon, done, equal, ok, stop_cleanly

daemon = Daemon()
HOME = f"http://127.0.0.1:{daemon.port}"
browser = Browser()

# Fills a form in, presses its button, and waits for what came of it.
TRY = """async (action, values) => {
    const form = document.querySelector(`form[action="${action}"]`), output = form.querySelector("output");
    for (const [name, value] of Object.entries(values))
        form.elements[name].value = value;
    form.querySelector("button").click();
    while (!output.dataset.status)
        await new Promise(resolve => setTimeout(resolve, 10));
    const image = output.querySelector("img"), sound = output.querySelector("audio");
    if (image)
        await image.decode();
    if (sound && !(sound.readyState > 0))
        await new Promise((resolve, reject) => { sound.onloadedmetadata = resolve; sound.onerror = reject; });
    return { status: output.dataset.status, link: output.querySelector("a").textContent,
             texts: [...output.querySelectorAll("pre")].map(pre => pre.textContent),
             width: image && image.naturalWidth, seconds: sound && sound.duration };
}"""


async def attempt(action, **values):
    return await browser.run(f"({TRY})({json.dumps(action)}, {json.dumps(values)})")


async def test_page():
    await browser.visit(HOME + "/")
    title, hidden, actions = await browser.run(
        "[document.title, document.querySelectorAll('button[hidden]').length,"
        " [...document.forms].map(form => form.getAttribute('action'))]")
    paths = json.loads(daemon.get("/openapi.json")[1])["paths"]
    wanted = [path for path in paths if "get" in paths[path] and "security" not in paths[path]["get"]]
    equal((title, hidden, actions), ("qrngd", 0, wanted), "the page has a form for each path")
    for action in wanted:
        if action == "/v1/quota":
            result = await attempt(action)
            equal((result["status"], len(browser.complaints)), ("404", 1), "who has no key is told to have no quota")
            browser.complaints.clear()
            continue
        values = {"items": "a,b,c"} if action == "/v1/shuffle" else {}
        socket = "101" in paths[action]["get"]["responses"]
        result = await attempt(action, **values, **({"refresh": "10"} if socket else {}))
        good = result["status"] == ("closed" if socket else "200") and (
            result["texts"] and all(result["texts"]) or result["width"] or result["seconds"])
        ok(good and len(result["texts"]) == (5 if socket else len(result["texts"])), f"{action}: tried", result)
    equal(browser.complaints, [], "and the console has nothing to complain of")


async def test_values():
    result = await attempt("/v1/random", bytes="8", format="hex")
    ok(result["link"] == "/v1/random?bytes=8&format=hex" and re.fullmatch(r"[0-9a-f]{16}\n", result["texts"][0]),
       "what is filled in is asked for", result)
    result = await attempt("/v1/random", bytes="40", format="raw")
    ok(re.fullmatch(r"(([0-9a-f]{2} ){15}[0-9a-f]{2}\n){2}([0-9a-f]{2} ){7}[0-9a-f]{2}", result["texts"][0]),
       "bytes are shown as a dump", result)
    result = await attempt("/v1/image/histogram", format="svg", width="300")
    equal(result["width"], 300, "SVG is drawn")
    result = await attempt("/v1/image/random", format="webp", width="100", height="20")
    equal(result["width"], 100, "and WebP")
    for kind in ("wav", "flac"):
        result = await attempt("/v1/sound", format=kind, seconds="2")
        ok(result["seconds"] and abs(result["seconds"] - 2) < 0.1, f"the {kind} is 2 seconds long", result)
    result = await attempt("/v1/shuffle", items="x,y&z=é")
    ok(sorted(json.loads(result["texts"][0])["values"]) == ["x", "y&z=é"], "text is encoded", result)
    equal(browser.complaints, [], "all without a complaint")
    result = await attempt("/v1/random", bytes="0", format="raw")
    ok(result["status"] == "400" and json.loads(result["texts"][0])["parameter"] == "bytes", "a mistake is shown", result)
    browser.complaints.clear()


async def test_scripts():
    """What a page of others would do: WebSocket and EventSource."""
    got = await browser.run("""new Promise(resolve => {
        const socket = new WebSocket("/v1/stream?chunk_size=1000&max_bytes=5500".replace(/^/, location.origin.replace("http", "ws")));
        const sizes = [];
        socket.binaryType = "arraybuffer";
        socket.onmessage = event => sizes.push(event.data.byteLength);
        socket.onclose = event => resolve([sizes, event.code, event.wasClean]);
    })""")
    equal(got, [[1000] * 5 + [500], 1000, True], "a WebSocket gives its messages and is closed properly")
    got = await browser.run("""new Promise(resolve => {
        const events = [], source = new EventSource("/v1/stream/events?chunk_size=30&rate=3000");
        source.onmessage = event => {
            events.push([event.lastEventId, atob(event.data).length]);
            if (events.length == 3) { source.close(); resolve(events); }
        };
    })""")
    equal(got, [["30", 30], ["60", 30], ["90", 30]], "an EventSource gives its events")
    got = await browser.run("""fetch("/v1/data/random?bytes=2097152&refresh=50").then(r => r.arrayBuffer()).then(b => b.byteLength)""")
    equal(got, 2097152, "2 MiB are fetched")
    equal(browser.complaints, [], "nobody complains")


async def test_pages():
    """What is looked at by itself."""
    for path, kind in (("/v1/image/heatmap", "image/png"), ("/v1/image/walk?format=svg", "image/svg+xml"),
                       ("/v1/meta/random", "text/html"), ("/openapi.json", "application/json"), ("/health", "application/json")):
        await browser.visit(HOME + path)
        equal(await browser.run("document.contentType"), kind, f"{path} is shown")
    await browser.visit(HOME + "/v1/meta/random?words=3")
    first = await browser.run("document.querySelector('.words').textContent")
    while (second := await browser.run("(document.querySelector('.words') || {}).textContent")) in (first, None):
        await asyncio.sleep(0.2)
    ok(len(second.split()) == 3, "the page of words loads itself again", first, second)


# What a page of this daemon gets of another one: the text, or the name of what is thrown.
CROSS = """async (other, options) => {
    const text = address => fetch(address, options).then(answer => answer.text().then(
        body => [answer.status, body.length, answer.headers.get("qrng-engine")]), error => error.name);
    const socket = await new Promise(resolve => {
        const socket = new WebSocket(other.replace("http", "ws") + "/v1/stream?max_bytes=10");
        socket.onclose = event => resolve(event.code);
    });
    return [await text(other + "/v1/random?bytes=10&format=hex"), await text(other + "/v1/random?bytes=0"), socket];
}"""


async def cross(other, **options):
    result = await browser.run(f"({CROSS})({json.dumps(f'http://127.0.0.1:{other.port}')}, {json.dumps(options)})")
    browser.complaints.clear()
    return result


async def test_origins():
    """Which pages may read: what the browser makes of our headers, and what we make of its."""
    await browser.visit(HOME + "/healthz")
    closed, named, opened, other = Daemon(), Daemon("--cors-origin", "http://x.example", "--cors-origin", HOME), \
        Daemon("--cors-origin", "*"), Daemon("--cors-origin", "https://x.example")
    for server, text in ((closed, "without cors-origin"), (other, "with another origin")):
        equal(await cross(server), ["TypeError", "TypeError", 1006], f"{text} a page of another origin gets nothing")
    for server, text in ((named, "its origin"), (opened, "*")):
        answer, problem, code = await cross(server)
        ok(answer == [200, 21, "embedded"] and problem[0] == 400 and problem[1] > 50 and code == 1000,
           f"with {text} it gets answers with our headers, problems, and WebSockets", answer, problem, code)
        answer, *_ = await cross(server, headers={"Authorization": "Bearer x", "Last-Event-ID": "3"})
        equal(answer, [200, 21, "embedded"], "also with headers that the browser asks for before")
    for server in (closed, named, opened, other):
        stop_cleanly(server)


async def main():
    await browser.open()
    for test in (test_page, test_values, test_scripts, test_pages, test_origins):
        await test()


try:
    asyncio.run(main())
finally:
    browser.close()
stop_cleanly(daemon)
done()

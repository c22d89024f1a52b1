#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Bytes, numbers, and an answer that is believed only with its signature. client.mjs [URL]
import { createHash, verify } from "node:crypto";

const url = process.argv[2] ?? "http://localhost:8080";
const get = (path) => fetch(url + path).then((answer) => answer.ok ? answer : Promise.reject(answer.statusText));

const bytes = new Uint8Array(await (await get("/v1/random?bytes=16")).arrayBuffer());
console.log("bytes:  ", bytes.join(" "));
const { values, provenance } = await (await get("/v1/integers?min=-5&max=5&count=8")).json();
console.log("numbers:", values.join(" "), "from", provenance.sources.join(", "));

const { keys: [{ pem }] } = await (await get("/v1/keys")).json();
const answer = await get("/v1/diceware?words=6&format=text&signed=1&challenge=hello");
const body = await answer.text();
const [statement, signature] = ["statement", "signature"]
	.map((name) => Buffer.from(answer.headers.get(`qrng-${name}`), "base64"));
const said = JSON.parse(statement);
if (!verify(null, statement, pem, signature) || said.challenge !== "hello"
    || said.sha512 !== createHash("sha512").update(body).digest("hex"))
	throw new Error("that is not what was signed");
console.log("signed: ", body.trim(), `(${said.time})`);

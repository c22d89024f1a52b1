// SPDX-License-Identifier: MIT
// Lets people try each path on the page about them.
"use strict";

const SHOWN = 4096; // of an answer, in bytes
const MESSAGES = 5; // of a WebSocket

/** What the form asks for: all that is not empty and not the default anyway. */
function target(form) {
	const query = new URLSearchParams();

	for (const field of form.elements)
		if (field.name && field.value && field.value !== field.dataset.fallback)
			query.append(field.name, field.value);
	return form.getAttribute("action") + (query.size ? "?" + query : "");
}

/** Appends an element to the place for answers. */
function add(form, name, properties) {
	const element = Object.assign(document.createElement(name), properties);

	form.querySelector("output").append(element);
	return element;
}

function toHex(bytes) {
	const lines = [];

	for (let i = 0; i < bytes.length; i += 16)
		lines.push([...bytes.subarray(i, i + 16)]
			.map(byte => byte.toString(16).padStart(2, "0")).join(" "));
	return lines.join("\n");
}

/** The beginning of a body; there may be no end. */
async function beginning(response) {
	const reader = response.body.getReader();
	const bytes = [];

	while (bytes.length < SHOWN) {
		const { done, value } = await reader.read();

		if (done)
			break;
		bytes.push(...value.subarray(0, SHOWN - bytes.length));
		if (response.headers.get("content-type") === "text/event-stream")
			break;
	}
	reader.cancel();
	return Uint8Array.from(bytes);
}

async function show(form, response) {
	const type = response.headers.get("content-type");

	if (type.startsWith("image/") || type.startsWith("audio/")) {
		const source = URL.createObjectURL(await response.blob());

		if (type.startsWith("image/"))
			add(form, "img", { src: source, alt: type });
		else
			add(form, "audio", { src: source, controls: true });
		return;
	}
	const bytes = await beginning(response);

	add(form, "pre", {
		textContent: type === "application/octet-stream" ? toHex(bytes) :
			new TextDecoder().decode(bytes),
	});
}

/** Resolves when the socket is closed. */
function listen(form, path) {
	const socket = new WebSocket(location.origin.replace(/^http/, "ws") + path);
	let left = MESSAGES;

	socket.binaryType = "arraybuffer";
	socket.onmessage = ({ data }) => {
		add(form, "pre", {
			textContent: typeof data === "string" ? data.slice(0, SHOWN) :
				toHex(new Uint8Array(data, 0, Math.min(data.byteLength, 64))),
		});
		if (--left === 0)
			socket.close();
	};
	return new Promise(resolve => {
		socket.onclose = resolve;
	});
}

async function ask(form) {
	const path = target(form);
	const output = form.querySelector("output");

	delete output.dataset.status;
	output.replaceChildren();
	add(form, "a", { href: path, textContent: path });
	if (form.dataset.socket) {
		await listen(form, path);
		output.dataset.status = "closed";
		return;
	}
	const response = await fetch(path);

	add(form, "span", { textContent: ` ${response.status} ${response.headers.get("content-type")}` });
	await show(form, response);
	output.dataset.status = response.status;
}

for (const form of document.forms) {
	form.onsubmit = event => {
		event.preventDefault();
		ask(form).catch(error => add(form, "p", { textContent: String(error) }));
	};
	form.querySelector("button").hidden = false;
}

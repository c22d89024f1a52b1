# SPDX-License-Identifier: MIT
"""The commands a script in the guest can give to the lab outside: one line, one answer line."""

import json
import re

from .say import LabError


class HostCommands:
    """Carries out commands for @machine; see the README for what there is."""

    def __init__(self, machine, tap):
        self._machine = machine
        self._tap = tap
        self._verbs = {"get": self._get, "qmp": self._qmp, "note": self._note,
                       "copy": self._copy, "save": self._save}

    def answer(self, line):
        """The answer to one command; what goes wrong is an answer too."""
        try:
            return self._run(line)
        except LabError as error:
            return json.dumps({"error": str(error)})

    def _run(self, line):
        verb, _, rest = line.strip().partition(" ")
        card = re.fullmatch(r"emu(\d*)", verb)
        if card:
            return self._machine.rack.card(int(card[1] or 0)).command(rest)
        if verb not in self._verbs:
            raise LabError(f"host command '{verb}' not known, there are: "
                           f"emu[N], {', '.join(self._verbs)}")
        return self._verbs[verb](rest)

    def _get(self, rest):
        """get PATH COMMAND...: one value out of the JSON answer, plain."""
        path, _, command = rest.partition(" ")
        text = self._run(command)
        value = json.loads(text)
        for key in path.split("."):
            if not isinstance(value, dict) or key not in value:
                raise LabError(f"no '{path}' in the answer to '{command}': {text}")
            value = value[key]
        return value if isinstance(value, str) else json.dumps(value)

    def _qmp(self, rest):
        words = rest.split()
        actions = {"plug": self._machine.plug, "unplug": self._machine.unplug}
        if not words or words[0] not in actions or len(words) > 2 \
                or not all(w.isdecimal() for w in words[1:]):
            raise LabError(f"qmp '{rest}' not known, there are: plug [N], unplug [N]")
        actions[words[0]](int(words[1]) if len(words) == 2 else 0)
        return '{"ok":true}'

    def _copy(self, _rest):
        """What the script goes on as; a copy is told something else than this."""
        self._machine.copy()
        return "original"

    def _save(self, rest):
        if not re.fullmatch(r"[a-z0-9-]+", rest):
            raise LabError(f"save '{rest}': give a name of small letters, digits and hyphens")
        self._machine.save(rest)
        return '{"ok":true}'

    def _note(self, rest):
        self._tap.diag(rest)
        return '{"ok":true}'

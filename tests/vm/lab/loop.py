# SPDX-License-Identifier: MIT
"""The lab's one event loop: reads whatever has something to say."""

import selectors

_ROUND = 0.5


class Loop:
    """Streams join with add() and leave at their end of file."""

    def __init__(self):
        self._selector = selectors.DefaultSelector()

    def add(self, stream):
        """@stream has fileno() and on_readable(), which returns False at its end."""
        self._selector.register(stream, selectors.EVENT_READ)

    def turn(self):
        """Waits at most half a second, handles what came; False once nobody is left."""
        if not self._selector.get_map():
            return False
        for key, _ in self._selector.select(_ROUND):
            if not key.fileobj.on_readable():
                self._selector.unregister(key.fileobj)
        return True

    def close(self):
        """Forgets all streams."""
        self._selector.close()

"""Runs a program on a terminal of its own, answers its question, and prints all that was shown.

QUESTION is what it asks and TYPED the answer. With SILENT it is typed when the terminal has stopped showing what is
typed. With ASKED, the name of a file, that file is made when the question stands, and waited for to go.
"""

import os
import pty
import sys
import termios
import time

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
shown, typed = b"", False
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if not typed and os.environ["QUESTION"].encode() in shown:
        # The question comes a moment before the echo goes; nobody types as fast.
        while "SILENT" in os.environ and termios.tcgetattr(terminal)[3] & termios.ECHO:
            time.sleep(0.01)
        asked = os.environ.get("ASKED")
        if asked:
            open(asked, "w").close()
            while os.path.exists(asked):
                time.sleep(0.01)
        os.write(terminal, os.environ["TYPED"].encode())
        typed = True
sys.stdout.buffer.write(shown)
sys.exit(os.waitpid(pid, 0)[1] >> 8)

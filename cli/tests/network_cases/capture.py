"""What goes over the wire: the frames of the loopback, while a command runs."""

import socket
import threading

OUTGOING = 4  # packet(7): each frame of the loopback is seen twice, sent and received


class Capture:
    def __init__(self):
        self.frames, self.is_over = [], threading.Event()
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("lo", 0))
        self.socket.settimeout(0.1)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while True:
            try:
                frame, address = self.socket.recvfrom(1 << 17)
            except socket.timeout:
                if self.is_over.is_set():
                    return
                continue
            if address[2] == OUTGOING:
                self.frames.append(frame)

    def end(self):
        """The frames that were sent."""
        self.is_over.set()
        self.thread.join()
        self.socket.close()
        return self.frames


def times(frames, words):
    return sum(frame.count(words) for frame in frames)

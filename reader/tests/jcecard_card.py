# The emulator jcecard (PyPI) as a card of vpcd's: PORT and ATR.
import logging, socket, struct, sys, tempfile
from pathlib import Path

from jcecard.main import OpenPGPCard
from jcecard.piv.data_objects import PIVDataObjects

atr = bytes.fromhex(sys.argv[2])
# By its whole identifier (SP 800-73-4, part 2, 3.1.1), jcecard does not know its PIV application.
SELECT_PIV = bytes.fromhex("00A4040009A00000030800001000")
SELECT_AS_JCECARD = bytes.fromhex("00A4040005A000000308")

logging.disable()
card = OpenPGPCard(atr=atr, storage_path=Path(tempfile.mkdtemp()))
# It comes without a CHUID; this is its own, with a GUID of chance, which it tells here.
chuid = card._piv_applet.data_objects.chuid = PIVDataObjects.create_default_chuid()
print(chuid.hex().upper(), flush=True)
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
stream = line.makefile("rb")
while len(head := stream.read(2)) == 2:
    message = stream.read(struct.unpack(">H", head)[0])
    if message == b"\x04":
        answer = atr
    elif len(message) == 1:
        continue
    else:
        if message.startswith(SELECT_PIV):
            message = SELECT_AS_JCECARD
        answer = bytes(card.process_apdu(message))
    line.sendall(struct.pack(">H", len(answer)) + answer)

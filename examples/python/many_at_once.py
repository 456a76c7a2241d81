"""Reads many cards at once, by their serial numbers, and says who has them: python many_at_once.py 02A1B3C4 ..."""

import asyncio
import sys

from cardwright import AsyncCertiFlow


async def main(serials: list[str]) -> None:
    async with AsyncCertiFlow.from_environment(timeout=20) as cm:
        found = await asyncio.gather(*(cm.find(serial) for serial in serials))
        for serial, card in zip(serials, found):
            print(serial, card.user_name if card else "no such card")
        async for card in cm.cards(state="Disabled"):
            print("on hold:", card.id)


asyncio.run(main(sys.argv[1:]))

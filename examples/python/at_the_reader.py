"""Retires in MIM CM each card that is put into a reader, after a question."""

from cardwright import MimCm, errors, readers

with MimCm.from_environment() as cm, readers.watch() as watch:
    for event in watch:
        if event.kind != "card-inserted" or event.reader is None:
            continue
        try:
            with readers.connect(event.reader) as session:
                identity = session.identify()
            try:
                card = cm.find(identity)
            except errors.Unconfirmed as evidence:
                print(evidence)
                card = cm.find(identity, accept_weaker=True)
            if card is None:
                print(f"{identity}: no record")
            elif input(f"retire {card.serial_number}, {card.state}? [y/N] ") == "y":
                print(cm.retire(card, "taken back"))  # done, or awaiting approval
        except errors.NotAllowed as error:
            print(error, [str(operation) for operation in error.legal])
        except errors.OutcomeUnknown as error:
            print(f"unknown, look again: {error}")
        except errors.CardwrightError as error:
            print(error)  # the card was pulled, it has two records, the server does not answer: the next one may fare better

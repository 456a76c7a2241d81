//! Readers, cards in them, and the service between.

use super::step::Hint;
use cardwright_core::Code;
use cardwright_reader::Error;

/// The next step after an error of a reader.
pub(crate) fn after(error: &Error) -> Hint {
    let known = match error.code() {
        _ if error.is_refused() => {
            "this user may not use the card service: on Linux pcscd asks polkit, which lets in who sits at the computer, and not \
             who came by ssh or runs a service; an administrator allows it by a polkit rule for org.debian.pcsc-lite.access_pcsc \
             and access_card, or the command is run as root"
        }
        Code::NoService => "on Linux pcscd must be installed and started (Debian: apt-get install pcscd)",
        Code::NoReader => "cardwright readers lists them",
        Code::NoCard => "put the card in; cardwright readers shows what is in each reader",
        Code::CardRemoved => "put the card in, leave it there, and run the command again",
        Code::CardReset => "run the command again; what was selected or verified is to be done anew",
        Code::CardBusy => "end the program that holds the card, or wait for it",
        Code::CardMute => {
            "is the card the right way round, and its chip clean? another reader tells which of both it is"
        }
        Code::NoProtocol => "cardwright atr --from-reader shows the protocols that the card offers",
        Code::ReaderFailed => "plug the reader in again; does cardwright readers show it, and the service's log why?",
        Code::CardTimeout => {
            "another program may hold the card, or the card hangs; --card-time-limit gives it more time (card_time_limit in a profile)"
        }
        Code::CardEndless => {
            "--card-apdus lets more go to the card (card_apdus in a profile); a card that never ends is broken"
        }
        _ => return None,
    };
    Some(known.into())
}

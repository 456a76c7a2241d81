//! What does a session cost beside a bare `pcsc::Card::transmit`?
//!
//! The card is virtual and answers at once, so that what is measured is the way there and back: a real
//! card takes 5 to 50 ms for itself. Both are asked in turns, in a transaction.

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() {
    // `cargo test --benches` runs this too, for which one round is enough.
    let rounds = if std::env::args().any(|argument| argument == "--bench") { 3000 } else { 30 };
    let arguments = if rounds == 3000 { &["--bench"][..] } else { &[] };
    cardwright_testkit::readers::inside("transmit", arguments, |lab| measure(lab, rounds));
}

#[cfg(target_os = "linux")]
fn measure(lab: &cardwright_testkit::readers::Lab, rounds: usize) {
    use cardwright_core::apdu::Transmit as _;
    use std::time::{Duration, Instant};

    let _card = lab.insert(0, cardwright_testkit::readers::script("gids"));
    let command = [0x00, 0xCB, 0xA0, 0x12, 0x04, 0x5C, 0x02, 0xDF, 0x20, 0x00];
    let reader = std::ffi::CString::new(cardwright_testkit::readers::READERS[0]).expect("a name");
    let context = pcsc::Context::establish(pcsc::Scope::User).expect("pcscd");
    let mut bare = Vec::with_capacity(rounds);
    let mut ours = Vec::with_capacity(rounds);
    let blocks = 10;
    for _ in 0..blocks {
        let mut card = context.connect(&reader, pcsc::ShareMode::Shared, pcsc::Protocols::ANY).expect("a card");
        let transaction = card.transaction().expect("a transaction");
        let mut buffer = [0; 300];
        for _ in 0..rounds / blocks {
            let begin = Instant::now();
            let answer = transaction.transmit(&command, &mut buffer).expect("an answer");
            bare.push(begin.elapsed());
            assert_eq!(answer.len(), 21);
        }
        transaction.end(pcsc::Disposition::LeaveCard).map_err(|(_, error)| error).expect("an end");
        card.disconnect(pcsc::Disposition::LeaveCard).map_err(|(_, error)| error).expect("an end");

        let mut session =
            cardwright_reader::Session::connect(cardwright_testkit::readers::READERS[0]).expect("a session");
        let mut transaction = session.transaction().expect("a transaction");
        for _ in 0..rounds / blocks {
            let begin = Instant::now();
            let length = transaction.transmit(&command, &mut buffer).expect("an answer");
            ours.push(begin.elapsed());
            assert_eq!(length, 21);
        }
    }
    let of = |times: &mut Vec<Duration>| {
        times.sort();
        (times[times.len() / 10], times[times.len() / 2])
    };
    let ((bare_low, bare_middle), (low, middle)) = (of(&mut bare), of(&mut ours));
    println!("{rounds} exchanges each; a tenth is faster than / half is faster than");
    println!("pcsc::Card::transmit  {bare_low:>10.1?} / {bare_middle:.1?}");
    println!("Session               {low:>10.1?} / {middle:.1?}");
    println!(
        "a session costs       {:>10.1?} / {:.1?}",
        low.saturating_sub(bare_low),
        middle.saturating_sub(bare_middle)
    );
}

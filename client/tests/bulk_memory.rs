//! A plan of many cards takes the memory that it says. A binary of its own, as it looks at the memory of the whole
//! process.

#[test]
#[cfg(target_os = "linux")]
fn a_plan_takes_little_memory_and_so_does_its_journal() {
    use cardwright_client::CertiFlowCard;
    use cardwright_client::bulk::{Bulk, Job};
    use cardwright_client::{AnyCard, AnyClient, CertiFlow, Client};
    use cardwright_core::certiflow::CardInfo;
    use cardwright_core::lifecycle::Operation;

    const CARDS: usize = 100_000;
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a size");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<usize>().ok()).expect("a number") * 1024
    };
    let client = Client::<CertiFlow>::builder("http://127.0.0.1:9/certiflow/api").build().expect("usable");
    let client = AnyClient::CertiFlow(client);
    let cards = (0..CARDS).map(|n| {
        let comment = "what is not kept ".repeat(40);
        let record = format!(r#"{{"id":{n},"serialNumber":"{n:016X}","state":"Issued","comment":"{comment}"}}"#);
        let card: CardInfo<'_> = cardwright_core::json::from_slice(record.as_bytes()).expect("a card");
        Ok(AnyCard::CertiFlow(CertiFlowCard::new(card.owned())))
    });
    let before = resident();
    let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), cards).expect("a plan");
    let planned = resident() - before;
    let journal = std::env::temp_dir().join(format!("cardwright-bulk-memory-{}.ndjson", std::process::id()));
    bulk.keep(&journal).expect("a journal");
    drop(bulk);
    let bulk = Bulk::resume(&client, &journal).expect("a journal");
    let resumed = resident() - before;
    let size = std::fs::metadata(&journal).expect("a journal").len();
    std::fs::remove_file(&journal).expect("removed");
    assert_eq!(bulk.counts().planned, CARDS);
    println!("{} bytes a card, {} resumed, {} in the journal", planned / CARDS, resumed / CARDS, size as usize / CARDS);
    // Vectors double while they grow, and what is given back is not all the system's again.
    assert!(planned < 250 * CARDS && resumed < 250 * CARDS, "{planned} {resumed}");
}

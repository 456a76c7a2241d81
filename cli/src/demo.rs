//! `demo`: the main job from end to end, on a server of its own, as an operator would do it.
//!
//! Each step is done by the real client over HTTP and checked; a step that does not come out as it
//! should ends the demo with an error. It begins with a card that goes into a reader, where a reader of
//! its own is available, else with what a reader would report.

#[cfg(all(feature = "reader", target_os = "linux"))]
mod own_reader;
mod stage;

use crate::args::Demo;
use crate::atr;
use crate::failure::{Done, Exit, Failure, Kind, server_failure};
use crate::interrupt::interrupts;
use crate::out::say;
use crate::output::{thousands, until};
use crate::serve::{self, ACCOUNT, Served};
use crate::style::{self, BAD, BOLD, END, GOOD, KEY, escape_controls};
use cardwright::client::{CardOf, CertiFlow, Check, Client, Credentials, Ending, Error, Mim, Secret, first_end, http};
use cardwright::core::Named;
use cardwright::core::atr::AtrBuf;
use cardwright::core::certiflow::{
    CardState, ContentExpirationStatus, Dialect, OwnedCardInfo, Query, RevocationReason,
};
use cardwright::core::date::Moment;
use cardwright::core::identity::{Found, Serial, find_records};
use cardwright::core::json::Text;
use cardwright::core::lifecycle::{NativeState, Operation, State, System};
use cardwright::core::mim::OwnedSmartcard;
use cardwright::{InReader, describe_guess, now};
use cardwright_server::Config;
use stage::Stage;
use std::io;
use std::time::Instant;

/// The card of Microsoft's "Get smartcard data".
const ATR: &str = "3b8d0180fba000000397425446590301c8";
/// A card of the registry that CertiFlow knows by this number.
const SERIAL: &str = "02A1B3C4";
/// The user of another card, by UPN.
const USER: &str = "aweber@demo.example";
const CARD_ID: &str = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}";

pub(crate) fn demo(demo: &Demo) -> Done {
    let presented = match stage_of(demo) {
        Stage::Over(exit) => return Ok(exit),
        Stage::Card(card) => Ok(card),
        Stage::NoReader(why) => Err(why),
    };
    let served = serve::start(Config::default())?;
    let cards = serve::fill(served.running.registry(), demo.cards, 1)?;
    let address = served.running.url();
    say!("{BOLD}One registry, two APIs, {} cards{END}  {KEY}{address}{END}", thousands(cards))?;

    in_the_reader(&presented)?;
    in_mim(&served, presented.ok().as_deref())?;
    let certiflow = certiflow(&served, Check::Warn)?;
    in_certiflow(&served, &certiflow)?;
    in_icmapi(&served)?;
    what_expires(&certiflow)?;
    what_changed(&served)?;

    if demo.keep {
        let stop = interrupts()?;
        say!("\n{BOLD}The server goes on.{END} Ctrl-C stops it.\n")?;
        serve::show_address(&served)?;
        let _ = stop.recv();
    }
    served.running.stop();
    Ok(Exit::Done)
}

fn stage_of(demo: &Demo) -> Stage {
    if demo.keep {
        return Stage::NoReader("--keep: nothing else could reach a server in the demo's own network".into());
    }
    #[cfg(all(feature = "reader", target_os = "linux"))]
    return own_reader::stage(CARD_ID);
    #[cfg(not(all(feature = "reader", target_os = "linux")))]
    Stage::NoReader("that needs Linux, and a command built with readers".into())
}

fn heading(text: &str) -> io::Result<()> {
    say!("\n{BOLD}{text}{END}")
}

/// A step that came out wrong.
fn wrong(what: impl Into<String>) -> Failure {
    Failure::new(Kind::Failed, what)
}

fn credentials(served: &Served) -> Credentials {
    Credentials::basic(ACCOUNT, Secret::new(served.password.clone().unwrap_or_default()))
}

fn certiflow(served: &Served, check: Check) -> Result<Client<CertiFlow>, Failure> {
    let builder = Client::<CertiFlow>::builder(served.running.certiflow_url());
    Ok(builder.credentials(credentials(served)).check(check).build()?)
}

/// A text of a record; empty where the record has none.
fn text(text: Option<Text<'_>>) -> String {
    escape_controls(&text.map(|text| text.to_string()).unwrap_or_default()).into_owned()
}

/// A state in its colour.
fn colored(state: Option<NativeState>) -> String {
    format!("{}{}{END}", style::of_state(state), state.map_or("unknown", NativeState::name))
}

fn in_the_reader(presented: &Result<Box<InReader>, String>) -> Result<(), Failure> {
    let card = match presented {
        Ok(card) => {
            heading("A card goes into a reader")?;
            say!("  {KEY}reader{END}  {}  {KEY}of a pcscd of the demo's own{END}", escape_controls(&card.reader))?;
            AtrBuf::parse(&card.atr)?
        }
        Err(why) => {
            heading("A card, as a reader reports it")?;
            say!("  {KEY}no reader of the demo's own: {}{END}", escape_controls(why))?;
            AtrBuf::from_hex(ATR)?
        }
    };
    let parsed = card.as_atr();
    say!("  {KEY}ATR{END}     {parsed}")?;
    say!("          {}", atr::summary(&parsed))?;
    match presented {
        Ok(card) => {
            say!("  {KEY}it is{END}   {}", card.identity)?;
        }
        Err(_) => say!("  {KEY}serial{END}  {CARD_ID}  {KEY}a {:?}{END}", Serial::parse(CARD_ID)?.kind())?,
    }
    Ok(())
}

fn in_mim(served: &Served, presented: Option<&InReader>) -> Result<(), Failure> {
    heading("MIM CM: find the record by the id that the card carries, and retire it")?;
    let client = Client::<Mim>::builder(served.running.mim_url()).credentials(credentials(served)).build()?;
    let card = match presented {
        Some(presented) => {
            let mut cards = Vec::new();
            let guesses = presented.identity.guesses(System::Mim);
            let search = find_records(&mut &client, guesses, |card| cards.push(card))?;
            let only = Some(search).filter(|search| search.found() == Found::Record).and_then(|search| search.by);
            let (Ok([card]), Some(by)) = (<[OwnedSmartcard; 1]>::try_from(cards), only) else {
                return Err(wrong(format!("MIM CM has {} records of the card", search.records)));
            };
            say!("  {KEY}asked for{END} {}", describe_guess(by))?;
            card
        }
        None => client.find(CARD_ID)?.ok_or_else(|| wrong("MIM CM does not know the card"))?,
    };
    let view = card.view();
    if view.atr().is_none_or(|atr| !atr.eq_ignore_ascii_case(ATR)) {
        return Err(wrong("the record has another ATR"));
    }
    let state = client.state(&view);
    let (uuid, status, before) = (view.uuid().unwrap_or_default(), view.status(), colored(state));
    say!("  {KEY}Uuid{END} {uuid}  {KEY}Status{END} {status}, assumed to be {before}  {KEY}Atr{END} the same")?;
    let words = client.operations(&card)?;
    say!("  {KEY}the server allows{END}  {}", words.join(", "))?;
    let outcome = client.retire(&card, "Lost in the demo")?;
    let (Ending::Done, Some(after), Some(request)) = (outcome.ending, outcome.card, outcome.request) else {
        return Err(wrong("the card was not retired"));
    };
    let now = client.state(&after.view());
    if now.and_then(NativeState::neutral) != Some(State::Retired) {
        return Err(wrong(format!("the card is {} and not Retired", now.map_or("unknown", NativeState::name))));
    }
    say!("  {KEY}retire{END}   {before} → {}  {KEY}by request {request}{END}", colored(now))?;
    Ok(())
}

fn in_certiflow(served: &Served, client: &Client<CertiFlow>) -> Result<(), Failure> {
    heading("CertiFlow: find a card by its serial number, and take it through its life")?;
    let card = client.find(SERIAL)?.ok_or_else(|| wrong(format!("CertiFlow does not know {SERIAL}")))?;
    let view = card.view();
    let (label, serial) = (text(view.label()), text(view.serial_number()));
    let (user, kind, id) = (text(view.user_name()), text(view.card_type_name()), view.id());
    say!("  {BOLD}{label}{END}  {KEY}serial{END} {serial}  {user}  {kind}  {KEY}id{END} {id}")?;
    let card = suspend_resume_revoke(client, card, None)?;
    // The client's own check would stop this; the server is asked all the same, to hear it say no.
    let outcome = certiflow(served, Check::Off)?.enable(&card)?;
    match (outcome.ending, &outcome.error) {
        (Ending::Refused, Some(Error::Http(http::Error::Answer(answer)))) if answer.status == 409 => {
            let (words, status) = (escape_controls(&answer.words), answer.status);
            say!("  {KEY}enable{END}   {BAD}refused{END}: {words} {KEY}({status}){END}")?;
            Ok(())
        }
        _ => Err(wrong("the server did not refuse to enable a revoked card")),
    }
}

/// The same by the old half of the API, which finds cards by their user alone.
fn in_icmapi(served: &Served) -> Result<(), Failure> {
    heading("CertiFlow's old API (icmapi): a user's card, and its life again")?;
    let builder = Client::<CertiFlow>::builder(served.running.icmapi_url()).dialect(Dialect::G1);
    let client = builder.credentials(credentials(served)).build()?;
    let of_user = Query { user_name: Some(USER), ..Query::default() };
    let card = client.cards(of_user)?.next().transpose()?.ok_or_else(|| wrong(format!("{USER} has no card")))?;
    let (serial, id) = (text(card.view().serial_number()), card.view().id());
    say!("  {KEY}user{END} {USER}  {KEY}serial{END} {serial}  {KEY}id{END} {id}")?;
    suspend_resume_revoke(&client, card, Some(USER)).map(drop)
}

/// Takes a card through its life, with a line for each operation that comes out as it should.
fn suspend_resume_revoke(
    client: &Client<CertiFlow>,
    mut card: OwnedCardInfo,
    user: Option<&str>,
) -> Result<OwnedCardInfo, Failure> {
    let state = |card: &OwnedCardInfo| card.view().state().known().map(NativeState::CertiFlow);
    for (operation, reason, wanted) in [
        (Operation::Suspend, None, CardState::Disabled),
        (Operation::Resume, None, CardState::Issued),
        (Operation::Revoke, Some(RevocationReason::CardLost), CardState::Revoked),
    ] {
        let word = operation.native(System::CertiFlow).unwrap_or_default().to_lowercase();
        let target = user.map_or(CardOf::from(&card), |user| CardOf::from((&card, user)));
        let outcome = client.operate(target, operation, reason)?;
        let (Ending::Done, Some(after)) = (outcome.ending, outcome.card) else {
            return Err(wrong(format!("{word} did not come to an end")));
        };
        if state(&after) != Some(NativeState::CertiFlow(wanted)) {
            let (is, wanted) = (after.view().state().to_string(), wanted.name());
            return Err(wrong(format!("after {word} the card is {is} and not {wanted}")));
        }
        let why = reason.map(|reason| format!("  {KEY}reason{END} {}", reason.name())).unwrap_or_default();
        let (before, after_text) = (colored(state(&card)), colored(state(&after)));
        say!("  {KEY}{word:8}{END} {before} → {after_text}{why}")?;
        card = after;
    }
    Ok(card)
}

fn what_expires(client: &Client<CertiFlow>) -> Result<(), Failure> {
    heading("CertiFlow: whose certificates end within 30 days?")?;
    let started = Instant::now();
    let status = ContentExpirationStatus::ManagedCertificatesExpiring;
    let query = Query { content_expiration_status: Some(status), ..Query::default() };
    let mut ends: Vec<(String, OwnedCardInfo)> = Vec::new();
    for card in client.cards(query)? {
        let card = card?;
        let end = first_end(&card.view(), |end| Moment::parse(end).is_some_and(|end| end >= now()));
        ends.push((end.unwrap_or_default(), card));
    }
    if ends.is_empty() {
        return Err(wrong("no card has certificates that end soon"));
    }
    let seconds = started.elapsed().as_secs_f64();
    say!("  {GOOD}{}{END} cards in {seconds:.2} s; the first of them:", thousands(ends.len()))?;
    ends.sort_by(|a, b| a.0.cmp(&b.0));
    for (end, card) in ends.iter().take(3) {
        let view = card.view();
        let (end, style) = until(end, now());
        let (user, serial) = (text(view.user_name()), text(view.serial_number()));
        say!("  {style}{end:24}{END}  {serial:20}  {user}")?;
    }
    Ok(())
}

fn what_changed(served: &Served) -> Result<(), Failure> {
    heading("What changed, from the audit log")?;
    let mut seen = 0;
    for entry in served.running.registry().audit(0, 1000).map_err(server_failure)? {
        seen += 1;
        let state = |state: Option<State>| {
            let native = state.zip(entry.system).and_then(|(state, system)| state.native(system));
            native.map_or("", NativeState::name)
        };
        let change = match (state(entry.before), state(entry.after)) {
            (before, after) if before == after => before.to_string(),
            (before, after) => format!("{before} → {after}"),
        };
        let operation = Operation::from_name(&entry.operation);
        let word = operation.zip(entry.system).and_then(|(operation, system)| operation.native(system));
        let (style, outcome) = match entry.outcome {
            cardwright_server::Outcome::Done => (GOOD, "done"),
            cardwright_server::Outcome::Refused => (BAD, "refused"),
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => (BAD, "?"),
        };
        say!(
            "  {KEY}{}{END}  {:9}  card {:<5}  {:9}  {style}{outcome:7}{END}  {change:17}  {KEY}{}{END}",
            Moment::from_seconds(entry.time.seconds),
            entry.system.map_or("–", Named::name),
            entry.card.unwrap_or_default(),
            word.unwrap_or(&entry.operation),
            escape_controls(&entry.note),
        )?;
    }
    if seen == 0 {
        return Err(wrong("the audit log is empty"));
    }
    Ok(())
}

//! Objects and words of a vendor of one's own, by the exported macros and nothing else.

#![allow(clippy::exhaustive_enums, reason = "a test: no other crate stands on it")]
#![deny(warnings)]

use cardwright_core::{Code, Error, Known, Named, UnknownWord, json};

/// A module in which no name of the macros is imported.
pub mod badges {
    /// What has become of a badge.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum State {
        /// Somebody wears it.
        InUse = 1,
        /// It opens nothing.
        Blocked = 4,
    }

    cardwright_core::named! { State by number or name { InUse = "in use", Blocked = "blocked" } }

    cardwright_core::view! {
        /// A door.
        Door,
        /// A door, with its bytes.
        OwnedDoor {
            /// Its name.
            name: Text = "name" required;
        }
    }

    cardwright_core::view! {
        /// A badge.
        Badge,
        /// A badge, with its bytes.
        OwnedBadge {
            /// Its number.
            number: Scalar = "badgeNo" required;
            /// Its state.
            state: Known<State> = "state";
            /// When it ends.
            until: Date = "until";
            /// What its holder is called.
            aliases: List<Text> = "aliases";
            /// The doors that it opens.
            doors: List<Door> = "doors";
        }
    }
}

use badges::{Badge, Door, OwnedBadge, State};

const BADGE: &str =
    r#"{"badgeNo": 7, "floor": 3, "state": 4, "aliases": "JD", "doors": [{"name": "B-1"}, {"name": "B-2"}]}"#;

fn read(json: &str) -> Badge<'_> {
    json::from_slice(json.as_bytes()).expect("a badge")
}

#[test]
fn an_object_of_a_third_vendor_reads_as_ours_do() {
    let badge = read(BADGE);
    assert!(badge.number().reads("7") && badge.state().is(State::Blocked) && badge.until().is_none());
    assert_eq!(badge.aliases().iter().collect::<Result<Vec<_>, _>>().expect("texts"), ["JD"]);
    let names: Vec<String> =
        badge.doors().iter().map(|door| door.expect("a door").name().expect("a name").to_string()).collect();
    assert_eq!(names, ["B-1", "B-2"]);
    assert_eq!(Badge::FIELDS.map(|field| field.name), ["badgeNo", "state", "until", "aliases", "doors"]);
    assert_eq!(Badge::SCHEMA.fields.len(), Badge::FIELDS.len());
    let missing = json::from_slice::<Badge<'_>>(b" {}").expect_err("no number");
    assert_eq!(missing, Error { code: Code::JsonMissing, at: 1, what: "badgeNo" });
    assert_eq!(json::from_slice::<Door<'_>>(br#"{"name":7}"#).map_err(|e| e.code), Err(Code::JsonType));
}

#[test]
fn views_and_owned_records_are_the_same_if_their_json_is() {
    let (one, two) = (BADGE.to_string(), format!("  {BADGE} "));
    assert_eq!(read(&one), read(&two));
    let (one, two): (OwnedBadge, OwnedBadge) = (read(&one).owned(), read(&two).owned());
    assert_eq!(one, two);
    assert_eq!(one.view(), read(BADGE));
    // The same facts, written otherwise, are another text.
    assert_ne!(read(BADGE), read(&BADGE.replace("7, ", "7,")));
    // An unknown field belongs to the object as much as a known one.
    assert_ne!(one, read(&BADGE.replace("\"floor\": 3", "\"floor\": 4")).owned());
    let set: std::collections::HashSet<OwnedBadge> = [one, two].into();
    assert_eq!(set.len(), 1);
    // Kept and attached again.
    let badge = read(BADGE);
    assert_eq!(Badge::attach(badge.json(), *badge.spans()), badge);
}

#[test]
fn a_view_serialises_as_its_known_fields() {
    let badge = read(BADGE);
    let known = r#"{"badgeNo":7,"state":4,"until":null,"aliases":["JD"],"doors":[{"name":"B-1"},{"name":"B-2"}]}"#;
    assert_eq!(serde_json::to_string(&badge).expect("JSON"), known);
    assert_eq!(serde_json::to_string(&badge.owned()).expect("JSON"), known);
}

#[test]
fn a_word_is_printed_read_and_serialised() {
    assert_eq!(format!("{:>8}|{}", State::Blocked, State::InUse), " blocked|in use");
    assert_eq!("IN USE".parse(), Ok(State::InUse));
    let wrong = "4".parse::<State>().expect_err("a number");
    assert_eq!(
        (wrong.words(), wrong.to_string()),
        (&["in use", "blocked"][..], "not one of in use, blocked".to_string())
    );
    assert_eq!(Error::from(wrong).code, Code::UnknownValue);
    assert_eq!(serde_json::to_string(&[State::InUse]).expect("JSON"), r#"["in use"]"#);
    assert_eq!(
        serde_json::from_str::<Vec<State>>(r#"["In Use", "blocked"]"#).expect("words"),
        [State::InUse, State::Blocked]
    );
    let error = serde_json::from_str::<State>(r#""lost""#).expect_err("no such word").to_string();
    assert!(error.starts_with("unknown variant `lost`, expected `in use` or `blocked`"), "{error}");
    let error = serde_json::from_str::<State>("4").expect_err("a number").to_string();
    assert!(error.contains("expected one of in use, blocked"), "{error}");
}

/// Every word of every enumeration goes through text and JSON and comes back.
fn round<T>()
where
    T: Named + std::fmt::Display + std::fmt::Debug + std::str::FromStr<Err = UnknownWord>,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let names: Vec<&str> = T::ALL.iter().map(|value| value.name()).collect();
    for value in T::ALL {
        assert_eq!(value.to_string(), value.name());
        for text in [value.name().to_string(), value.name().to_lowercase(), value.name().to_uppercase()] {
            assert_eq!(text.parse::<T>().map(|read| read.number()), Ok(value.number()), "{text}");
            let json = serde_json::to_string(&text).expect("JSON");
            assert!(serde_json::from_str::<T>(&json).is_ok_and(|read| read == *value), "{json}");
        }
        let json = serde_json::to_string(value).expect("JSON");
        assert_eq!(json, format!("{:?}", value.name()));
    }
    assert_eq!("no such word".parse::<T>().expect_err("no word").words(), names);
}

#[test]
fn each_of_our_words_goes_there_and_back() {
    use cardwright_core::{certiflow, identity, lifecycle, mim};
    round::<certiflow::CardState>();
    round::<certiflow::RevocationReason>();
    round::<certiflow::ContentExpirationStatus>();
    round::<certiflow::CertificateType>();
    round::<certiflow::Privilege>();
    round::<certiflow::Dialect>();
    round::<mim::SmartcardStatus>();
    round::<mim::RequestType>();
    round::<mim::RequestStatus>();
    round::<mim::RequestKind>();
    round::<mim::Permission>();
    round::<mim::RequestEnd>();
    round::<lifecycle::System>();
    round::<lifecycle::Operation>();
    round::<lifecycle::State>();
    round::<lifecycle::Evidence>();
    round::<identity::CardKind>();
    round::<identity::Source>();
    round::<identity::Trust>();
}

#[test]
fn a_known_value_is_what_a_field_holds() {
    #[allow(clippy::needless_pass_by_value, reason = "what a getter returns")]
    fn known(state: Known<'_, State>) -> Option<State> {
        state.known()
    }
    assert_eq!(known(read(r#"{"badgeNo": 1, "state": "Blocked"}"#).state()), Some(State::Blocked));
    assert_eq!(known(read(r#"{"badgeNo": 1, "state": 9}"#).state()), None);
}

//! What questions to a server have told of the generation of its API, in words, and the line for a profile that saves
//! them.

use crate::failure::{Failure, Kind};
use cardwright_client::AnyClient;
use cardwright_core::Named as _;
use cardwright_core::base::usual_dialects;
use cardwright_core::certiflow::{Dialect, Finding, Sure};

/// The generation of a server's API, found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generation {
    /// What the answers tell, and from what.
    pub finding: Finding,
    /// The one to give; `None` where nothing was learned.
    pub dialect: Option<Dialect>,
}

impl Generation {
    /// What a finding at a base of an API comes to.
    #[must_use]
    pub fn of(finding: Finding, base: &str) -> Self {
        Generation { finding, dialect: finding.dialect(usual_dialects(base)) }
    }

    /// What a client has found out; `None` where the generation was given, and where no question was needed.
    #[must_use]
    pub fn found_out(client: &AnyClient) -> Option<Self> {
        client.found_out().map(|finding| Generation::of(finding, client.base()))
    }

    /// Which it is, how sure that is, and from what:
    /// `the server's generation was found out (shown): G6: Cards answers, Cards/{id} is missing, …`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("the server's generation was found out ({}): {}", self.finding.sure().name(), self.finding)
    }

    /// The line for the profile, after which nothing is asked any more: `dialect = "g6"`.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        self.dialect.map(|dialect| format!("dialect = \"{}\"", option(dialect)))
    }

    /// What to do, so that nothing need be asked any more.
    #[must_use]
    pub fn next(&self) -> String {
        match (self.line(), self.finding.sure()) {
            (Some(line), Sure::Shown) => format!("for the profile: {line}"),
            (Some(line), _) => format!("for the profile, unless the server's version says otherwise: {line}"),
            (None, _) => UNSURE.into(),
        }
    }
}

/// A failure for want of a user: a server of G1, of which nothing shows without a user, lacks every other call.
#[must_use]
pub fn wants_user(client: &AnyClient, failure: Failure) -> Failure {
    let is_missing = failure.kind() == Kind::NotFound && failure.next().is_none();
    match client.dialect() {
        Some(Dialect::G1) if is_missing => failure.hint(
            "where the server is Indeed CM up to 5.7 (G1), add --of USER, such as --of user@example.com: it finds cards by \
             their user alone",
        ),
        _ => failure,
    }
}

/// What to do where the generation does not show.
pub(crate) const UNSURE: &str =
    "give --dialect as the server's version has it: g7 since 7.1, g6 before, g5 for Indeed CM 6";

/// A generation as an option and a profile name it.
pub(crate) fn option(dialect: Dialect) -> String {
    dialect.name().to_ascii_lowercase()
}

/// The generations as options, and the products that speak them:
/// `g1 (Indeed CM up to 5.7), g2 or g3 (Indeed CM after 5.7), …`.
#[cfg(feature = "clap")]
pub(crate) fn options() -> String {
    let same = Dialect::ALL.chunk_by(|one, other| one.products() == other.products());
    let groups = same.map(|group| {
        let names: Vec<String> = group.iter().copied().map(option).collect();
        let products = group.first().map(|dialect| dialect.products()).unwrap_or_default();
        format!("{} ({products})", names.join(" or "))
    });
    groups.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_core::certiflow::{Answer, Probe};

    /// What comes of these statuses and bodies, in turn.
    fn found(answers: &[(u16, &str)], base: &str) -> Generation {
        let mut probe = Probe::new();
        for (status, body) in answers {
            assert!(probe.question().is_some(), "{answers:?}");
            probe.answer(Answer::read(*status, body.as_bytes()));
        }
        assert!(probe.question().is_none(), "{answers:?}");
        Generation::of(probe.finding(), base)
    }

    #[test]
    fn it_says_how_sure_it_is_and_from_what_and_what_to_write_into_the_profile() {
        let card = r#"[{"id":1,"serialNumber":"A1"}]"#;
        let g6 = found(&[(200, card), (404, ""), (200, "[]"), (200, card)], "https://cm.example/certiflow/api");
        assert_eq!(
            g6.text(),
            "the server's generation was found out (shown): G6: Cards answers, Cards/{id} is missing, serialNumber is \
             obeyed, policyName is ignored"
        );
        assert_eq!(g6.next(), "for the profile: dialect = \"g6\"");
        // Two with the same calls: the one that is usual at the base.
        let same = [(200, card), (404, ""), (200, card), (200, "[]")];
        assert_eq!(found(&same, "https://cm.example/cm/api").line().as_deref(), Some("dialect = \"g5\""));
        assert_eq!(found(&same, "https://cm.example/icmapi").line().as_deref(), Some("dialect = \"g4\""));
        let empty = found(&[(200, "[]")], "https://cm.example/icmapi");
        assert!(empty.text().contains("(one of several): G4, G5, G6 or G7"), "{}", empty.text());
        assert!(empty.next().contains("unless") && empty.next().contains("g4"), "{}", empty.next());
        let nothing = found(&[(403, "")], "https://cm.example/icmapi");
        assert_eq!((nothing.line(), nothing.next().as_str()), (None, UNSURE));
    }

    #[cfg(feature = "clap")]
    #[test]
    fn the_options_name_all_generations() {
        let options = options();
        assert!(options.starts_with("g1 (Indeed CM up to 5.7), g2 or g3 (Indeed CM after 5.7), g4"), "{options}");
        assert!(Dialect::ALL.iter().all(|dialect| options.contains(&option(*dialect))), "{options}");
    }
}

//! The seven generations of CertiFlow as Markdown tables, from the core's own data.

use cardwright_core::certiflow::{CardInfo, Dialect, Endpoint, Privilege, Query, RevocationReason};
use cardwright_core::lifecycle::System;
use cardwright_core::{Named, http};
use std::fmt::Write as _;

/// Which products speak each generation, and where.
pub(crate) fn generations() -> String {
    let mut out = String::from("| generation | spoken by | usual base |\n|---|---|---|\n");
    for dialect in Dialect::ALL {
        let _ = writeln!(out, "| {} | {} | `{}` |", dialect.name(), dialect.products(), dialect.base());
    }
    out
}

/// What each generation has: calls, parameters, fields, reasons and privileges, as they stand on the wire.
pub(crate) fn matrix() -> String {
    let mut out = head("what");
    let mut row = |what: &str, cell: &dyn Fn(Dialect) -> Option<String>| {
        let cells =
            Dialect::ALL.iter().map(|dialect| cell(*dialect).map_or("–".to_string(), |text| format!("`{text}`")));
        let _ = writeln!(out, "| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
    };
    for endpoint in Endpoint::ALL {
        let word = endpoint.operation().and_then(|operation| operation.native(System::CertiFlow));
        let what = match (endpoint, word) {
            (_, Some(word)) => word,
            (Endpoint::Card, _) => "one card",
            (Endpoint::CardsOfUser, _) => "the cards of a user",
            _ => "all cards",
        };
        row(what, &|dialect| endpoint.route_in(dialect).map(|route| path(route, dialect, endpoint)));
    }
    row("reason of Revoke", &|dialect| {
        Some(if dialect.reason_in_body() { r#"{"reason":5}"# } else { "?reason=CardWithdraw" }.into())
    });
    for reason in RevocationReason::ALL.iter().filter(|reason| reason.since() > Dialect::G1) {
        let text = format!("{}", *reason as u8);
        row(&format!("reason {}", reason.name()), &|dialect| (reason.since() <= dialect).then(|| text.clone()));
    }
    for parameter in Query::PARAMETERS {
        row(&format!("parameter {}", parameter.name), &|dialect| {
            let by_user = parameter.name == "userName" && dialect.lists_by_user();
            (parameter.since <= dialect).then(|| {
                let name = parameter.name_in(dialect);
                if by_user { format!("user/getcards?{name}") } else { name.into() }
            })
        });
    }
    for field in CardInfo::FIELDS {
        row(&format!("field {}", field.name), &|dialect| dialect.has_field(field.name).then(|| field.name.into()));
    }
    for privilege in Privilege::ALL {
        row(&format!("privilege {}", privilege.name()), &|dialect| privilege.name_in(dialect).map(str::to_string));
    }
    out
}

/// What comes of each generation that is told with a server of each generation.
pub(crate) fn pairs() -> String {
    let mut out = head("told");
    for told in Dialect::ALL {
        let cell = |server: &Dialect| {
            let same = |endpoint: Endpoint| {
                endpoint.route_in(*told).is_some() && endpoint.route_in(*told) == endpoint.route_in(*server)
            };
            if server.understands(*told) {
                "works"
            } else if same(Endpoint::Cards) || same(Endpoint::CardsOfUser) {
                "what both have works, else an error"
            } else {
                "an error"
            }
        };
        let _ =
            writeln!(out, "| {} | {} |", told.name(), Dialect::ALL.iter().map(cell).collect::<Vec<_>>().join(" | "));
    }
    out
}

fn head(first: &str) -> String {
    let names = Dialect::ALL.iter().map(|dialect| dialect.name()).collect::<Vec<_>>().join(" | ");
    format!("| {first} | {names} |\n|---|{}\n", "---|".repeat(Dialect::ALL.len()))
}

/// A route with the id of the card where the generation has it.
fn path(route: &http::Route, dialect: Dialect, endpoint: Endpoint) -> String {
    let id = if endpoint.operation().is_some() && dialect.id_is_parameter() { "?id={id}" } else { "" };
    format!("{} {}{id}", route.method.name(), route.path)
}

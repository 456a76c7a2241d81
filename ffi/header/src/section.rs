//! The sections of the header, in the order in which a program has use of them.

/// A part of the header: a family of functions, or some that are used together.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its name for Doxygen.
    pub(crate) key: &'static str,
    /// Its heading.
    pub(crate) title: &'static str,
    /// What it is for.
    pub(crate) about: &'static str,
    /// How the names of its functions begin, in the order in which they stand. The longest one of all sections counts.
    pub(crate) functions: &'static [&'static str],
    /// Types and constants that stand first in it. Any other stands before the first function that has to do with it.
    pub(crate) first: &'static [&'static str],
}

/// All of them.
pub(crate) const SECTIONS: &[Section] = &[
    Section {
        key: "base",
        title: "Texts, errors, versions",
        about: "What every other function takes or returns.",
        functions: &["text", "version", "code_", "last_error"],
        first: &["CardwrightText"],
    },
    Section {
        key: "atr",
        title: "ATR",
        about: "The answer to reset of a card (ISO/IEC 7816-3): parsed, judged by the standards' rules, written.",
        functions: &["atr_from_hex", "hex_", "atr_parse", "atr_", "ratio_", "rate_"],
        first: &["CARDWRIGHT_ATR_MAX"],
    },
    Section {
        key: "identity",
        title: "Identity of a card",
        about: "Which card it is: the dialogue that reads its serial number, from its ATR on.",
        functions: &["identity_", "status_word_"],
        first: &["CARDWRIGHT_MAX_COMMANDS", "CARDWRIGHT_RESPONSE_ROOM"],
    },
    Section {
        key: "serial",
        title: "Serial numbers",
        about: "The spellings of a serial number, compared and written.",
        functions: &["serial_"],
        first: &[],
    },
    Section {
        key: "lifecycle",
        title: "States and operations",
        about: "The states of a card in both systems, and what each operation does in each of them.",
        functions: &["lifecycle_"],
        first: &[
            "CardwrightSystem",
            "CardwrightState",
            "CardwrightCardState",
            "CardwrightSmartcardStatus",
            "CardwrightOperation",
        ],
    },
    Section {
        key: "call",
        title: "Requests to a server",
        about: "The requests of both systems, written for a program that has a connection of its own.",
        functions: &["call_"],
        first: &[],
    },
    Section {
        key: "reply",
        title: "Replies of a server",
        about: "HTTP replies, and the objects in them, read piece by piece from a connection of the program's own.",
        functions: &["reply_", "list_", "view_", "json_", "date_"],
        first: &["CARDWRIGHT_LINE_ROOM"],
    },
    Section {
        key: "probe",
        title: "The generation of CertiFlow's API",
        about: "Which generation a server speaks, found out over a connection of the program's own.",
        functions: &["probe_"],
        first: &[],
    },
    Section {
        key: "enumeration",
        title: "Names of values",
        about: "The values of enumerations by the names that servers, settings and the command use.",
        functions: &["enumeration_"],
        first: &[],
    },
    Section {
        key: "client",
        title: "Clients",
        about: "A connection to a server: its options, how it signs in, and what it has found out.",
        functions: &[
            "client_new",
            "client_free",
            "client_cancel",
            "tls_",
            "client_explain",
            "client_dialect",
            "client_probe",
            "client_found",
        ],
        first: &["CardwrightClient", "CardwrightScheme"],
    },
    Section {
        key: "cards",
        title: "Cards of a client",
        about: "Cards by their number, by their user, by what a reader says, or listed; and what is known of each.",
        functions: &[
            "client_find",
            "client_card",
            "client_card_of",
            "client_records",
            "client_cards",
            "cards_",
            "card_",
            "client_skzi",
            "skzi_",
        ],
        first: &["CardwrightCard", "CardwrightCards"],
    },
    Section {
        key: "operate",
        title: "Operations of a client",
        about: "What may be done with a card, what it would come to, and doing it.",
        functions: &[
            "client_operations",
            "operations_",
            "client_plan",
            "client_plan_by_id",
            "plan_",
            "client_operate",
            "client_operate_by_id",
            "client_go_on",
            "client_follow",
            "client_cancel_request",
        ],
        first: &["CardwrightResult"],
    },
    Section {
        key: "bulk",
        title: "Many cards",
        about: "An operation on many cards, with a journal from which it goes on after an interruption.",
        functions: &["bulk_"],
        first: &[],
    },
    Section {
        key: "requests",
        title: "Requests, and the server's own API",
        about: "Requests of MIM CM, the journal and the accounts of cardwright-server, and calls that have no function.",
        functions: &[
            "client_requests",
            "client_open_requests",
            "client_approve",
            "client_deny",
            "client_history",
            "client_audit",
            "client_accounts",
            "client_put_account",
            "client_raw",
            "raw_",
        ],
        first: &["CardwrightRaw"],
    },
    Section {
        key: "doctor",
        title: "The doctor",
        about: "What is wrong with the way to a server, or with the readers.",
        functions: &["doctor_"],
        first: &[],
    },
    Section {
        key: "reader",
        title: "Readers",
        about: "Readers over PC/SC: listed, watched, and sessions with the cards in them.",
        functions: &["readers_", "watch_", "session_"],
        first: &[],
    },
    Section {
        key: "log",
        title: "The log",
        about: "What the library does, told while it does it.",
        functions: &["log_"],
        first: &[],
    },
];

/// The section of a function, and its place among the beginnings of names there.
pub(crate) fn of(function: &str) -> Option<(usize, usize)> {
    let name = function.strip_prefix("cardwright_")?;
    let all = SECTIONS.iter().enumerate().flat_map(|(n, section)| {
        section.functions.iter().enumerate().map(move |(place, beginning)| (beginning.len(), *beginning, (n, place)))
    });
    all.filter(|(_, beginning, _)| name.starts_with(beginning)).max_by_key(|(length, ..)| *length).map(|(_, _, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_counts() {
        let key = |name: &str| of(name).and_then(|(n, _)| SECTIONS.get(n)).map(|section| section.key);
        assert_eq!(key("cardwright_client_card_of"), Some("cards"));
        assert_eq!(key("cardwright_client_cancel_request"), Some("operate"));
        assert_eq!(key("cardwright_client_cancel"), Some("client"));
        assert_eq!(key("cardwright_client_unheard_of"), None);
    }

    #[test]
    fn no_beginning_stands_twice() {
        let mut all: Vec<&str> = SECTIONS.iter().flat_map(|section| section.functions).copied().collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

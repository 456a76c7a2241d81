//! Switches: what a server does where the vendors' servers differ, or where it is not documented.
//!
//! [`SWITCHES`] is the one table of them: the names that `cardwright serve --switch NAME=VALUE` takes,
//! the values of each, and whether its default is documented. README.md holds the same table; a test
//! compares them.

use crate::Error;
use cardwright_core::lifecycle::Evidence;
use cardwright_core::mim::StatusScheme;

/// All switches.
pub const SWITCHES: [Switch; 10] = [
    Switch {
        name: "mim-api",
        values: &["on", "off"],
        evidence: Evidence::Documented,
        doc: "MIM CM: whether its API is switched on (`Clm.WebApi.Enabled`); off is 404 for every address. \
            The product comes with it off, this server with it on",
        set: |switches, value| switches.mim_api = value == 0,
    },
    Switch {
        name: "mim-status",
        values: &["B", "A"],
        evidence: Evidence::Assumed,
        doc: "MIM CM: the numbers of card statuses: B fits the printed replies, A is the published table of its \
            SQL interface, as far as that goes",
        set: |switches, value| {
            switches.mim_status = if value == 0 { StatusScheme::B } else { StatusScheme::A };
        },
    },
    Switch {
        name: "mim-smartcards",
        values: &["own", "all"],
        evidence: Evidence::Assumed,
        doc: "MIM CM: whose cards `GET /smartcards` lists: the caller's, or everybody's where the caller has Audit",
        set: |switches, value| switches.mim_smartcards = if value == 0 { Whose::Own } else { Whose::All },
    },
    Switch {
        name: "mim-form",
        values: &["mixed", "list", "object"],
        evidence: Evidence::Assumed,
        doc: "MIM CM: the form of `GET /smartcards`: mixed is a list, and an object with `?cardid=`, which alone is \
            printed; list is always a list; object is an object wherever there is one card",
        set: |switches, value| {
            switches.mim_form = [Form::Mixed, Form::List, Form::Object].into_iter().nth(value).unwrap_or_default();
        },
    },
    Switch {
        name: "mim-empty",
        values: &["list", "204"],
        evidence: Evidence::Assumed,
        doc: "MIM CM: an empty list: `[]`, or 204, which the page names and does not explain. Where an object was \
            asked for, nothing is always 204",
        set: |switches, value| switches.mim_empty = if value == 0 { Empty::List } else { Empty::NoContent },
    },
    Switch {
        name: "mim-open-requests",
        values: &["one", "any"],
        evidence: Evidence::Assumed,
        doc: "MIM CM: how many open requests a card may have: with one, a second request for a card is refused \
            until the first has ended",
        set: |switches, value| switches.one_open_request = value == 0,
    },
    Switch {
        name: "own-approval",
        values: &["off", "on"],
        evidence: Evidence::Assumed,
        doc: "MIM CM: whether an account may approve a request that it has made itself",
        set: |switches, value| switches.own_approval = value == 1,
    },
    Switch {
        name: "sign-in-delays",
        values: &["on", "off"],
        evidence: Evidence::Assumed,
        doc: "both: whether failed sign-ins delay further ones, by account and by address, by three seconds at most; \
            an attempt meanwhile is answered 429",
        set: |switches, value| switches.sign_in_delays = value == 0,
    },
    Switch {
        name: "certiflow-errors",
        values: &["aspnetcore", "classic"],
        evidence: Evidence::Assumed,
        doc: "CertiFlow: the form of errors since G5: ProblemDetails, or that of classic Web API, which G1 to G4 \
            always have",
        set: |switches, value| {
            switches.certiflow_errors = if value == 0 { ErrorProfile::AspNetCore } else { ErrorProfile::Classic };
        },
    },
    Switch {
        name: "refusal",
        values: &["profile", "409", "400", "500"],
        evidence: Evidence::Assumed,
        doc: "both: the status for a card that may not have the operation: by the form of errors (409, and 500 for \
            classic), or this one",
        set: |switches, value| {
            let all = [Refusal::ByProfile, Refusal::Conflict, Refusal::BadRequest, Refusal::ServerError];
            switches.refusal = all.into_iter().nth(value).unwrap_or_default();
        },
    },
];

/// One switch.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Switch {
    /// Its name.
    pub name: &'static str,
    /// Its values. The first is the default.
    pub values: &'static [&'static str],
    /// Whether the default is what the vendor documents.
    pub evidence: Evidence,
    /// What it is, in a line.
    pub doc: &'static str,
    /// Sets it to the value at this place in `values`.
    set: fn(&mut Switches, usize),
}

/// The settings of all switches. The default has the first value of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Switches {
    /// `mim-api`: whether MIM CM's API is there.
    pub mim_api: bool,
    /// `mim-status`: which numbers MIM CM's card statuses have.
    pub mim_status: StatusScheme,
    /// `mim-smartcards`: whose cards MIM CM lists.
    pub mim_smartcards: Whose,
    /// `mim-form`: the form of MIM CM's list of cards.
    pub mim_form: Form,
    /// `mim-empty`: how MIM CM writes an empty list.
    pub mim_empty: Empty,
    /// `mim-open-requests`: whether a card has one open request at most.
    pub one_open_request: bool,
    /// `own-approval`: whether one's own request may be approved.
    pub own_approval: bool,
    /// `sign-in-delays`: whether failed sign-ins delay further ones.
    pub sign_in_delays: bool,
    /// `certiflow-errors`: the form of CertiFlow's errors.
    pub certiflow_errors: ErrorProfile,
    /// `refusal`: the status of a refused operation.
    pub refusal: Refusal,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            mim_api: true,
            mim_status: StatusScheme::B,
            mim_smartcards: Whose::Own,
            mim_form: Form::Mixed,
            mim_empty: Empty::List,
            one_open_request: true,
            own_approval: false,
            sign_in_delays: true,
            certiflow_errors: ErrorProfile::AspNetCore,
            refusal: Refusal::ByProfile,
        }
    }
}

impl Switches {
    /// Sets a switch by its name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NoSuchSwitch`] and [`Error::NoSuchValue`], which list what there is.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let switch = SWITCHES.iter().find(|switch| switch.name.eq_ignore_ascii_case(name));
        let switch = switch.ok_or_else(|| {
            let known = SWITCHES.iter().map(|switch| switch.name).collect();
            Error::NoSuchSwitch { name: name.to_owned(), known }
        })?;
        let place = switch.values.iter().position(|known| known.eq_ignore_ascii_case(value));
        let place = place.ok_or_else(|| Error::NoSuchValue {
            switch: switch.name,
            value: value.to_owned(),
            known: switch.values,
        })?;
        (switch.set)(self, place);
        Ok(())
    }
}

/// Whose cards are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Whose {
    /// The caller's.
    #[default]
    Own,
    /// All, if the caller may see them.
    All,
}

/// The form of a list of cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Form {
    /// A list; an object if one card was asked for.
    #[default]
    Mixed,
    /// Always a list.
    List,
    /// An object whenever there is one card.
    Object,
}

/// How an empty list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Empty {
    /// `[]`.
    #[default]
    List,
    /// No content, 204.
    NoContent,
}

/// The form of CertiFlow's errors. The vendor documents none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum ErrorProfile {
    /// ProblemDetails (RFC 9457), as ASP.NET Core writes them.
    #[default]
    AspNetCore,
    /// `{"Message": ...}`, as classic Web API writes them.
    Classic,
}

/// The status of a refused operation. No vendor documents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Refusal {
    /// 409; 500 for classic errors.
    #[default]
    ByProfile,
    /// 409.
    Conflict,
    /// 400.
    BadRequest,
    /// 500.
    ServerError,
}

impl Refusal {
    /// The status in a form of errors.
    pub(crate) const fn status(self, profile: ErrorProfile) -> u16 {
        match (self, profile) {
            (Refusal::ByProfile, ErrorProfile::AspNetCore) | (Refusal::Conflict, _) => 409,
            (Refusal::BadRequest, _) => 400,
            (Refusal::ByProfile, ErrorProfile::Classic) | (Refusal::ServerError, _) => 500,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SWITCHES, Switches};
    use cardwright_core::Named as _;
    use std::collections::HashSet;

    #[test]
    fn the_first_value_of_each_is_the_default_and_every_other_changes_something() {
        let mut seen = 0;
        for switch in SWITCHES {
            let mut settings = Vec::new();
            for value in switch.values {
                let mut switches = Switches::default();
                switches.set(&switch.name.to_uppercase(), &value.to_lowercase()).unwrap();
                settings.push(format!("{switches:?}"));
                seen += 1;
            }
            assert_eq!(settings[0], format!("{:?}", Switches::default()), "{}", switch.name);
            assert_eq!(settings.iter().collect::<HashSet<_>>().len(), switch.values.len(), "{}", switch.name);
        }
        println!("{seen} values of {} switches", SWITCHES.len());
    }

    #[test]
    fn an_unknown_name_or_value_lists_what_there_is() {
        let error = Switches::default().set("mim", "off").unwrap_err().to_string();
        for switch in SWITCHES {
            assert!(error.contains(switch.name), "{error}");
        }
        let error = Switches::default().set("refusal", "404").unwrap_err().to_string();
        assert!(error.contains("refusal") && error.contains("profile, 409, 400, 500"), "{error}");
    }

    #[test]
    fn the_readme_has_this_table() {
        let mut table = String::from("| switch | values, the default first | the default is | |\n|---|---|---|---|\n");
        for switch in SWITCHES {
            let values: Vec<_> = switch.values.iter().map(|value| format!("`{value}`")).collect();
            let (values, evidence) = (values.join(", "), switch.evidence.name());
            table += &format!("| `{}` | {values} | {evidence} | {} |\n", switch.name, switch.doc);
        }
        assert!(include_str!("../README.md").contains(&table), "README.md should hold:\n\n{table}");
    }
}

//! The systems: what the records of each are in Python and in tables. The one file that tells them apart.

use crate::page::{Kept, Page, Source};
use crate::table::{Column, Kind, Row, Unfit, Values};
use cardwright::client::{AnyCard, CertiFlowCard, MimCard, Options};
use cardwright_core::certiflow::CardInfo;
use cardwright_core::lifecycle::{NativeState, System};
use cardwright_core::mim::{OwnedRequest, Request, Smartcard, SmartcardStatus, StatusScheme};
use cardwright_core::{Code, Error, Named};
use cardwright_python_common::Failure;
use cardwright_python_common::members::{given, member};
use pyo3::prelude::*;
use std::sync::Arc;

/// The query of a list. MIM CM takes its bounds alone.
pub(crate) use cardwright_core::certiflow::OwnedQuery as Query;

/// A scheme of MIM CM's status numbers by its letter.
///
/// # Errors
/// Where there is none.
pub(crate) fn scheme(letter: &str) -> Result<StatusScheme, Failure> {
    match letter {
        "A" => Ok(StatusScheme::A),
        "B" => Ok(StatusScheme::B),
        other => Err(Failure::argument(format!("status_scheme must be \"A\" or \"B\", not {other:?}"))),
    }
}

/// The letter of the scheme that a client uses.
pub(crate) fn letter(options: &Options) -> &'static str {
    if options.status_scheme == StatusScheme::A { "A" } else { "B" }
}

/// The state that Python gave: a member of the system's own enumeration, or its word.
///
/// # Errors
/// As [`given`].
pub(crate) fn state_of(system: System, state: &Bound<'_, PyAny>) -> PyResult<NativeState> {
    Ok(match system {
        System::CertiFlow => NativeState::CertiFlow(given("state", state)?),
        System::Mim => NativeState::Mim(given("state", state)?),
    })
}

/// The member for a state, in the words of its own system.
pub(crate) fn state(py: Python<'_>, state: NativeState) -> PyResult<Bound<'_, PyAny>> {
    match state {
        NativeState::CertiFlow(state) => member(py, state),
        NativeState::Mim(status) => member(py, status),
    }
}

/// Adds a card that the client read to a page.
///
/// # Errors
/// For a card of a system that is not known here.
pub(crate) fn push(page: &mut Page, card: &AnyCard) -> Result<(), Error> {
    match card {
        AnyCard::CertiFlow(card) => page.push(&card.card.view()),
        AnyCard::Mim(card) => page.push(&card.card.view()),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => return Err(NO_SUCH_SYSTEM),
    }
    Ok(())
}

/// A card of a system that the client knows, and this does not.
const NO_SUCH_SYSTEM: Error = Error::of(Code::UnknownValue, "the card's system");

/// The Python object for a card of a page.
pub(crate) fn wrap<'py>(py: Python<'py>, system: System, page: &Arc<Page>, at: usize) -> PyResult<Bound<'py, PyAny>> {
    match system {
        System::CertiFlow => CardInfo::wrap(py, page, at),
        System::Mim => Smartcard::wrap(py, page, at),
    }
}

/// The Python object for a card that the client read.
pub(crate) fn card<'py>(py: Python<'py>, card: &AnyCard, source: Arc<Source>) -> PyResult<Bound<'py, PyAny>> {
    let mut page = Page::new(source);
    push(&mut page, card).map_err(Failure::from)?;
    wrap(py, card.system(), &Arc::new(page), 0)
}

/// The Python object for a request of MIM CM.
pub(crate) fn request<'py>(py: Python<'py>, request: &OwnedRequest) -> PyResult<Bound<'py, PyAny>> {
    let mut page = Page::default();
    page.push(&request.view());
    Request::wrap(py, &Arc::new(page), 0)
}

/// A card of a page for the client: a copy.
pub(crate) fn any_card(system: System, page: &Page, at: usize) -> AnyCard {
    let Source { found_by, options } = &**page.source();
    match system {
        System::CertiFlow => {
            let card = page.view::<CardInfo<'_>>(at).owned();
            AnyCard::CertiFlow(CertiFlowCard::new(card).of_user(found_by.clone()))
        }
        System::Mim => AnyCard::Mim(MimCard::new(page.view::<Smartcard<'_>>(at).owned(), options.status_scheme)),
    }
}

/// The columns of a system's cards, one for each field.
pub(crate) fn columns(system: System) -> &'static [Column] {
    match system {
        System::CertiFlow => CardInfo::COLUMNS,
        System::Mim => Smartcard::COLUMNS,
    }
}

/// The column of the state, and the one that it stands behind, where a field holds only a number for it.
pub(crate) fn state_column(system: System) -> Option<(&'static str, Column)> {
    let names = || SmartcardStatus::ALL.iter().map(|status| status.name()).collect();
    (system == System::Mim).then_some(("status", Column { name: "state", kind: Kind::Named(names) }))
}

/// Adds fields of a card, by their numbers, to their columns.
///
/// # Errors
/// For a value that does not fit, with the number of the field; for a card of a system that is not known here.
pub(crate) fn push_fields<'v>(
    card: &AnyCard,
    cells: impl Iterator<Item = (usize, &'v mut Values)>,
) -> Result<(), (usize, Unfit)> {
    fn push<'v>(
        row: &impl Row,
        mut cells: impl Iterator<Item = (usize, &'v mut Values)>,
    ) -> Result<(), (usize, Unfit)> {
        cells.try_for_each(|(n, values)| row.push(n, values).map_err(|error| (n, error)))
    }
    match card {
        AnyCard::CertiFlow(card) => push(&card.card.view(), cells),
        AnyCard::Mim(card) => push(&card.card.view(), cells),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        // Of no column.
        _ => Err((usize::MAX, NO_SUCH_SYSTEM.into())),
    }
}

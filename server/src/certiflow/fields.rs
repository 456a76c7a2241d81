//! The fields of CardInfo: what the registry holds for each, how it is written in an answer, and how a line of an
//! inventory sets it.

use crate::Error;
use crate::registry::{Card, Kind, Shown, Stamp};
use crate::seed::Row;
use cardwright_core::Named as _;
use cardwright_core::certiflow::CardState;
use cardwright_core::lifecycle::{NativeState, State, System};

/// Defines [`CARD_INFO`] and [`read`], in the order of the vendor's page: the name of each field, how it is written, and
/// its column. The column of a `field` is also the member of a card that an inventory sets; what is only `shown`,
/// an inventory sets elsewhere.
macro_rules! fields {
    ($($kind:ident $name:literal $form:expr, $column:ident;)*) => {
        /// CardInfo without the certificates. That `userId` is text and `policyId` a number is assumed.
        pub(super) const CARD_INFO: &[Shown] = &[$(
            Shown { key: concat!("\"", $name, "\":"), column: stringify!($column), kind: $form },
        )*];

        /// Sets the fields that stand for themselves.
        ///
        /// # Errors
        /// [`Error::Inventory`] with the line.
        pub(crate) fn read(row: &Row, card: &mut Card) -> Result<(), Error> {
            $(fields!(@read $kind row, card, $name, $column);)*
            Ok(())
        }
    };
    (@read field $row:ident, $card:ident, $name:literal, $member:ident) => {
        $card.$member = Field::read($row, $name)?
    };
    (@read shown $row:ident, $card:ident, $name:literal, $member:ident) => {};
}

fields! {
    shown "id" Kind::Number, id;
    shown "serialNumber" Kind::Text, serial_number;
    field "cardTypeName" Kind::Text, card_type_name;
    field "cardModelName" Kind::Text, card_model_name;
    field "atr" Kind::Text, atr;
    field "label" Kind::Text, label;
    field "comment" Kind::Text, comment;
    field "tags" Kind::List, tags;
    shown "state" Kind::State(word), state;
    field "formFactor" Kind::Text, form_factor;
    field "pacNumber" Kind::Text, pac_number;
    field "expirationDate" Kind::Time, expiration_date;
    field "timeIssued" Kind::Time, time_issued;
    field "timeDisabled" Kind::Time, time_disabled;
    field "timeUpdated" Kind::Time, time_updated;
    field "timeRevoked" Kind::Time, time_revoked;
    shown "userId" Kind::Text, user_uuid;
    shown "userName" Kind::Text, user_name;
    shown "policyId" Kind::Number, policy_id;
    shown "policyName" Kind::Text, policy_name;
}

/// A state in CertiFlow's word.
pub(super) fn word(state: State) -> Option<&'static str> {
    state.native(System::CertiFlow).map(|state| state.name())
}

/// The state that CertiFlow calls so.
pub(crate) fn state_named(word: &str) -> Option<State> {
    CardState::from_name(word).and_then(|state| NativeState::CertiFlow(state).neutral())
}

/// A type of field: how it is read from a line of an inventory.
trait Field: Sized {
    fn read(row: &Row, name: &str) -> Result<Self, Error>;
}

impl Field for Option<String> {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.text(name)
    }
}

impl Field for Option<Stamp> {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.time(name)
    }
}

impl Field for Vec<String> {
    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.tags(name)
    }
}

//! The fields of CardInfo: what the registry holds for each, how it is written in an answer, and how a line of an
//! inventory sets it.

use crate::Error;
use crate::registry::{Card, Iso, Stamp};
use crate::seed::Row;
use cardwright_core::Named as _;
use cardwright_core::certiflow::CardState;
use cardwright_core::lifecycle::{NativeState, State, System};
use serde::Serialize;
use serde::ser::SerializeMap;

/// Defines [`write`] and [`read`], in the order of the vendor's page. The type of a field of the card decides how a
/// `field` is written and read ([`Field`]); what is only `shown` is an expression, and an inventory sets it elsewhere.
macro_rules! fields {
    ($card:ident; $($kind:ident $name:literal $value:expr;)*) => {
        /// Writes all fields but the certificates.
        pub(super) fn write<M: SerializeMap>($card: &Card, object: &mut M) -> Result<(), M::Error> {
            $(fields!(@write $kind object, $name, $value);)*
            Ok(())
        }

        /// Sets the fields that stand for themselves.
        ///
        /// # Errors
        /// [`Error::Inventory`] with the line.
        pub(crate) fn read(row: &Row, $card: &mut Card) -> Result<(), Error> {
            $(fields!(@read $kind row, $name, $value);)*
            Ok(())
        }
    };
    (@write field $object:ident, $name:literal, $value:expr) => { $object.serialize_entry($name, &$value.shown())? };
    (@write shown $object:ident, $name:literal, $value:expr) => { $object.serialize_entry($name, &$value)? };
    (@read field $row:ident, $name:literal, $value:expr) => { $value = Field::read($row, $name)? };
    (@read shown $row:ident, $name:literal, $value:expr) => {};
}

fields! { card;
    shown "id" card.id;
    shown "serialNumber" card.serial_number;
    field "cardTypeName" card.card_type_name;
    field "cardModelName" card.card_model_name;
    field "atr" card.atr;
    field "label" card.label;
    field "comment" card.comment;
    field "tags" card.tags;
    shown "state" state(card);
    field "formFactor" card.form_factor;
    field "pacNumber" card.pac_number;
    field "expirationDate" card.expiration_date;
    field "timeIssued" card.time_issued;
    field "timeDisabled" card.time_disabled;
    field "timeUpdated" card.time_updated;
    field "timeRevoked" card.time_revoked;
    shown "userId" card.user.map(|user| user.to_string());
    shown "userName" card.user_name;
    shown "policyId" card.policy_id;
    shown "policyName" card.policy_name;
}

/// The state in CertiFlow's word.
pub(super) fn state(card: &Card) -> Option<&'static str> {
    card.state.native(System::CertiFlow).map(|state| state.name())
}

/// The state that CertiFlow calls so.
pub(crate) fn state_named(word: &str) -> Option<State> {
    CardState::from_name(word).and_then(|state| NativeState::CertiFlow(state).neutral())
}

/// A type of field: how it is written in an answer and read from a line of an inventory.
trait Field: Sized {
    fn shown(&self) -> impl Serialize + use<'_, Self>;

    fn read(row: &Row, name: &str) -> Result<Self, Error>;
}

impl Field for Option<String> {
    fn shown(&self) -> impl Serialize + use<'_> {
        self
    }

    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.text(name)
    }
}

impl Field for Option<Stamp> {
    fn shown(&self) -> impl Serialize + use<'_> {
        self.map(|stamp| -> Iso { stamp.iso(7) })
    }

    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.time(name)
    }
}

impl Field for Vec<String> {
    fn shown(&self) -> impl Serialize + use<'_> {
        self
    }

    fn read(row: &Row, name: &str) -> Result<Self, Error> {
        row.tags(name)
    }
}

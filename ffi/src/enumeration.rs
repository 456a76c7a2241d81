//! Enumerations whose values have names, and values by their numbers.

#[cfg(feature = "client")]
use cardwright::client::Scheme;
#[cfg(feature = "certiflow")]
use cardwright_core::certiflow::{
    CardState, CertificateType, ContentExpirationStatus, Dialect, Privilege, RevocationReason, Sure,
};
#[cfg(feature = "client")]
use cardwright_core::identity::Found;
use cardwright_core::identity::{Basis, CardKind, Source, Trust};
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
#[cfg(feature = "mim")]
use cardwright_core::mim::{Permission, RequestEnd, RequestKind, RequestStatus, RequestType, SmartcardStatus};
use cardwright_core::{Code, Error, Named};

/// An enumeration of this header whose values have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightEnumeration {
    /// `CardwrightSystem`.
    System = 1,
    /// `CardwrightOperation`, by its neutral names.
    Operation = 2,
    /// `CardwrightState`.
    State = 3,
    /// `CardwrightCardState`.
    #[cfg(feature = "certiflow")]
    CardState = 4,
    /// `CardwrightSmartcardStatus`.
    #[cfg(feature = "mim")]
    SmartcardStatus = 5,
    /// `CardwrightEvidence`.
    Evidence = 6,
    /// `CardwrightRevocationReason`.
    #[cfg(feature = "certiflow")]
    RevocationReason = 7,
    /// `CardwrightContentExpirationStatus`.
    #[cfg(feature = "certiflow")]
    ContentExpirationStatus = 8,
    /// `CardwrightDialect`.
    #[cfg(feature = "certiflow")]
    Dialect = 9,
    /// `CardwrightCertificateType`.
    #[cfg(feature = "certiflow")]
    CertificateType = 10,
    /// `CardwrightPrivilege`.
    #[cfg(feature = "certiflow")]
    Privilege = 11,
    /// `CardwrightRequestKind`.
    #[cfg(feature = "mim")]
    RequestKind = 12,
    /// `CardwrightRequestEnd`.
    #[cfg(feature = "mim")]
    RequestEnd = 13,
    /// `CardwrightRequestStatus`.
    #[cfg(feature = "mim")]
    RequestStatus = 14,
    /// `CardwrightRequestType`.
    #[cfg(feature = "mim")]
    RequestType = 15,
    /// `CardwrightPermission`.
    #[cfg(feature = "mim")]
    Permission = 16,
    /// `CardwrightSource`.
    Source = 17,
    /// `CardwrightTrust`.
    Trust = 18,
    /// `CardwrightCardKind`.
    CardKind = 19,
    /// `CardwrightScheme`.
    #[cfg(feature = "client")]
    Scheme = 20,
    /// `CardwrightFound`.
    #[cfg(feature = "client")]
    Found = 21,
    /// `CardwrightBasis`.
    Basis = 22,
    /// `CardwrightSure`.
    #[cfg(feature = "certiflow")]
    Sure = 23,
}

/// How [`named`] finds a value of each enumeration.
macro_rules! enumerations {
    ($($(#[$condition:meta])? $name:ident),+) => {
        /// The number and the name of the first value of an enumeration for which `wanted` holds.
        pub(crate) fn named(
            enumeration: u32,
            wanted: impl Fn(u32, &str) -> bool,
        ) -> Result<(u32, &'static str), Error> {
            let found = match enumeration {
                $($(#[$condition])? n if n == CardwrightEnumeration::$name as u32 => find::<$name>(wanted),)+
                _ => None,
            };
            found.ok_or(Error::new(Code::UnknownValue, 0))
        }
    };
}

enumerations!(
    System,
    Operation,
    State,
    #[cfg(feature = "certiflow")]
    CardState,
    #[cfg(feature = "mim")]
    SmartcardStatus,
    Evidence,
    #[cfg(feature = "certiflow")]
    RevocationReason,
    #[cfg(feature = "certiflow")]
    ContentExpirationStatus,
    #[cfg(feature = "certiflow")]
    Dialect,
    #[cfg(feature = "certiflow")]
    Sure,
    #[cfg(feature = "certiflow")]
    CertificateType,
    #[cfg(feature = "certiflow")]
    Privilege,
    #[cfg(feature = "mim")]
    RequestKind,
    #[cfg(feature = "mim")]
    RequestEnd,
    #[cfg(feature = "mim")]
    RequestStatus,
    #[cfg(feature = "mim")]
    RequestType,
    #[cfg(feature = "mim")]
    Permission,
    Source,
    Trust,
    CardKind,
    Basis,
    #[cfg(feature = "client")]
    Scheme,
    #[cfg(feature = "client")]
    Found
);

fn find<T: Named>(wanted: impl Fn(u32, &str) -> bool) -> Option<(u32, &'static str)> {
    T::ALL.iter().map(|value| (value.number(), value.name())).find(|(number, name)| wanted(*number, name))
}

/// The value of an enumeration with a number; `what` names the parameter for the error if there is none.
pub(crate) fn value<T: Named>(number: u32, what: &'static str) -> Result<T, Error> {
    T::from_number(number.into()).ok_or(Error::of(Code::UnknownValue, what))
}

/// The system with a number, if the library has it.
pub(crate) fn system(number: u32) -> Result<System, Error> {
    match number {
        #[cfg(feature = "certiflow")]
        n if n == System::CertiFlow as u32 => Ok(System::CertiFlow),
        #[cfg(feature = "mim")]
        n if n == System::Mim as u32 => Ok(System::Mim),
        _ => Err(Error::of(Code::UnknownValue, "system")),
    }
}

/// As [`value`], where 0 stands for none.
pub(crate) fn optional_value<T: Named>(number: u32, what: &'static str) -> Result<Option<T>, Error> {
    if number == 0 { Ok(None) } else { value(number, what).map(Some) }
}

/// The value of a Rust enumeration for a number of a C one, whose values have the same names.
macro_rules! value_of {
    ($number:expr, $what:literal, $c:ident => $rust:ident: $($value:ident),+) => {
        match $number {
            $(number if number == $c::$value as u32 => Ok($rust::$value),)+
            _ => Err(cardwright_core::Error::of(cardwright_core::Code::UnknownValue, $what)),
        }
    };
}

/// The number in a C enumeration of a value of a Rust one, whose values have the same names.
#[cfg(feature = "reader")]
macro_rules! number_of {
    ($value:expr, $rust:ident => $c:ident: $($name:ident),+) => {
        match $value {
            $($rust::$name => Ok($c::$name as u32),)+
            _ => Err(cardwright_core::Error::new(cardwright_core::Code::Internal, 0)),
        }
    };
}

#[cfg(feature = "reader")]
pub(crate) use number_of;
pub(crate) use value_of;

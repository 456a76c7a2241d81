//! The examination of a server.

use super::new::setup_of;
use super::options::CardwrightOptions;
use crate::detail;
use crate::enumeration::{optional_value, value};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nth, size, structures};
use crate::hosted::{free, handle, into_raw, on_own_thread};
use crate::number::DoctorLevelNumber;
use crate::text::CardwrightText;
use cardwright::doctor::{Check, Level, examine};
use cardwright::{Failure, Target};
use cardwright_core::{Code, Error};
use std::time::Duration;

/// How a check of a server came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightDoctorLevel {
    /// Nothing is in the way.
    Ok = 1,
    /// Something to look at.
    Warn = 2,
    /// Something is in the way.
    Fail = 3,
}

/// The checks of an examination. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightDoctor(Vec<Check>);

handle!(CardwrightDoctor: Send + Sync);

/// A check of a server. Its texts belong to the examination.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightDoctorCheck {
    /// `sizeof(CardwrightDoctorCheck)`, set by the caller.
    pub struct_size: u32,
    /// How it came out: a `CardwrightDoctorLevel`.
    pub level: DoctorLevelNumber,
    /// What was looked at, such as `TLS`.
    pub name: CardwrightText,
    /// What was seen.
    pub seen: CardwrightText,
    /// The next step, in the words of the options of the command `cardwright` (`--url` is the member `base`, `--ca` is
    /// `roots`; others are called as the members are); `data` is `NULL` if there is none.
    pub next: CardwrightText,
}

structures!(CardwrightDoctorCheck);

/// Examines a server without changing anything, and says what is in the way: proxy, name, connection, TLS, token, sign-in,
/// base, privileges, filters, generation and clock, in this order; what needs an earlier check is left out if that one
/// failed. It sends GETs alone, to the server that the options mean. `*count` is the number of checks. Free `*doctor`
/// with `cardwright_doctor_free`.
///
/// It takes `limit` milliseconds at most, 0 for 5 minutes, but for a name that the system looks up and a person who is
/// shown a code; the limits of the options are not used. What is wrong with the server is a check, and no error: the codes
/// are those of `cardwright_client_new`, for options that cannot be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_doctor_examine(
    options: *const CardwrightOptions, limit: u32, doctor: *mut *mut CardwrightDoctor, count: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (options, doctor, count) = from_c!(options, doctor, count);
        let (system, dialect) = (value(options.system, "system")?, optional_value(options.dialect, "dialect")?);
        let mut target = Target::of(system, dialect, setup_of(options)?);
        target.time_limit = (limit != 0).then(|| Duration::from_millis(limit.into()));
        let examined = on_own_thread("doctor", move || examine(&target, &mut |_| {}))?;
        let checks = examined.map_err(failed)?.checks;
        count.put(checks.len());
        doctor.put(into_raw(CardwrightDoctor(checks)));
    })
}

/// A check by its index, from 0, in the order in which they were made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_doctor_at(
    doctor: *const CardwrightDoctor, index: usize, check: *mut CardwrightDoctorCheck, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (doctor, check) = from_c!(doctor, check);
        let one = nth(doctor.0.iter(), index)?;
        check.put(CardwrightDoctorCheck {
            struct_size: size::<CardwrightDoctorCheck>(),
            level: level_of(one.level) as u32,
            name: CardwrightText::of(one.name),
            seen: CardwrightText::of(&one.seen),
            next: CardwrightText::of_any(one.next.as_deref()),
        });
    })
}

/// Frees the checks; their texts become invalid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_doctor_free(doctor: *mut CardwrightDoctor) {
    free!(doctor)
}

fn level_of(level: Level) -> CardwrightDoctorLevel {
    match level {
        Level::Ok => CardwrightDoctorLevel::Ok,
        Level::Warn => CardwrightDoctorLevel::Warn,
        Level::Fail => CardwrightDoctorLevel::Fail,
        // One that is not known here is not passed over.
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => CardwrightDoctorLevel::Fail,
    }
}

/// Records the words of a setting that cannot be used.
fn failed(failure: Failure) -> Error {
    detail::words(failure.to_string());
    Error::new(failure.code().unwrap_or(Code::Setting), 0)
}

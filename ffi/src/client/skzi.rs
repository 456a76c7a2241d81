//! The register of SKZI of Indeed CM 7.1.

use super::handle::{CardwrightClient, Shared, about, noted};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable, structures};
use crate::hosted::{free, handle, into_raw, write};
use crate::text::CardwrightText;
use cardwright::client::http::Process;
use cardwright::client::{self, AnyEntries};
use cardwright_core::Error;
use cardwright_core::certiflow::SkziQuery;
use std::sync::{Arc, PoisonError, RwLock};

/// Which entries of the register of SKZI, cryptographic information protection tools. Zero all of it, then set
/// `struct_size`, and what they are to be chosen by. All values are texts, as the lists of them are open.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSkziQuery {
    /// `sizeof(CardwrightSkziQuery)`.
    pub struct_size: u32,
    /// 1 if `offset` counts.
    pub has_offset: u32,
    /// How many entries to pass over.
    pub offset: u32,
    /// 1 if `count` counts.
    pub has_count: u32,
    /// How many entries to return at most.
    pub count: u32,
    /// The kind of entry: `Distributive`, `License`, `Documentation`, `KeyDocument`, `Card` or `Custom`.
    pub object_type: CardwrightText,
    /// The id of the type of SKZI.
    pub skzi_type_id: CardwrightText,
    /// The serial number.
    pub serial_number: CardwrightText,
    /// The number of the instance.
    pub instance_number: CardwrightText,
    /// The state, such as `Issued`.
    pub state: CardwrightText,
    /// The user, by the Common Name.
    pub user_name: CardwrightText,
    /// The first day or time, ISO 8601; of what is not documented.
    pub start_date: CardwrightText,
    /// The last day or time.
    pub end_date: CardwrightText,
}

structures!(CardwrightSkziQuery {
    has_offset,
    offset,
    has_count,
    count,
    object_type,
    skzi_type_id,
    serial_number,
    instance_number,
    state,
    user_name,
    start_date,
    end_date
});

/// Entries of the register, one by one as they arrive. For one thread at a time; it keeps the client that it came from
/// alive.
pub struct CardwrightSkzi {
    process: Process,
    entries: RwLock<Entries>,
    client: Arc<Shared>,
}

handle!(CardwrightSkzi: Send);

struct Entries {
    coming: AnyEntries,
    /// The one that was written last.
    last: String,
}

impl Drop for CardwrightSkzi {
    fn drop(&mut self) {
        if !self.process.is_current() {
            // What it holds is the parent's: connections.
            let entries = self.entries.get_mut().unwrap_or_else(PoisonError::into_inner);
            core::mem::forget(core::mem::replace(&mut entries.coming, Box::new(core::iter::empty())));
        }
    }
}

impl core::fmt::Debug for CardwrightSkzi {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CardwrightSkzi").finish_non_exhaustive()
    }
}

fn query_of(given: &CardwrightSkziQuery) -> Result<SkziQuery<'_>, Error> {
    Ok(SkziQuery {
        object_type: nullable!(given.object_type),
        skzi_type_id: nullable!(given.skzi_type_id),
        serial_number: nullable!(given.serial_number),
        instance_number: nullable!(given.instance_number),
        state: nullable!(given.state),
        user_name: nullable!(given.user_name),
        start_date: nullable!(given.start_date),
        end_date: nullable!(given.end_date),
        offset: (given.has_offset != 0).then_some(given.offset),
        count: (given.has_count != 0).then_some(given.count),
    })
}

/// Lists the register of SKZI of Indeed CM 7.1: the entries that a query finds, or all for `NULL`. Nothing is sent before
/// the first is asked for. Free `*skzi` with `cardwright_skzi_free`.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` for an older generation than G7, and for MIM CM.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_skzi(
    client: *const CardwrightClient, query: *const CardwrightSkziQuery, skzi: *mut *mut CardwrightSkzi,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, skzi) = from_c!(client, skzi);
        let query = nullable!(query);
        let query = query.as_deref().map_or(Ok(SkziQuery::default()), query_of)?;
        let coming = client.0.skzi(&query).map_err(noted)?;
        let entries = RwLock::new(Entries { coming, last: String::new() });
        let list = CardwrightSkzi { process: Process::current(), entries, client: Arc::clone(&client.0) };
        skzi.put(into_raw(list));
    })
}

/// The next entry: a JSON object as the server sent it, of which the vendor documents no field. It belongs to the list
/// until the next call; its `data` is `NULL` past the last.
///
/// An entry that cannot be read gives a code from 301 on, after which the next one can be asked for. After a code from
/// 601 on there are no more; `CARDWRIGHT_CODE_NOT_FOUND` if the server keeps no register.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_skzi_next(
    skzi: *mut CardwrightSkzi, entry: *mut CardwrightText, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (skzi, entry) = from_c!(skzi, entry);
        if !skzi.process.is_current() {
            return Err(about("skzi", noted(client::http::Error::other_process("a list"))));
        }
        skzi.client.check_canceled()?;
        let mut entries = write(&skzi.entries, "skzi")?;
        match entries.coming.next().transpose().map_err(noted)? {
            Some(json) => {
                entries.last = json;
                entry.put(CardwrightText::of(&entries.last));
            }
            None => entry.put(CardwrightText::NONE),
        }
    })
}

/// Frees a list, which need not have been read to the end. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_skzi_free(skzi: *mut CardwrightSkzi) {
    free!(skzi)
}

//! Clients of both APIs, with an operating system below.

mod bulk;
mod by_id;
mod card;
mod cards;
mod certificate;
mod doctor;
mod follow;
mod generation;
mod handle;
mod new;
mod operate;
mod operations;
mod options;
mod own;
mod plan;
mod raw;
mod records;
mod sign_in;
mod skzi;

pub use bulk::*;
pub use by_id::{cardwright_client_operate_by_id, cardwright_client_plan_by_id};
pub use card::*;
pub use cards::*;
pub use certificate::{CardwrightClientCertificate, CardwrightSign, CardwrightSignatureScheme};
pub use doctor::*;
pub use follow::*;
pub use generation::*;
pub use handle::{CardwrightClient, cardwright_client_cancel, cardwright_client_explain, cardwright_client_free};
pub use new::cardwright_client_new;
pub use operate::*;
pub use operations::*;
pub use options::*;
pub use own::*;
pub use plan::*;
pub use raw::*;
pub use records::*;
pub use sign_in::{
    CardwrightClientAuth, CardwrightDeviceCode, CardwrightMutual, CardwrightOidc, CardwrightPrompt, CardwrightScheme,
    CardwrightSignIn,
};
pub use skzi::*;

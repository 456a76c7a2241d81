//! Proxies: which one a request goes through, and how.
//!
//! | request | HTTP proxy | SOCKS proxy |
//! |---|---|---|
//! | `https` | through a tunnel, by CONNECT | through a connection of the proxy |
//! | `http` | to the proxy itself, in absolute form | the same |
//!
//! A request that should go through a proxy never goes past it. A proxy that refuses is named, with the schemes by which
//! it wants users to sign in, and its words.

mod absolute;
mod address;
mod answer;
mod challenges;
mod connector;
mod digest;
mod environment;
mod exceptions;
mod forwarded;
mod refusal;
mod route;
mod sign_in;
mod socks;
mod tunnel;

pub(crate) use absolute::target;
pub use address::{ProxyAddress, ProxyProtocol};
pub(crate) use answer::{Framing, NoHead, read_head};
pub(crate) use connector::ProxyConnector;
pub(crate) use environment::Proxies;
pub use environment::proxy_for;
pub(crate) use forwarded::asked;
pub use refusal::{ProxyFault, ProxyRefusal, ProxyUnreachable};
pub(crate) use route::Route;
pub(crate) use sign_in::{Asked, Asking, Failed};

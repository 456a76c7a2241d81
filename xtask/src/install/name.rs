//! How the shared library is called, and its version.

/// The version of the interface: what programs that are linked with the shared library ask for.
pub(crate) const SONAME: &str =
    concat!("libcardwright.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
/// The shared library itself.
pub(crate) const SHARED: &str = concat!("libcardwright.so.", env!("CARGO_PKG_VERSION"));
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

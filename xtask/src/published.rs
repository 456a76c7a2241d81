//! Which of our crates one would publish, and where each of them is.

/// A crate that is published.
pub(crate) struct Crate {
    /// Its name in Cargo.toml.
    pub(crate) package: &'static str,
    /// Its folder.
    pub(crate) folder: &'static str,
    /// Whether programs in Rust stand on it: it has a public interface and a front page.
    pub(crate) library: bool,
}

impl Crate {
    const fn library(package: &'static str, folder: &'static str) -> Crate {
        Crate { package, folder, library: true }
    }

    /// What the changelog calls it: without what all have in common.
    pub(crate) fn short(&self) -> &'static str {
        self.package.strip_prefix("cardwright-").unwrap_or(self.package)
    }

    /// What the compiler calls its library.
    pub(crate) fn name(&self) -> String {
        self.package.replace('-', "_")
    }
}

/// What a crate needs stands before it.
pub(crate) const CRATES: &[Crate] = &[
    Crate::library("cardwright-core", "core"),
    Crate::library("cardwright-reader", "reader"),
    Crate::library("cardwright-http", "http"),
    Crate::library("cardwright-client", "client"),
    Crate::library("cardwright", "desk"),
    Crate::library("cardwright-server", "server"),
    Crate { package: "cardwright-cli", folder: "cli", library: false },
];

/// Those with a public interface.
pub(crate) fn libraries() -> impl Iterator<Item = &'static Crate> {
    CRATES.iter().filter(|of| of.library)
}

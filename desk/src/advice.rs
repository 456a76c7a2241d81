//! What to tell a person about a system: what it lacks, and what was perhaps meant.

/// What to tell about one system.
#[derive(Debug)]
pub(crate) struct Advice {
    /// Why the system takes no revocation reason, where it takes none.
    pub(crate) refuses_reason: Option<&'static str>,
    /// Why the system takes no comment, where it takes none.
    pub(crate) refuses_comment: Option<&'static str>,
    /// Why the system finds no card by its user, where it does not.
    pub(crate) refuses_user: Option<&'static str>,
    /// Words that the system does not have, and what was perhaps meant.
    pub(crate) instead_of: &'static [(&'static str, &'static str)],
    /// How to name the cards of a list, where no filter names them.
    pub(crate) no_filter: &'static str,
    /// What the base of the API looks like.
    pub(crate) base: &'static str,
}

pub(crate) const CERTIFLOW: Advice = Advice {
    refuses_reason: None,
    refuses_comment: Some("CertiFlow takes no comment with an operation"),
    refuses_user: None,
    instead_of: &[
        ("retire", "CertiFlow takes a revoked card from its user by Withdraw"),
        ("reinstate", "CertiFlow lifts a hold by Enable"),
    ],
    no_filter: "give a filter such as --state, --from FILE, or --all",
    base: "the base is https://HOST/certiflow/api, /cm/api, /keybox/api, or /icmapi for G1",
};

pub(crate) const MIM: Advice = Advice {
    refuses_reason: Some("MIM CM takes no revocation reason"),
    refuses_comment: None,
    refuses_user: Some("MIM CM finds no card by its user"),
    instead_of: &[
        ("disable", "what MIM CM calls Disabled is final: it is the state after Revoke"),
        ("withdraw", "the end of a card is Retire in MIM CM"),
    ],
    no_filter: "give --from FILE, or --all for all of the account's own cards",
    base: "the base is https://HOST/CertificateManagement, without api/v1.0",
};

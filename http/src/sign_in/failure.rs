//! A scheme that could not be used, and what a sign-in as a whole came to.

use super::cause::SignInCause;
use super::scheme::Scheme;
use cardwright_core::Named as _;
use std::fmt;

/// Why a scheme cannot be used.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) why: String,
    /// Whether a server has checked the password, so that it must not be tried again.
    pub(crate) password_checked: bool,
    /// The same as a fact, where it is one of those that are told apart.
    pub(crate) cause: Option<SignInCause>,
}

impl Failure {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Failure { why: why.into(), password_checked: false, cause: None }
    }
}

impl From<SignInCause> for Failure {
    fn from(cause: SignInCause) -> Self {
        Failure { why: cause.to_string(), password_checked: false, cause: Some(cause) }
    }
}

/// What a server offered, what was tried, and what was chosen, without secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The schemes of the server's last refusal, in its own words.
    pub offered: Vec<String>,
    /// Each scheme that was considered, with its outcome or the reason why it was not tried.
    pub tried: Vec<(Scheme, String)>,
    /// The scheme by which the user signed in.
    pub chosen: Option<Scheme>,
    /// Why nobody was let in, if that is known: of several causes the one that explains most.
    pub cause: Option<SignInCause>,
}

impl Explanation {
    /// Notes what became of a scheme.
    pub(super) fn note(&mut self, scheme: Scheme, outcome: &str, cause: Option<&SignInCause>) {
        let noted = (scheme, outcome.to_string());
        if !self.tried.contains(&noted) {
            self.tried.push(noted);
        }
        let weight = |cause: &SignInCause| cause.weight();
        if cause.map(weight) > self.cause.as_ref().map(weight) {
            self.cause = cause.cloned();
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = self.cause.as_ref().map(SignInCause::to_string);
        // The outcome may have more to say of the cause.
        let told = self.tried.iter().map(|(_, outcome)| outcome);
        let told = cause.as_ref().and_then(|cause| { told }.find(|outcome| outcome.starts_with(cause.as_str())));
        if let Some(cause) = told.or(cause.as_ref()) {
            write!(f, "{cause}; ")?;
        }
        match self.offered.as_slice() {
            [] => f.write_str("the server offered nothing")?,
            offered => write!(f, "the server offers {}", offered.join(", "))?,
        }
        for (scheme, outcome) in self.tried.iter().filter(|(_, outcome)| told != Some(outcome)) {
            write!(f, "; {}: {outcome}", scheme.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kerberos_said_is_not_lost_behind_what_others_say() {
        let kerberos = SignInCause::AccountDisabled { name: "gone@AD.EXAMPLE.COM".into() };
        let ntlm = SignInCause::Refused {
            scheme: Scheme::Ntlm,
            user: "gone@AD.EXAMPLE.COM".into(),
            binding: super::super::cause::Binding::NoTls,
        };
        for order in [[&kerberos, &ntlm], [&ntlm, &kerberos]] {
            let mut explanation = Explanation::default();
            order.into_iter().for_each(|cause| explanation.note(Scheme::Ntlm, &cause.to_string(), Some(cause)));
            assert_eq!(explanation.cause.as_ref(), Some(&kerberos));
            let text = explanation.to_string();
            assert!(text.starts_with("the account gone@AD.EXAMPLE.COM is disabled or locked"), "{text}");
            assert_eq!(text.matches("disabled").count(), 1, "{text}");
        }
    }

    #[test]
    fn a_name_without_a_suffix_may_be_one_of_the_servers_own() {
        let unknown = |name: &str| SignInCause::NameUnknown { name: name.into(), realm: "R".into() };
        let binding = super::super::cause::Binding::NoTls;
        let refused = SignInCause::Refused { scheme: Scheme::Ntlm, user: "u".into(), binding };
        assert!(unknown("u@r").weight() > refused.weight() && refused.weight() > unknown("S\\u").weight());
    }
}

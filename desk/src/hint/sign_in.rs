//! Accounts that are not let in.
//!
//! Each cause has its own step. A person who gave a user and a password is never told to give them.

use super::step::Hint;
use cardwright_client::http::{Binding, Error, Scheme, SignInCause};
use cardwright_core::{Code, Named as _};
use std::borrow::Cow;

/// The next step after a sign-in that failed.
pub(crate) fn after(error: &Error) -> Hint {
    match (error.sign_in_cause(), error.code()) {
        (Some(cause), _) => Some(next(cause)),
        (None, Code::SignIn) => Some("cardwright doctor explains what the server wants".into()),
        (None, Code::Forbidden) if error.as_answer().is_some_and(|answer| answer.is_page) => Some(
            "a page refuses, and not the API: what stands in front of it, a proxy or a gateway, or IIS itself; its \
             administrator knows why. --tls system with --client-cert shows a client certificate that is asked for late"
                .into(),
        ),
        (None, Code::Forbidden) => Some("the account lacks a privilege; an administrator grants it".into()),
        _ => None,
    }
}

/// The next step after a cause.
pub(crate) fn next(cause: &SignInCause) -> Cow<'static, str> {
    use SignInCause::*;
    match cause {
        NothingGiven { ticket: Some(principal), .. } => {
            format!("a Kerberos ticket of {principal} is at hand: --auth negotiate uses it").into()
        }
        NothingGiven { offered, .. } => nothing_given(offered).into(),
        NotOffered { offered } => not_offered(offered).into(),
        NotAllowed { offered } => format!(
            "the server takes what --auth leaves out: leave --auth out, or name one of {}",
            offered.join(", ")
        )
        .into(),
        NameUnknown { .. } => "check the name: NAME@SUFFIX is the account's UPN (User logon name) in the directory, and \
             DOMAIN\\NAME its name from before Windows 2000"
            .into(),
        RealmUnknown { realm } if realm.is_empty() => {
            "write the user as NAME@DOMAIN, for NTLM alone as DOMAIN\\NAME; or have default_realm set in krb5.conf".into()
        }
        RealmUnknown { realm } => format!(
            "is {realm} right? DNS must have _kerberos._tcp.{realm} (does this machine use the organisation's DNS?), or \
             krb5.conf must name its KDC"
        )
        .into(),
        KdcUnreachable { .. } => {
            "is this machine in the organisation's network (VPN), and port 88 to the domain controllers open? krb5.conf \
             may name an old one"
                .into()
        }
        PasswordWrong { .. } => "correct the password before it is sent again: a few wrong ones lock the account".into(),
        PasswordExpired { name } => format!(
            "change the password first, by kpasswd {name} or at a Windows machine of the domain; then use the new one here"
        )
        .into(),
        AccountDisabled { .. } => {
            "an administrator of the domain unlocks or enables the account; another password does not help".into()
        }
        AccountExpired { .. } => "an administrator of the domain sets a later end for the account".into(),
        AccountRestricted { .. } => {
            "ask an administrator of the domain for the account's logon hours and the machines it may use".into()
        }
        KeyWrong { .. } => {
            "have the keytab made again: the account's password has changed since, or the key version differs".into()
        }
        NoKey { .. } => "klist -k FILE shows whose keys the keytab has; --user NAME@REALM chooses one of them".into(),
        ClockSkew => {
            "set this machine's clock by the domain's time (NTP): Kerberos allows 5 minutes; cardwright doctor shows the \
             server's clock"
                .into()
        }
        ServiceUnknown { service } => format!(
            "use the server's own name in --url, or have an administrator of the domain register this one: setspn -S \
             {service} ACCOUNT, with the account that the service runs as"
        )
        .into(),
        NoTicket { name: None } => "run kinit, or give --keytab FILE".into(),
        NoTicket { name: Some(name) } => format!("run kinit {name}, or give --keytab FILE; klist shows what is there").into(),
        TicketExpired => "run kinit again".into(),
        EncryptionType => {
            "have AES switched on for the account in the domain and its password set anew, or look at permitted_enctypes \
             in krb5.conf"
                .into()
        }
        TicketRefused { service, binding } => ticket_refused(service, *binding).into(),
        Refused { binding: Binding::Off, scheme, .. } if *scheme != Scheme::Basic => {
            "leave --channel-binding off out: a server with Extended Protection refuses everybody without the channel \
             binding. Otherwise user or password is wrong"
                .into()
        }
        Refused { binding: Binding::Sent, .. } => {
            "correct user (DOMAIN\\NAME, or NAME@SUFFIX) and password before they are sent again: a locked account \
             or an expired password looks the same; behind a proxy that ends TLS, --channel-binding off is needed"
                .into()
        }
        Refused { .. } => {
            "correct user (DOMAIN\\NAME, or NAME@SUFFIX) and password before they are sent again, as a few wrong ones \
             lock the account; a locked account or an expired password looks the same"
                .into()
        }
        TokenRefused { error, .. } => token_refused(error.as_deref()).into(),
        ConnectionNotKept => {
            "have the load balancer or proxy before the server keep each client's connection to one server; Kerberos \
             (--auth negotiate) does without that"
                .into()
        }
        NoLibrary { .. } => "install the system's Kerberos library (Debian: apt-get install libgssapi-krb5-2)".into(),
        Unproven => "use Kerberos (--auth negotiate), or leave out that the server must prove itself".into(),
        InClear { .. } => "use the server's https address".into(),
        _ => "cardwright doctor explains what the server wants".into(),
    }
}

/// The next step where an issuer gave no token, by its word for it (RFC 6749, 5.2; RFC 8628, 3.5).
pub(crate) fn no_token(error: &Error) -> Hint {
    let known = match (error.oauth_error(), error.code()) {
        (Some("invalid_client"), _) => {
            "correct --client-id or the client's secret; the issuer may want it another way (basic or post): cardwright \
             doctor looks"
        }
        (Some("unauthorized_client" | "unsupported_grant_type"), _) => {
            "have the issuer's administrator allow this client that kind of token: client credentials for a program, the \
             device code for a person"
        }
        (Some("invalid_scope"), _) => "correct --scope: the issuer does not give this client that scope",
        (Some("invalid_target" | "invalid_resource"), _) => {
            "correct --resource or --audience: it must be the address or identifier by which the issuer knows the server"
        }
        (Some("invalid_grant"), _) => "sign in again: what the token was asked by has expired or was withdrawn",
        (Some("access_denied"), _) => {
            "the sign-in was refused at the issuer: run the command again, and let it pass there"
        }
        (Some("expired_token"), _) => "run the command again, and type the code in time",
        (Some("invalid_request"), _) => {
            "the issuer misses something or takes something amiss: AD FS wants --resource, others --scope or --audience"
        }
        (Some("temporarily_unavailable" | "server_error"), _) => "try again later: the issuer itself has a fault",
        (_, Code::SignIn) => "are --issuer, --client-id and its secret right? cardwright doctor looks",
        (_, Code::NotFound) => "is --issuer right? Below it is /.well-known/openid-configuration",
        _ => return None,
    };
    Some(known.into())
}

fn offers(offered: &[String], scheme: Scheme) -> bool {
    offered.iter().any(|offer| offer.eq_ignore_ascii_case(scheme.name()))
}

fn nothing_given(offered: &[String]) -> &'static str {
    let password = [Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic].into_iter().any(|scheme| offers(offered, scheme));
    match (password, offers(offered, Scheme::Bearer)) {
        (false, true) => "give --issuer and --client-id for tokens of an issuer, or --token-file FILE",
        _ if offers(offered, Scheme::Negotiate) && cfg!(windows) => {
            "--auth negotiate uses your Windows account; or give --user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, \
             --password-file FILE or --password-command COMMAND"
        }
        _ if offers(offered, Scheme::Negotiate) => {
            "give --user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, --password-file FILE or --password-command \
             COMMAND; or run kinit and give --auth negotiate"
        }
        (true, true) => {
            "give --user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, --password-file FILE or --password-command \
             COMMAND; or --token-file FILE"
        }
        _ => {
            "give --user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, --password-file FILE or --password-command \
             COMMAND; cardwright doctor explains what the server wants"
        }
    }
}

fn not_offered(offered: &[String]) -> &'static str {
    let password = [Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic].into_iter().any(|scheme| offers(offered, scheme));
    match (password, offers(offered, Scheme::Bearer)) {
        (_, true) => "the server takes tokens: give --issuer and --client-id, or --token-file FILE",
        (true, false) if offers(offered, Scheme::Negotiate) => {
            "the server takes accounts of the domain: sign in by a user and a password, or by --auth negotiate"
        }
        (true, false) => "the server takes a user and a password alone",
        _ => "have Windows authentication, Basic or tokens switched on at the server; is the address that of the API?",
    }
}

fn ticket_refused(service: &str, binding: Binding) -> String {
    let own = format!(
        "{service} must be an SPN of the account that the service runs as (setspn -Q {service} shows whose it is), and the \
         clocks must agree; a server that takes NTLM alone needs --auth ntlm"
    );
    match binding {
        Binding::Sent => format!("{own}; behind a proxy that ends TLS, --channel-binding off is needed"),
        Binding::Off => {
            format!("leave --channel-binding off out: a server with Extended Protection refuses without; or {own}")
        }
        _ => own,
    }
}

fn token_refused(error: Option<&str>) -> &'static str {
    match error {
        Some("insufficient_scope") => "the token allows too little: name the scope that the server wants by --scope",
        Some("invalid_request") => {
            "the server cannot read the request with this token: is the address that of the API?"
        }
        _ => {
            "is the token for this server (--resource, --audience), from the issuer that it trusts, and not expired? \
             cardwright doctor shows what the token says"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What nobody is told who gave user and password.
    fn tells_to_give_them(step: &str) -> bool {
        step.contains("give --user") || step.contains("CARDWRIGHT_PASSWORD")
    }

    #[test]
    fn each_cause_has_the_step_that_helps() {
        use SignInCause::*;
        let (name, realm, service) = (|| "u@r".to_string(), || "R".to_string(), || "HTTP/h".to_string());
        let refused = |scheme, binding| Refused { scheme, user: name(), binding };
        let token = |error: &str| TokenRefused { error: Some(error.into()), description: None };
        let rows = [
            (NameUnknown { name: name(), realm: realm() }, "check the name"),
            (RealmUnknown { realm: realm() }, "_kerberos._tcp.R"),
            (RealmUnknown { realm: String::new() }, "default_realm"),
            (KdcUnreachable { realm: realm() }, "port 88"),
            (PasswordWrong { name: name() }, "correct the password"),
            (PasswordExpired { name: name() }, "kpasswd u@r"),
            (AccountDisabled { name: name() }, "unlocks or enables"),
            (AccountExpired { name: name() }, "later end"),
            (AccountRestricted { name: name() }, "logon hours"),
            (KeyWrong { name: name() }, "keytab made again"),
            (NoKey { name: name() }, "klist -k"),
            (ClockSkew, "clock"),
            (ServiceUnknown { service: service() }, "setspn -S HTTP/h ACCOUNT"),
            (NoTicket { name: None }, "kinit"),
            (NoTicket { name: Some(name()) }, "kinit u@r"),
            (TicketExpired, "kinit again"),
            (EncryptionType, "AES"),
            (TicketRefused { service: service(), binding: Binding::Sent }, "--channel-binding off is needed"),
            (TicketRefused { service: service(), binding: Binding::Off }, "leave --channel-binding off out"),
            (TicketRefused { service: service(), binding: Binding::NoTls }, "setspn -Q HTTP/h"),
            (refused(Scheme::Ntlm, Binding::Off), "leave --channel-binding off out"),
            (refused(Scheme::Ntlm, Binding::Sent), "--channel-binding off is needed"),
            (refused(Scheme::Ntlm, Binding::NoTls), "correct user"),
            (refused(Scheme::Basic, Binding::Off), "correct user"),
            (token("invalid_token"), "--audience"),
            (token("insufficient_scope"), "--scope"),
            (ConnectionNotKept, "load balancer"),
            (NoLibrary { why: String::new() }, "libgssapi-krb5-2"),
            (NotAllowed { offered: vec!["NTLM".into()] }, "leave --auth out"),
            (NotOffered { offered: vec!["Bearer".into()] }, "--token-file"),
            (NotOffered { offered: Vec::new() }, "switched on"),
            (InClear { why: String::new() }, "https"),
        ];
        for (cause, expected) in rows {
            let step = next(&cause);
            assert!(step.contains(expected), "{cause:?}: {step}");
            assert!(!tells_to_give_them(&step), "{cause:?}: {step}");
        }
    }

    #[test]
    fn who_gave_nothing_hears_what_the_server_takes() {
        let cause = |offered: &[&str], ticket: Option<&str>| SignInCause::NothingGiven {
            offered: offered.iter().map(|offer| offer.to_string()).collect(),
            ticket: ticket.map(str::to_string),
        };
        let step = next(&cause(&["Negotiate"], Some("operator@AD.EXAMPLE.COM")));
        assert_eq!(step, "a Kerberos ticket of operator@AD.EXAMPLE.COM is at hand: --auth negotiate uses it");
        for (offered, expected) in [
            (&["Negotiate", "NTLM"][..], "--auth negotiate"),
            (&["Basic"], "CARDWRIGHT_PASSWORD"),
            (&["Bearer"], "--issuer"),
            (&["Basic", "Bearer"], "--token-file"),
            (&[], "cardwright doctor"),
        ] {
            let step = next(&cause(offered, None));
            assert!(step.contains(expected), "{offered:?}: {step}");
            assert_eq!(tells_to_give_them(&step), offered != ["Bearer"], "{offered:?}: {step}");
        }
    }
}

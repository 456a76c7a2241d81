//! What the numbers of Kerberos say: minor statuses of the library, and errors of a KDC or a server.
//!
//! A number of RFC 4120, 7.5.9, stands at its offset from the library's base (`ERROR_TABLE_BASE_krb5`), and MIT and
//! Heimdal share the numbers of their own errors that are used here (`krb5_err.et`).

use crate::sign_in::SignInCause;

/// The base of the numbers.
const BASE: i32 = -1_765_328_384;

/// Who asked for what, for the words of a cause.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// The name as it was given; empty if none was.
    pub(super) name: String,
    /// The realm that was asked; empty if it is not known.
    pub(super) realm: String,
    /// Whether a key in a keytab proves who it is, and not a password.
    pub(super) by_key: bool,
}

/// The number of RFC 4120 or of the library, from its minor status.
pub(super) fn number(minor: u32) -> i32 {
    minor.cast_signed().wrapping_sub(BASE)
}

/// The cause that a number means while a credential is acquired.
pub(super) fn cause(number: i32, asked: &Asked) -> Option<SignInCause> {
    let (name, realm) = (asked.name.clone(), asked.realm.clone());
    Some(match number {
        // KDC_ERR_NAME_EXP
        1 => SignInCause::AccountExpired { name },
        // KDC_ERR_C_PRINCIPAL_UNKNOWN
        6 => SignInCause::NameUnknown { name, realm },
        // KDC_ERR_POLICY, KDC_ERR_CLIENT_NOTYET
        12 | 21 => SignInCause::AccountRestricted { name },
        // KDC_ERR_ETYPE_NOSUPP, KRB5_CONFIG_ETYPE_NOSUPP
        14 | 237 => SignInCause::EncryptionType,
        // KDC_ERR_CLIENT_REVOKED
        18 => SignInCause::AccountDisabled { name },
        // KDC_ERR_KEY_EXPIRED
        23 => SignInCause::PasswordExpired { name },
        // KDC_ERR_PREAUTH_FAILED; KRB_AP_ERR_BAD_INTEGRITY where the KDC gives its answer to anybody, and the password
        // does not open it
        24 | 31 if asked.by_key => SignInCause::KeyWrong { name },
        24 | 31 => SignInCause::PasswordWrong { name },
        // KRB_AP_ERR_TKT_EXPIRED
        32 => SignInCause::TicketExpired,
        // KRB_AP_ERR_TKT_NYV: the ticket begins in the future; KRB_AP_ERR_SKEW
        33 | 37 => SignInCause::ClockSkew,
        // KDC_ERR_WRONG_REALM without a way on, KRB5_REALM_UNKNOWN, KRB5_REALM_CANT_RESOLVE, KRB5_CONFIG_NODEFREALM,
        // KRB5_CONFIG_CANTOPEN
        68 | 154 | 220 | 224 | 135 => SignInCause::RealmUnknown { realm },
        // KDC_ERR_SVC_UNAVAILABLE, KRB5_KDC_UNREACH
        29 | 156 => SignInCause::KdcUnreachable { realm },
        // KRB5_KT_NOTFOUND, KRB5_KT_IOERR, KRB5_KT_FORMAT
        181 | 184 | 235 if asked.by_key => SignInCause::NoKey { name },
        // The same where the library looks for tickets after the keytab was of no use.
        141 | 195 | 199 if asked.by_key => SignInCause::NoKey { name },
        // KRB5_CC_NOTFOUND, KRB5_FCC_NOFILE, KRB5_CC_FORMAT
        141 | 195 | 199 => SignInCause::NoTicket { name: Some(name).filter(|name| !name.is_empty()) },
        _ => return None,
    })
}

/// The cause that a number means once there is a credential, and a ticket for the service is asked for.
pub(super) fn cause_at_service(number: i32, asked: &Asked, service: &str) -> Option<SignInCause> {
    match number {
        // KDC_ERR_S_PRINCIPAL_UNKNOWN; a realm of the service that is not known
        7 | 68 | 154 | 220 => Some(SignInCause::ServiceUnknown { service: service.to_string() }),
        _ => cause(number, asked),
    }
}

/// Whether a KDC may have checked the password.
pub(super) fn may_have_checked(cause: Option<&SignInCause>) -> bool {
    use SignInCause::*;
    !matches!(cause, Some(NameUnknown { .. } | RealmUnknown { .. } | KdcUnreachable { .. } | EncryptionType))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked { name: "u@r".into(), realm: "R".into(), by_key: false }
    }

    #[test]
    fn each_number_of_a_kdc_has_its_cause() {
        use SignInCause::*;
        let (name, realm) = (|| "u@r".to_string(), || "R".to_string());
        // MIT's krb5.h.
        for (minor, expected, checked) in [
            (-1_765_328_383, Some(AccountExpired { name: name() }), true),
            (-1_765_328_378, Some(NameUnknown { name: name(), realm: realm() }), false),
            (-1_765_328_372, Some(AccountRestricted { name: name() }), true),
            (-1_765_328_370, Some(EncryptionType), false),
            (-1_765_328_366, Some(AccountDisabled { name: name() }), true),
            (-1_765_328_363, Some(AccountRestricted { name: name() }), true),
            (-1_765_328_361, Some(PasswordExpired { name: name() }), true),
            (-1_765_328_360, Some(PasswordWrong { name: name() }), true),
            (-1_765_328_355, Some(KdcUnreachable { realm: realm() }), false),
            (-1_765_328_353, Some(PasswordWrong { name: name() }), true),
            (-1_765_328_352, Some(TicketExpired), true),
            (-1_765_328_347, Some(ClockSkew), true),
            (-1_765_328_316, Some(RealmUnknown { realm: realm() }), false),
            (-1_765_328_249, Some(RealmUnknown { realm: realm() }), false),
            (-1_765_328_243, Some(NoTicket { name: Some(name()) }), true),
            (-1_765_328_230, Some(RealmUnknown { realm: realm() }), false),
            (-1_765_328_228, Some(KdcUnreachable { realm: realm() }), false),
            (-1_765_328_189, Some(NoTicket { name: Some(name()) }), true),
            (-1_765_328_164, Some(RealmUnknown { realm: realm() }), false),
            (-1_765_328_160, Some(RealmUnknown { realm: realm() }), false),
            (-1_765_328_147, Some(EncryptionType), false),
            (-1_765_328_174, None, true),
            (100_005, None, true),
            (0, None, true),
        ] {
            let found = cause(number(i32::cast_unsigned(minor)), &asked());
            assert_eq!(found, expected, "{minor}");
            assert_eq!(may_have_checked(found.as_ref()), checked, "{minor}");
        }
    }

    #[test]
    fn a_key_is_no_password_and_a_service_no_account() {
        let by_key = Asked { by_key: true, ..asked() };
        assert_eq!(cause(24, &by_key), Some(SignInCause::KeyWrong { name: "u@r".into() }));
        assert_eq!(
            cause(number((-1_765_328_203_i32).cast_unsigned()), &by_key),
            Some(SignInCause::NoKey { name: "u@r".into() })
        );
        let unknown = SignInCause::ServiceUnknown { service: "HTTP/h".into() };
        assert_eq!(cause_at_service(7, &asked(), "HTTP/h"), Some(unknown));
        assert_eq!(cause(7, &asked()), None);
        assert_eq!(cause_at_service(37, &asked(), "HTTP/h"), Some(SignInCause::ClockSkew));
    }
}

//! The names by which a KDC may know an account, from what a person writes.
//!
//! An AD domain takes a UPN in any case and with any suffix as an enterprise name, which the KDC itself looks up
//! (RFC 6806, 5); there `name@NETBIOS` works the same way. Other KDCs know principals alone, whose realm is written in
//! capitals. So there are a few spellings, of which the likeliest comes first; the next one is tried only where a KDC
//! did not know the name, and so has not checked the password.
//!
//! The machine's own realm may be a foreign one: that of a sample krb5.conf, for one. It is asked for a name that does
//! not speak of it only where the server is of the same organisation, or where nothing but Kerberos may be used.

/// One spelling of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    /// As the library reads it.
    pub(super) text: String,
    /// Whether it is an enterprise name, with the realm after its last `@`.
    pub(super) enterprise: bool,
    /// The realm whose KDC is asked.
    pub(super) realm: String,
}

/// The machine's own realm, and how far it may be asked for any name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own<'o> {
    /// The realm, if the machine has one.
    pub(super) realm: Option<&'o str>,
    /// The host of the server.
    pub(super) host: &'o str,
    /// Whether nothing but Kerberos may be used.
    pub(super) alone: bool,
}

/// The spellings of a name, the likeliest first.
pub(super) fn spellings(name: &str, own: Own<'_>) -> Vec<Spelling> {
    let principal = |name: &str, realm: &str| Spelling {
        text: format!("{name}@{realm}"),
        enterprise: false,
        realm: realm.to_string(),
    };
    let enterprise = |name: &str, realm: &str| Spelling {
        text: format!("{name}@{realm}"),
        enterprise: true,
        realm: realm.to_string(),
    };
    let is_near = |realm: &str| same_organisation(realm, own.host);
    let mut found = Vec::new();
    if name.starts_with(".\\") {
        // Windows' sign for an account of the server itself, which no domain knows.
    } else if let Some((domain, name)) = name.split_once('\\') {
        let realm = domain.to_uppercase();
        let means = |own: &str| own.eq_ignore_ascii_case(domain) || first_label(own).eq_ignore_ascii_case(domain);
        let with_domain = format!("{name}@{domain}");
        match own.realm {
            Some(own) if means(own) => found.extend([principal(name, own), enterprise(&with_domain, own)]),
            Some(realm) if is_near(realm) || own.alone => found.push(enterprise(&with_domain, realm)),
            _ => {}
        }
        if domain.contains('.') && own.realm != Some(realm.as_str()) {
            found.push(principal(name, &realm));
        }
    } else if let Some((plain, suffix)) = name.rsplit_once('@') {
        let realm = suffix.to_uppercase();
        let is_realm = suffix == realm || own.realm == Some(suffix);
        let near = own.realm.filter(|own| is_near(own) || same_organisation(own, suffix));
        if is_realm {
            found.push(principal(plain, suffix));
        }
        found.extend(near.map(|own| enterprise(name, own)));
        if !is_realm {
            found.push(principal(plain, &realm));
        }
        if near.is_none() {
            found.push(enterprise(name, &realm));
            found.extend(own.realm.filter(|_| own.alone).map(|own| enterprise(name, own)));
        }
    } else {
        found.extend(own.realm.filter(|realm| is_near(realm) || own.alone).map(|realm| principal(name, realm)));
    }
    found
}

/// The spellings of a principal whose ticket or key lies on this machine.
pub(super) fn at_hand(name: &str) -> Vec<String> {
    let mut found = vec![name.to_string()];
    if let Some((plain, realm)) = name.rsplit_once('@')
        && realm.to_uppercase() != realm
    {
        found.push(format!("{plain}@{}", realm.to_uppercase()));
    }
    found
}

/// Whether two domains end in the same two labels.
fn same_organisation(one: &str, other: &str) -> bool {
    let ends = |domain: &str| {
        let mut labels = domain.trim_end_matches('.').rsplit('.');
        (labels.next().map(str::to_lowercase), labels.next().map(str::to_lowercase))
    };
    ends(one) == ends(other)
}

fn first_label(realm: &str) -> &str {
    realm.split('.').next().unwrap_or(realm)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, own: Own<'_>) -> String {
        // P principal, E enterprise name.
        let kind = |spelling: &Spelling| if spelling.enterprise { "E" } else { "P" };
        let found = spellings(name, own);
        found.iter().map(|spelling| format!("{} {}", kind(spelling), spelling.text)).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn the_likeliest_spelling_comes_first() {
        let own = "AD.EXAMPLE.COM";
        for (name, realm, expected) in [
            ("u@AD.EXAMPLE.COM", Some(own), "P u@AD.EXAMPLE.COM, E u@AD.EXAMPLE.COM@AD.EXAMPLE.COM"),
            ("u@ad.example.com", Some(own), "E u@ad.example.com@AD.EXAMPLE.COM, P u@AD.EXAMPLE.COM"),
            ("j.d@example.com", Some(own), "E j.d@example.com@AD.EXAMPLE.COM, P j.d@EXAMPLE.COM"),
            ("J.D@OTHER.ORG", Some(own), "P J.D@OTHER.ORG, E J.D@OTHER.ORG@AD.EXAMPLE.COM"),
            ("u@ad.example.com", None, "P u@AD.EXAMPLE.COM, E u@ad.example.com@AD.EXAMPLE.COM"),
            ("u@lower.realm", Some("lower.realm"), "P u@lower.realm, E u@lower.realm@lower.realm"),
            ("ADEX\\u", Some(own), "E u@ADEX@AD.EXAMPLE.COM"),
            ("ad\\u", Some(own), "P u@AD.EXAMPLE.COM, E u@ad@AD.EXAMPLE.COM"),
            ("ad.example.com\\u", Some(own), "P u@AD.EXAMPLE.COM, E u@ad.example.com@AD.EXAMPLE.COM"),
            ("other.org\\u", Some(own), "E u@other.org@AD.EXAMPLE.COM, P u@OTHER.ORG"),
            ("ADEX\\u", None, ""),
            ("u", Some(own), "P u@AD.EXAMPLE.COM"),
            ("u", None, ""),
            (".\\u", Some(own), ""),
        ] {
            let found = shown(name, Own { realm, host: "cards.example.com", alone: false });
            assert_eq!(found, expected, "{name} in {realm:?}");
        }
        assert_eq!(at_hand("u@ad.example.com"), ["u@ad.example.com", "u@AD.EXAMPLE.COM"]);
        assert_eq!(at_hand("u@AD.EXAMPLE.COM"), ["u@AD.EXAMPLE.COM"]);
        assert_eq!(at_hand("u"), ["u"]);
    }

    #[test]
    fn a_foreign_realm_is_not_asked_for_everybody() {
        let foreign = |alone| Own { realm: Some("ATHENA.MIT.EDU"), host: "cards.example.com", alone };
        for (name, expected, alone) in [
            ("u", "", "P u@ATHENA.MIT.EDU"),
            ("ADEX\\u", "", "E u@ADEX@ATHENA.MIT.EDU"),
            (
                "athena\\u",
                "P u@ATHENA.MIT.EDU, E u@athena@ATHENA.MIT.EDU",
                "P u@ATHENA.MIT.EDU, E u@athena@ATHENA.MIT.EDU",
            ),
            (
                "u@example.com",
                "P u@EXAMPLE.COM, E u@example.com@EXAMPLE.COM",
                "P u@EXAMPLE.COM, E u@example.com@EXAMPLE.COM, E u@example.com@ATHENA.MIT.EDU",
            ),
            ("u@mit.edu", "E u@mit.edu@ATHENA.MIT.EDU, P u@MIT.EDU", "E u@mit.edu@ATHENA.MIT.EDU, P u@MIT.EDU"),
        ] {
            assert_eq!((shown(name, foreign(false)).as_str(), shown(name, foreign(true)).as_str()), (expected, alone));
        }
    }
}

//! The names by which a KDC may know an account, from what a person writes.
//!
//! An AD domain takes a UPN in any case and with any suffix as an enterprise name, which the KDC itself looks up
//! (RFC 6806, 5); there `name@NETBIOS` works the same way. Other KDCs know principals alone, whose realm is written in
//! capitals. So there are a few spellings, of which the likeliest comes first; the next one is tried only where a KDC
//! did not know the name, and so has not checked the password.

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

/// The spellings of a name, the likeliest first, where the machine's own realm is this one, if it has one.
pub(super) fn spellings(name: &str, own: Option<&str>) -> Vec<Spelling> {
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
    let mut found = Vec::new();
    if let Some((domain, name)) = name.split_once('\\') {
        let realm = domain.to_uppercase();
        let is_own = |own: &str| own.eq_ignore_ascii_case(domain) || first_label(own).eq_ignore_ascii_case(domain);
        match own {
            Some(own) if is_own(own) => {
                found.extend([principal(name, own), enterprise(&format!("{name}@{domain}"), own)])
            }
            Some(own) => found.push(enterprise(&format!("{name}@{domain}"), own)),
            None => {}
        }
        if domain.contains('.') && own.is_none_or(|own| own != realm) {
            found.push(principal(name, &realm));
        }
    } else if let Some((plain, suffix)) = name.rsplit_once('@') {
        let realm = suffix.to_uppercase();
        let is_realm = suffix == realm || own == Some(suffix);
        if is_realm {
            found.push(principal(plain, suffix));
        }
        found.push(enterprise(name, own.unwrap_or(&realm)));
        if !is_realm {
            found.push(principal(plain, &realm));
        }
    } else {
        found.extend(own.map(|own| principal(name, own)));
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

fn first_label(realm: &str) -> &str {
    realm.split('.').next().unwrap_or(realm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_spelling_comes_first() {
        let own = "AD.EXAMPLE.COM";
        // P principal, E enterprise name.
        for (name, own, expected) in [
            ("u@AD.EXAMPLE.COM", Some(own), "P u@AD.EXAMPLE.COM, E u@AD.EXAMPLE.COM@AD.EXAMPLE.COM"),
            ("u@ad.example.com", Some(own), "E u@ad.example.com@AD.EXAMPLE.COM, P u@AD.EXAMPLE.COM"),
            ("j.d@example.com", Some(own), "E j.d@example.com@AD.EXAMPLE.COM, P j.d@EXAMPLE.COM"),
            ("J.D@EXAMPLE.COM", Some(own), "P J.D@EXAMPLE.COM, E J.D@EXAMPLE.COM@AD.EXAMPLE.COM"),
            ("u@ad.example.com", None, "E u@ad.example.com@AD.EXAMPLE.COM, P u@AD.EXAMPLE.COM"),
            ("u@lower.realm", Some("lower.realm"), "P u@lower.realm, E u@lower.realm@lower.realm"),
            ("ADEX\\u", Some(own), "E u@ADEX@AD.EXAMPLE.COM"),
            ("ad\\u", Some(own), "P u@AD.EXAMPLE.COM, E u@ad@AD.EXAMPLE.COM"),
            ("ad.example.com\\u", Some(own), "P u@AD.EXAMPLE.COM, E u@ad.example.com@AD.EXAMPLE.COM"),
            ("other.org\\u", Some(own), "E u@other.org@AD.EXAMPLE.COM, P u@OTHER.ORG"),
            ("ADEX\\u", None, ""),
            ("u", Some(own), "P u@AD.EXAMPLE.COM"),
            ("u", None, ""),
        ] {
            let kind = |spelling: &Spelling| if spelling.enterprise { "E" } else { "P" };
            let found: Vec<String> =
                spellings(name, own).iter().map(|spelling| format!("{} {}", kind(spelling), spelling.text)).collect();
            assert_eq!(found.join(", "), expected, "{name} in {own:?}");
        }
        assert_eq!(at_hand("u@ad.example.com"), ["u@ad.example.com", "u@AD.EXAMPLE.COM"]);
        assert_eq!(at_hand("u@AD.EXAMPLE.COM"), ["u@AD.EXAMPLE.COM"]);
        assert_eq!(at_hand("u"), ["u"]);
    }
}

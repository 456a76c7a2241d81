//! Which generations of CertiFlow's API a server has, and where: the bases, and what one may be.

use crate::Error;
use crate::bases::{MIM, overlap, taken};
use cardwright_core::Named as _;
use cardwright_core::certiflow::Dialect;
use core::fmt;
use core::str::FromStr;
use std::borrow::Cow;

/// A generation of CertiFlow's API, and the base below which it is served.
///
/// As a text it is `g5`, or `g5=/keybox/api` with a base of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    dialect: Dialect,
    base: Cow<'static, str>,
}

/// The characters of a base, besides letters and digits.
const MARKS: &str = "-._~/";

impl Generation {
    /// A generation at its usual base.
    #[must_use]
    pub const fn new(dialect: Dialect) -> Self {
        Generation { dialect, base: Cow::Borrowed(dialect.base()) }
    }

    /// The same at another base.
    ///
    /// # Errors
    /// [`Error::Base`] if that is no path, or one that the server needs for something else.
    pub fn at(self, base: &str) -> Result<Self, Error> {
        let wrong = |why: &str| Error::Base { base: base.to_owned(), why: why.to_owned() };
        if !base.starts_with('/') {
            return Err(wrong("it begins with /, such as /cm/api"));
        }
        let path = base.strip_suffix('/').unwrap_or(base);
        if path.strip_prefix('/').unwrap_or_default().split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(wrong("its parts have a name each, such as /cm/api"));
        }
        if !path.bytes().all(|byte| byte.is_ascii_alphanumeric() || MARKS.as_bytes().contains(&byte)) {
            return Err(wrong("it has letters and digits of ASCII, and of other characters - . _ and ~"));
        }
        if let Some(taken) = taken(path) {
            let why = if taken == MIM { "MIM CM's API is" } else { "what belongs to the server itself is" };
            return Err(wrong(&format!("{why} at {taken}")));
        }
        Ok(Generation { base: Cow::Owned(path.to_owned()), ..self })
    }

    /// Which generation.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The path below which it is served, with no slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn into_base(self) -> Cow<'static, str> {
        self.base
    }

    /// Those of a server that was told nothing: an old, a middle and the newest one, each at its usual base.
    pub fn usual() -> Vec<Generation> {
        [Dialect::G1, Dialect::G5, Dialect::G7].map(Generation::new).into()
    }

    /// Checks that a server can have all of them.
    ///
    /// # Errors
    /// [`Error::NoGeneration`] for none, [`Error::SameGeneration`] for one that is there twice, and
    /// [`Error::SameBase`] for two of which the base of one is that of the other, or below it.
    pub(crate) fn check(all: &[Generation]) -> Result<(), Error> {
        if all.is_empty() {
            return Err(Error::NoGeneration);
        }
        for (one, others) in all.iter().zip((1..).map(|next| all.get(next..).unwrap_or_default())) {
            if others.iter().any(|other| other.dialect == one.dialect) {
                return Err(Error::SameGeneration(one.dialect));
            }
            if let Some(other) = others.iter().find(|other| overlap(&one.base, &other.base)) {
                let instead = apart(one, all);
                let bases = [one, other].map(|generation| generation.base().to_owned());
                return Err(Error::SameBase { dialects: [one.dialect, other.dialect], bases, instead });
            }
        }
        Ok(())
    }
}

/// The same generations, of which this one has a base that no other has.
fn apart(moved: &Generation, all: &[Generation]) -> String {
    let is_free = |base: &str| all.iter().all(|other| other == moved || !overlap(&other.base, base));
    // It ends as clients know it.
    let front = moved.dialect.name().to_ascii_lowercase();
    let usual = moved.dialect.base();
    let mut bases = (0..).map(|more: usize| match more {
        0 => format!("/{front}{usual}"),
        more => format!("/{front}-{more}{usual}"),
    });
    let base = bases.find(|base| is_free(base)).unwrap_or_default();
    let words = all.iter().map(|one| match one == moved {
        true => Generation { base: Cow::Owned(base.clone()), ..one.clone() }.to_string(),
        false => one.to_string(),
    });
    words.collect::<Vec<_>>().join(",")
}

impl FromStr for Generation {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, base) = text.split_once('=').map_or((text, None), |(name, base)| (name, Some(base)));
        let dialect = Dialect::from_name(name.trim()).ok_or_else(|| Error::NoSuchGeneration(name.trim().to_owned()))?;
        let generation = Generation::new(dialect);
        base.map_or(Ok(generation.clone()), |base| generation.at(base.trim()))
    }
}

/// `g5`, or `g5=/keybox/api` for another base than the usual one.
impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dialect.name().to_ascii_lowercase())?;
        if self.base == self.dialect.base() { Ok(()) } else { write!(f, "={}", self.base) }
    }
}

#[cfg(test)]
mod tests {
    use super::Generation;
    use crate::Error;
    use cardwright_core::Named as _;
    use cardwright_core::certiflow::Dialect;

    fn all(texts: &[&str]) -> Vec<Generation> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_generation_is_written_as_it_is_read() {
        let mut seen = 0;
        for dialect in Dialect::ALL {
            let usual: Generation = dialect.name().parse().unwrap();
            assert_eq!((usual.dialect(), usual.base()), (*dialect, dialect.base()));
            assert_eq!(usual.to_string(), dialect.name().to_lowercase());
            for base in ["/x", "/KeyBox/api", "/a-b/c_d/e~f.g"] {
                let text = format!("{}={base}", dialect.name().to_lowercase());
                let own: Generation = text.parse().unwrap();
                assert_eq!((own.dialect(), own.base(), own.to_string()), (*dialect, base, text.clone()));
                let own: Generation = format!("{text}/").parse().unwrap();
                assert_eq!(own.base(), base, "a slash at the end is none of its parts");
                seen += 1;
            }
        }
        assert_eq!(seen, 21);
        assert_eq!("g6=/certiflow/api".parse::<Generation>().unwrap(), Generation::new(Dialect::G6));
    }

    #[test]
    fn a_base_is_a_path_that_nothing_else_has() {
        for (base, why) in [
            ("", "begins with /"),
            ("x", "begins with /"),
            ("https://h/x", "begins with /"),
            ("/", "its parts"),
            ("//x", "its parts"),
            ("/x//y", "its parts"),
            ("/x/../y", "its parts"),
            ("/x//", "its parts"),
            ("/a b", "letters and digits"),
            ("/a?b", "letters and digits"),
            ("/a#b", "letters and digits"),
            ("/a%2Fb", "letters and digits"),
            ("/карты", "letters and digits"),
            ("/{id}", "letters and digits"),
            ("/CertificateManagement", "MIM CM's API is at /CertificateManagement"),
            ("/certificatemanagement/api", "MIM CM's API is at /CertificateManagement"),
            ("/_cardwright", "at /_cardwright/v1"),
            ("/_cardwright/v2", "at /_cardwright/v1"),
            ("/x/_Cardwright/y", "at /_cardwright/v1"),
            ("/_Sandbox/x", "at /_sandbox"),
            ("/health", "at /health"),
            ("/HEALTH/live", "at /health"),
        ] {
            let told = Generation::new(Dialect::G6).at(base).unwrap_err().to_string();
            assert!(told.contains(why) && told.contains(&format!("{base:?}")), "{base}: {told}");
        }
        for base in ["/healthy", "/cm", "/x/health", "/CertificateManagement2"] {
            assert!(Generation::new(Dialect::G6).at(base).is_ok(), "{base}");
        }
        for name in ["g0", "g8", "", "7", "certiflow", "g6:/x"] {
            let told = name.parse::<Generation>().unwrap_err().to_string();
            assert!(told.contains("G1, G2, G3, G4, G5, G6 or G7") && told.contains(&format!("{name:?}")), "{told}");
        }
    }

    #[test]
    fn two_generations_have_two_bases() {
        for good in [
            &["g1", "g5", "g7"][..],
            &["g7"],
            &["g6=/cm6/api", "g7"],
            &["g1=/a", "g2=/b", "g3=/c", "g4=/d", "g5=/e", "g6=/f", "g7=/g"],
            &["g5=/keybox/api", "g6=/cm/api"],
            &["g6=/certiflow", "g7=/certiflow2/api"],
        ] {
            Generation::check(&all(good)).unwrap();
        }
        let mut seen = 0;
        for wrong in [
            &["g6", "g7"][..],
            &["g1", "g4"],
            &["g7", "g5=/certiflow/API"],
            &["g1=/a", "g2=/a/b"],
            &["g1=/a/b", "g2=/A"],
            &["g7=/g6/certiflow/api", "g5", "g6=/g6"],
            &["g1", "g2", "g3=/g1/icmapi", "g7"],
        ] {
            let wrong = all(wrong);
            let told = Generation::check(&wrong).unwrap_err();
            let Error::SameBase { dialects, instead, .. } = &told else { panic!("{told:?}") };
            for dialect in dialects {
                assert!(told.to_string().contains(dialect.name()), "{told}");
            }
            assert!(told.to_string().contains(instead.as_str()), "{told}");
            let right: Vec<Generation> = instead.split(',').map(|text| text.parse().unwrap()).collect();
            let overlaps = |all: &[Generation]| {
                let still = Generation::check(all);
                matches!(still, Err(Error::SameBase { dialects: [first, _], .. }) if first == dialects[0])
            };
            assert!(!overlaps(&right), "{told}");
            assert_eq!(right.len(), wrong.len());
            seen += 1;
        }
        assert_eq!(seen, 7);
        assert!(matches!(Generation::check(&[]), Err(Error::NoGeneration)));
        let twice = Generation::check(&all(&["g7", "g7=/x"])).unwrap_err();
        assert!(matches!(twice, Error::SameGeneration(Dialect::G7)) && twice.to_string().contains("G7"), "{twice}");
    }
}

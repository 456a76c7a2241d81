//! Names of invented people, as a directory writes them and as they write themselves.

use crate::random::Random;
use crate::uuid::version_4;
use cardwright_core::identity::Guid;

/// First names: in ASCII, and as written.
const FIRST: [(&str, &str); 24] = [
    ("ivan", "Ivan"),
    ("anna", "Anna"),
    ("zoe", "Zoë"),
    ("jose", "José"),
    ("soeren", "Søren"),
    ("bjoerk", "Björk"),
    ("lukasz", "Łukasz"),
    ("dmitri", "Дмитрий"),
    ("olga", "Ольга"),
    ("eleni", "Ελένη"),
    ("wei", "伟"),
    ("yuki", "由紀"),
    ("fatima", "Fatima"),
    ("john", "John"),
    ("mary", "Mary"),
    ("pedro", "Pedro"),
    ("ingrid", "Ingrid"),
    ("sean", "Seán"),
    ("chloe", "Chloé"),
    ("marek", "Marek"),
    ("petra", "Petra"),
    ("ali", "Ali"),
    ("grace", "Grace"),
    ("tomas", "Tomáš"),
];

/// Family names: in ASCII, and as written.
const FAMILY: [(&str, &str); 30] = [
    ("petrov", "Petrov"),
    ("weber", "Weber"),
    ("novak", "Novák"),
    ("garcia", "García"),
    ("mueller", "Müller"),
    ("ivanova", "Иванова"),
    ("smith", "Smith"),
    ("jones", "Jones"),
    ("oconnor", "O'Connor"),
    ("nielsen", "Nielsen"),
    ("kowalski", "Kowalski"),
    ("papadopoulos", "Παπαδόπουλος"),
    ("wang", "王"),
    ("tanaka", "田中"),
    ("hansen", "Hansen"),
    ("dubois", "Dubois"),
    ("rossi", "Rossi"),
    ("silva", "Silva"),
    ("korhonen", "Korhonen"),
    ("lindqvist", "Lindqvist"),
    ("szabo", "Szabó"),
    ("popescu", "Popescu"),
    ("yilmaz", "Yılmaz"),
    ("hassan", "Hassan"),
    ("brown", "Brown"),
    ("davies", "Davies"),
    ("fischer", "Fischer"),
    ("schmidt", "Schmidt"),
    ("horvat", "Horvat"),
    ("jansen", "Jansen"),
];

/// A person, with or without a card.
pub(super) struct Person {
    pub(super) user: Guid,
    /// `DOMAIN\LogonName`.
    pub(super) name: String,
    pub(super) upn: String,
    /// As they write their name.
    pub(super) display: String,
}

/// The `n`th person of a seed.
pub(super) fn person(seed: u64, n: u64) -> Person {
    let at = |list: &'static [(&'static str, &'static str)], n: u64| {
        let index = usize::try_from(n % list.len() as u64).unwrap_or(0);
        list.get(index).copied().unwrap_or_default()
    };
    let round = n / (FIRST.len() as u64 * FAMILY.len() as u64);
    let first = at(&FIRST, n);
    // Within a round each first name meets each family name once, and neighbours differ in both.
    let family = at(&FAMILY, n / FIRST.len() as u64 + 7 * (n % FIRST.len() as u64));
    let number = if round == 0 { String::new() } else { (round + 1).to_string() };
    let logon = format!("{}.{}{number}", first.0, family.0);
    let mut random = Random::new(seed ^ n.wrapping_mul(0xA24B_AED4_963E_E407));
    Person {
        user: version_4(random.bytes()),
        name: format!("DEMO\\{logon}"),
        upn: format!("{logon}@demo.example"),
        display: format!("{} {}", first.1, family.1),
    }
}

#[cfg(test)]
mod tests {
    use super::person;
    use std::collections::HashSet;

    #[test]
    fn no_two_people_have_one_name() {
        let names: HashSet<_> = (0..10_000).map(|n| person(1, n).name).collect();
        assert_eq!(names.len(), 10_000);
    }
}

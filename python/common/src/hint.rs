//! The next step after an error in the words of the package, made of the command's.
//!
//! An option of the command is a parameter in Python, of the same name but for those that stand here.

/// What the command calls otherwise than the package, the longer before what it begins with.
const WORDS: &[(&str, &str)] = &[
    ("cardwright doctor", "client.doctor()"),
    ("cardwright operations CARD", "client.operations(card)"),
    ("cardwright card --serial", "client.find(serial)"),
    (
        "--user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, --password-file FILE or --password-command COMMAND",
        "auth=(user, password)",
    ),
    (
        "sign in by a user and a password, or by --auth negotiate",
        "sign in by auth=SignIn(user, password) or auth=Negotiate()",
    ),
    ("--auth negotiate", "auth=Negotiate()"),
    ("--auth ntlm", "auth=Ntlm(user, password)"),
    ("--auth", "schemes="),
    ("--issuer and --client-id", "auth=Oidc(issuer, client_id, secret)"),
    ("--token-file FILE", "auth=Bearer(token)"),
    ("--token-file", "auth=Bearer(token)"),
    ("--keytab FILE", "auth=Negotiate(keytab=FILE)"),
    ("--user NAME@REALM", "principal=NAME@REALM"),
    ("--channel-binding off", "channel_bindings=False"),
    ("--client-cert FILE", "certificate=ClientCertificate(FILE)"),
    ("--client-cert", "certificate="),
    ("--check off", "check=\"off\""),
    ("--proxy none", "proxy=False"),
    ("--tls system", "tls=\"system\""),
    ("the address in --url", "the address"),
    ("--url", "the address"),
    ("--dialect g", "dialect=g"),
    ("--of USER, such as --of user@example.com,", "user=, such as user=\"user@example.com\","),
    ("--of USER, such as --of user@example.com", "user=, such as user=\"user@example.com\""),
    ("--of", "user="),
    ("--type", "card_type="),
    ("--tag", "tags="),
];

/// The next step in the words of the package.
pub(crate) fn in_python(hint: &str) -> String {
    let mut said = String::with_capacity(hint.len());
    let mut rest = hint;
    while let Some(first) = rest.chars().next() {
        if let Some((word, ours)) = WORDS.iter().find(|(word, _)| starts_with_word(rest, word)) {
            said.push_str(ours);
            rest = rest.get(word.len()..).unwrap_or_default();
        } else if let Some(option) = rest.strip_prefix("--").filter(|option| option.starts_with(is_of_option)) {
            let end = option.find(|c| !is_of_option(c)).unwrap_or(option.len());
            let (name, after) = option.split_at(end);
            said.push_str(&name.replace('-', "_"));
            said.push('=');
            rest = after.strip_prefix(' ').filter(|value| value.starts_with(is_value)).unwrap_or(after);
        } else {
            said.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    said
}

/// Whether a text begins with this word, and the word ends there.
fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|after| !after.starts_with(is_of_option))
}

/// What the name of an option is made of.
fn is_of_option(c: char) -> bool {
    c.is_ascii_lowercase() || c == '-'
}

/// What stands for a value behind an option: `FILE`.
fn is_value(c: char) -> bool {
    c.is_ascii_uppercase()
}

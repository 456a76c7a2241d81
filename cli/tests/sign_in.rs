//! Kerberos, NTLM, Basic and tokens by the command, and the book's examples of them, against Apache.

mod common;

use cardwright_testkit::realm::{Place, in_lab};
use common::{Done, cardwright, run};

/// The command in the realm of the lab, in a folder of its own with a keytab and a password.
fn in_realm(place: &Place, way: &str, password: &str, arguments: &[&str]) -> Done {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let nth = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("cardwright-sign-in-{}-{nth}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("password"), password).expect("a file");
    std::fs::write(folder.join("token"), "a.token.of-nobody").expect("a file");
    std::fs::copy(place.file("batch.keytab"), folder.join("batch.keytab")).expect("a keytab");
    let mut command = cardwright(arguments);
    command.current_dir(&folder).env("CARDWRIGHT_URL", place.url(way)).env("PATH", "/usr/bin:/bin");
    command.env("KRB5_CONFIG", place.file("krb5.conf"));
    command.env("KRB5CCNAME", format!("FILE:{}", place.file("ccache").display()));
    let done = run(&mut command);
    let _ = std::fs::remove_dir_all(&folder);
    done
}

const ANNA: &str = "Anna-Passw0rd";

#[test]
fn the_books_examples_of_signing_in_run() {
    in_lab("the_books_examples_of_signing_in_run", |place| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/sign-in.md");
        let text = std::fs::read_to_string(path).expect("docs/sign-in.md");
        let (_, after) = text.split_once("<!-- run: sign-in -->\n```sh\n").expect("the examples");
        let (examples, _) = after.split_once("```").expect("their end");
        let mut count = 0;
        for example in examples.lines().filter(|line| !line.starts_with("kinit")) {
            let words = example.split('#').next().unwrap_or("").split_whitespace();
            // The realm, the domain and its users stand for the reader's own.
            let words: Vec<String> = words
                .map(|word| word.trim_matches('\'').replace("EXAMPLE.COM", "EXAMPLE.TEST"))
                .map(|word| if word == r"EXAMPLE\operator" { r"CORP\anna".to_string() } else { word })
                .collect();
            let words: Vec<&str> = words.iter().map(String::as_str).skip(1).collect();
            let (way, password) = match example {
                _ if example.contains("negotiate") || example.contains("keytab") => ("kerberos", "operator-password"),
                _ if example.contains("--auth basic") => ("basic", ANNA),
                _ => ("ntlm", ANNA),
            };
            let words: Vec<&str> =
                words.iter().map(|word| if way == "basic" && *word == r"CORP\anna" { "anna" } else { word }).collect();
            let done = in_realm(place, way, password, &words);
            // There is no issuer of tokens here; that one is refused.
            let code = if example.contains("--token-file") { 5 } else { 0 };
            assert_eq!(done.code, code, "{example}: {done:?}");
            count += 1;
        }
        println!("sign-in: {count} examples");
        assert!(count >= 6);
    });
}

#[test]
fn doctor_says_who_is_let_in_by_what_and_explains_a_refusal() {
    in_lab("doctor_says_who_is_let_in_by_what_and_explains_a_refusal", |place| {
        let by_password = ["--user", r"CORP\anna", "--password-file", "password"];
        for (way, password, arguments, code, expected) in [
            ("ntlm", ANNA, &by_password[..], 0, r"CORP\anna is let in by NTLM; it offers Negotiate, NTLM"),
            ("kerberos", "", &["--auth", "negotiate"], 0, "the identity at hand is let in by Negotiate"),
            ("kerberos", "", &[], 5, "a Kerberos ticket of operator@EXAMPLE.TEST is at hand: --auth negotiate uses it"),
            ("ntlm", "wrong", &by_password, 5, r"has refused user or password of CORP\anna by NTLM"),
            ("kerberos", ANNA, &by_password, 5, "Kerberos takes a user as name@REALM"),
            ("basic", "", &["--auth", "negotiate"], 5, "the server offers Basic; Basic: not allowed"),
            ("kerberos", "", &["--auth", "none", "--user", "x"], 5, "nobody is not let in"),
        ] {
            let done = in_realm(place, way, password, &[&["doctor"], arguments].concat());
            assert!(done.code == code && done.out.contains(expected), "{way} {arguments:?}: {expected}: {done:?}");
        }
    });
}

#[test]
fn what_does_not_fit_together_is_refused_before_anything_is_sent() {
    in_lab("what_does_not_fit_together_is_refused_before_anything_is_sent", |place| {
        for (arguments, expected) in [
            (&["--auth", "ntlm", "--token-file", "token"][..], "a token is of no use for NTLM"),
            (&["--auth", "basic", "--keytab", "batch.keytab"], "a keytab is of no use for Basic"),
            (&["--auth", "bearer", "--user", "x"], "no token for Bearer"),
            (&["--auth", "ntlm"], "a password without a user"),
            (&["--auth", "kerberos"], "expected auto, none, oidc, or of negotiate, ntlm, basic, bearer"),
            (
                &["--auth", "basic", "--user", "x", "--password-file", "password", "--url", "http://h.example/cm/api"],
                "plain HTTP",
            ),
        ] {
            let done = in_realm(place, "ntlm", ANNA, &[&["cards"], arguments].concat());
            assert!(done.code == 2 && done.err.contains(expected), "{arguments:?}: {done:?}");
        }
    });
}

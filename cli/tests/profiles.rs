//! Profiles in a config file, and where passwords come from.

mod common;

use cardwright_server::Running;
use common::process::folder;
use common::{Done, PASSWORD, cardwright, run, server};
use std::path::{Path, PathBuf};

/// A folder with a config file and a password file, gone at the end.
struct Home(PathBuf);

impl Home {
    fn new(name: &str, config: &str) -> Self {
        let home = folder(name);
        std::fs::create_dir_all(home.join("cardwright")).expect("a folder");
        std::fs::write(home.join("cardwright/config.toml"), config).expect("a file");
        mode(&home.join("cardwright"), 0o700);
        mode(&home.join("cardwright/config.toml"), 0o600);
        let password = home.join("cardwright/password");
        std::fs::write(&password, format!("{PASSWORD}\n")).expect("a file");
        mode(&password, 0o600);
        Home(home)
    }

    fn run(&self, arguments: &[&str]) -> Done {
        run(cardwright(arguments).env("XDG_CONFIG_HOME", &self.0).env("PATH", "/usr/bin:/bin"))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

fn profile(running: &Running, more: &str) -> String {
    format!("[profile.test]\nurl = \"{}\"\nuser = \"viewer\"\n{more}\n", running.certiflow_url())
}

#[test]
fn a_profile_is_enough_to_list_cards() {
    let running = server();
    let home = Home::new("profile", &profile(&running, "password_file = 'password'"));
    let listed = home.run(&["cards", "--limit", "2", "--profile", "test"]);
    assert_eq!((listed.code, listed.err.contains("warning")), (0, false), "{listed:?}");
    // By the environment, and from a file that is named.
    let file = home.0.join("cardwright/config.toml");
    let mut command = cardwright(&["cards", "--limit", "2"]);
    let listed = run(command.env("CARDWRIGHT_PROFILE", "test").env("CARDWRIGHT_CONFIG", &file));
    assert_eq!(listed.code, 0, "{listed:?}");
    let listed = run(cardwright(&["cards", "--limit", "2", "--profile", "test", "--config"]).arg(&file));
    assert_eq!(listed.code, 0, "{listed:?}");
    // In ~/.config where XDG_CONFIG_HOME is not set.
    std::fs::create_dir(home.0.join(".config")).expect("a folder");
    std::fs::rename(home.0.join("cardwright"), home.0.join(".config/cardwright")).expect("moved");
    let listed = run(cardwright(&["cards", "--limit", "2", "--profile", "test"]).env("HOME", &home.0));
    assert_eq!(listed.code, 0, "{listed:?}");
}

#[test]
fn an_argument_goes_before_the_environment_and_that_before_the_profile() {
    let running = server();
    let home = Home::new("order", &profile(&running, "password_file = 'password'\ndialect = 'g6'"));
    let dry = |command: &mut std::process::Command| {
        let done = run(command.env("XDG_CONFIG_HOME", &home.0).env("CARDWRIGHT_PROFILE", "test"));
        (done.code, done.err)
    };
    let withdraw = ["withdraw", "1013", "--dry-run"];
    let (code, said) = dry(&mut cardwright(&withdraw));
    assert!(code == 2 && said.contains("G6"), "the profile's: {said}");
    let (code, said) = dry(cardwright(&withdraw).env("CARDWRIGHT_DIALECT", "g1"));
    assert!(code == 2 && said.contains("G1"), "the environment's: {said}");
    let (code, said) = dry(cardwright(&withdraw).args(["--dialect", "g7"]).env("CARDWRIGHT_DIALECT", "g1"));
    assert_eq!(code, 3, "the argument's: {said}");
}

#[test]
fn a_profile_that_is_named_takes_precedence_over_what_is_exported() {
    let (running, other) = (server(), server());
    let home = Home::new("named", &profile(&running, "password_file = 'password'"));
    let ask = |arguments: &[&str]| {
        let mut command = cardwright(arguments);
        command.env("XDG_CONFIG_HOME", &home.0).env("CARDWRIGHT_URL", other.certiflow_url());
        command.env("CARDWRIGHT_USER", "administrator").env("CARDWRIGHT_PASSWORD", "of the other server");
        command.env("CARDWRIGHT_AUTH", "bearer").env("CARDWRIGHT_DIALECT", "g1").env("CARDWRIGHT_CA", "/no/such.pem");
        command
    };
    // It says nothing of certificates: what is exported fills that in, and is there to be read.
    let listed = run(&mut ask(&["cards", "--limit", "1", "--profile", "test"]));
    assert!(listed.code == 2 && listed.err.contains("/no/such.pem"), "{listed:?}");
    let plan = run(ask(&["disable", "1013", "--dry-run", "--profile", "test"]).env_remove("CARDWRIGHT_CA"));
    assert_eq!(plan.code, 0, "{plan:?}");
    assert!(plan.out.contains(&running.certiflow_url()), "{plan:?}");
    // An option takes precedence over both.
    let url = running.mim_url();
    let mut by_option = ask(&["cards", "--profile", "test", "--url", &url]);
    let listed = run(by_option.env_remove("CARDWRIGHT_CA"));
    assert!(listed.code == 0 && listed.err.contains("0 cards"), "MIM CM lists a viewer's own: {listed:?}");
    // A profile of the environment comes last, with its password.
    let mut command = ask(&["cards", "--limit", "1"]);
    let listed =
        run(command.env("CARDWRIGHT_PROFILE", "test").env_remove("CARDWRIGHT_CA").env_remove("CARDWRIGHT_AUTH"));
    assert_ne!(listed.code, 0, "the exported password is not that server's: {listed:?}");
}

#[test]
fn a_password_comes_from_a_program_without_a_shell() {
    let running = server();
    let home = Home::new(
        "program",
        &profile(&running, "password_command = ['printf', '%s\\nmore', 'a password of the test']"),
    );
    let listed = home.run(&["cards", "--limit", "1", "--profile", "test"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let url = running.certiflow_url();
    let given = ["cards", "--limit", "1", "--url", &url, "--user", "viewer", "--password-command"];
    assert_eq!(home.run(&[&given[..], &["echo 'a password of the test'"]].concat()).code, 0);
    let refused = home.run(&[&given[..], &["false"]].concat());
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(refused.err.contains("password command false"), "{refused:?}");
}

#[test]
fn a_command_that_somebody_else_may_have_written_is_not_run() {
    let running = server();
    let home = Home::new("ownership", "");
    let (folder, config) = (home.0.join("cardwright"), home.0.join("cardwright/config.toml"));
    let (program, marker) = (home.0.join("give"), home.0.join("was-run"));
    let text = format!("#!/bin/sh\n: > '{}'\necho '{PASSWORD}'\n", marker.display());
    std::fs::write(&program, text).expect("written");
    let by_password = profile(&running, &format!("password_command = ['{}']", program.display()));
    let by_secret = format!(
        "[profile.test]\nurl = '{}'\nissuer = 'http://127.0.0.1:9/'\nclient_id = 'x'\n\
         token_endpoint = 'http://127.0.0.1:9/token'\nclient_secret_command = ['{}']\n",
        running.certiflow_url(),
        program.display()
    );
    let base = home.0.clone();
    let of = |of_folder: u32, of_config: u32, of_base: u32, of_program: u32| {
        mode(&folder, of_folder);
        mode(&config, of_config);
        mode(&base, of_base);
        mode(&program, of_program);
    };
    for (modes, refused) in [
        ((0o700, 0o600, 0o700, 0o700), None),
        ((0o755, 0o644, 0o755, 0o755), None),
        ((0o700, 0o620, 0o700, 0o700), Some(&config)),
        ((0o700, 0o666, 0o700, 0o700), Some(&config)),
        ((0o770, 0o600, 0o700, 0o700), Some(&folder)),
        ((0o777, 0o600, 0o700, 0o700), Some(&folder)),
        ((0o1777, 0o600, 0o700, 0o700), None),
        ((0o700, 0o600, 0o700, 0o722), Some(&program)),
        ((0o700, 0o600, 0o777, 0o700), Some(&base)),
    ] {
        of(modes.0, modes.1, modes.2, modes.3);
        for config_text in [&by_password, &by_secret] {
            std::fs::write(&config, config_text).expect("written");
            let _ = std::fs::remove_file(&marker);
            let done = home.run(&["cards", "--limit", "1", "--profile", "test"]);
            assert_eq!(marker.exists(), refused.is_none(), "{modes:?}: {done:?}");
            let Some(refused) = refused else { continue };
            assert_eq!(done.code, 2, "{modes:?}: {done:?}");
            let next = format!("next: chmod go-w {}", refused.display());
            assert!(done.err.contains(" is not obeyed: ") && done.err.contains(&next), "{modes:?}: {done:?}");
        }
    }
    of(0o700, 0o600, 0o700, 0o700);
    // A program that is found in PATH, and one that an option names.
    std::fs::write(&config, profile(&running, "password_command = 'give'")).expect("written");
    let found = |home: &Home| {
        let mut command = cardwright(&["cards", "--limit", "1", "--profile", "test"]);
        run(command.env("XDG_CONFIG_HOME", &home.0).env("PATH", &home.0))
    };
    assert_eq!(found(&home).code, 0);
    mode(&program, 0o777);
    let done = found(&home);
    assert!(done.code == 2 && done.err.contains("not obeyed"), "{done:?}");
    let url = running.certiflow_url();
    let named = ["cards", "--url", &url, "--user", "viewer", "--password-command", program.to_str().expect("UTF-8")];
    let done = run(&mut cardwright(&named));
    assert!(done.code == 2 && done.err.contains("not obeyed"), "{done:?}");
    // What names no command is read as ever.
    std::fs::write(&config, profile(&running, "password_file = 'password'")).expect("written");
    mode(&config, 0o666);
    assert_eq!(home.run(&["cards", "--limit", "1", "--profile", "test"]).code, 0);
}

#[test]
fn a_file_that_holds_a_password_is_refused_with_the_next_step() {
    let home = Home::new("refused", "[profile.test]\nurl = 'http://h/cm/api'\npassword = 'a password of the test'\n");
    let refused = home.run(&["cards", "--profile", "test"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("config.toml:3:") && refused.err.contains("password_command"), "{refused:?}");
    let missing = run(cardwright(&["cards", "--profile", "prod"]).env("XDG_CONFIG_HOME", "/no/such"));
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(
        missing.err.contains("/no/such/cardwright/config.toml") && missing.err.contains("[profile.prod]"),
        "{missing:?}"
    );
    let unknown = home.run(&["cards", "--profile", "prod", "--config", "/dev/null"]);
    assert!(unknown.code == 2 && unknown.err.contains("has no profile prod"), "{unknown:?}");
}

#[test]
fn a_password_file_that_others_can_read_is_used_with_a_warning() {
    let running = server();
    let home = Home::new("warned", &profile(&running, "password_file = 'password'"));
    mode(&home.0.join("cardwright/password"), 0o644);
    mode(&home.0.join("cardwright/config.toml"), 0o644);
    let listed = home.run(&["cards", "--limit", "1", "--profile", "test"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.err.contains("others can read") && listed.err.contains("mode 644"), "{listed:?}");
    assert!(!listed.err.contains("config.toml"), "{listed:?}");
}

#[test]
fn a_profiles_password_goes_to_no_other_server() {
    let running = server();
    let home = Home::new("elsewhere", &profile(&running, "password_file = 'password'"));
    let refused = home.run(&["cards", "--profile", "test", "--url", "http://127.0.0.1:9/certiflow/api"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("the profile's password is for"), "{refused:?}");
}

#[test]
fn without_a_terminal_nobody_is_asked_for_a_password() {
    let refused = run(&mut cardwright(&["cards", "--url", "http://127.0.0.1:9/cm/api", "--user", "x"]));
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("no password for x") && refused.err.contains("--password-command"), "{refused:?}");
}

#[test]
fn a_proxy_with_a_password_is_refused_and_none_is_none() {
    let running = server();
    let refused = common::certiflow(&running, &["cards", "--proxy", "http://user:pass@proxy:1"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(!refused.err.contains("pass@"), "{refused:?}");
    let mut command = cardwright(&["cards", "--limit", "1", "--proxy", "none", "--url", &running.certiflow_url()]);
    command.env("HTTP_PROXY", "http://127.0.0.1:9").env("CARDWRIGHT_USER", "viewer");
    let listed = run(command.env("CARDWRIGHT_PASSWORD", PASSWORD));
    assert_eq!(listed.code, 0, "{listed:?}");
}

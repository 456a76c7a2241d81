//! The command `cardwright`.

fn main() -> std::process::ExitCode {
    cardwright_cli::run(std::env::args_os()).into()
}

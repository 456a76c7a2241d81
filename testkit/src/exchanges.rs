//! The exchanges in `samples/`, read by the rules of its README.

use cardwright_core::Named as _;
use cardwright_core::certiflow::Dialect;
use std::fs;
use std::path::Path;

/// One exchange: a request, and the reply where one is printed.
#[derive(Debug)]
pub struct Sample {
    /// Folder and file, such as `mim/get-request-enroll.http`.
    pub name: String,
    /// Whether the vendor's page prints it.
    pub by_vendor: bool,
    pub method: String,
    /// The path with its query.
    pub target: String,
    /// The request body, or `""`.
    pub body: String,
    pub status: String,
    /// The reply body, or `""`.
    pub reply: String,
}

impl Sample {
    /// The generation of CertiFlow's API that it is of, by its name.
    pub fn dialect(&self) -> Dialect {
        let name = self.name.trim_start_matches("certiflow/");
        let word = name.split('-').next().filter(|word| word.len() == 2 && word.starts_with('g'));
        let ends = name.ends_with("-g7.http").then_some("G7");
        word.or(ends).and_then(Dialect::from_name).unwrap_or(Dialect::G6)
    }
}

/// All exchanges, in the order of their names.
pub fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/samples");
    let mut samples = Vec::new();
    for folder in ["certiflow", "mim"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            samples.push(parse(name, &fs::read_to_string(&path).unwrap()));
        }
    }
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    samples
}

fn parse(name: String, text: &str) -> Sample {
    let notes: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    let by = notes.iter().find_map(|line| line.strip_prefix("# by: "));
    let mut rest = text.lines().skip(notes.len());
    let (method, target) = rest.next().and_then(|line| line.split_once(' ')).expect(&name);
    assert_eq!(rest.next(), Some(""), "{name}: a blank line follows the request line");
    let lines: Vec<&str> = rest.collect();
    let end = lines.iter().position(|line| line.starts_with("--- ")).expect(&name);
    Sample {
        by_vendor: match by {
            Some("vendor") => true,
            Some("us") => false,
            by => panic!("{name}: by {by:?}"),
        },
        name,
        method: method.into(),
        target: target.into(),
        body: lines[..end].join("\n").trim().into(),
        status: lines[end]["--- ".len()..].into(),
        reply: lines[end + 1..].join("\n"),
    }
}

//! What cbindgen writes, taken apart: a block is one constant, type or function with its comment.

/// One declaration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The condition under which it is declared, such as `defined(CARDWRIGHT_CLIENT)`; empty if it always is.
    pub(crate) guard: String,
    /// Comment and declaration.
    pub(crate) text: String,
    /// The name of the constant, type or function.
    pub(crate) name: String,
    /// The values of an enumeration.
    pub(crate) values: Vec<String>,
    /// The names in its declaration.
    pub(crate) uses: Vec<String>,
    /// The names in its comments.
    pub(crate) mentions: Vec<String>,
}

impl Block {
    /// Whether it is a function.
    pub(crate) fn is_function(&self) -> bool {
        self.name.starts_with("cardwright_")
    }

    /// Whether it is a constant or an enumeration, which stands where it is first spoken of.
    pub(crate) fn is_number(&self) -> bool {
        !self.values.is_empty() || self.name.starts_with("CARDWRIGHT_")
    }

    /// The first sentence of its comment, or as much of it as says what it is in one line.
    pub(crate) fn summary(&self) -> String {
        const ROOM: usize = 76;
        let lines = self.text.lines().map(str::trim).skip_while(|line| *line == "/**");
        let words: Vec<&str> = lines
            .take_while(|line| line.starts_with('*') && *line != "*" && *line != "*/")
            .map(|line| line.trim_start_matches('*').trim())
            .collect();
        let words = words.join(" ");
        // A point within a word, as in `3.1`, ends nothing.
        let sentence = words.split_once(". ").map_or(words.as_str(), |(first, _)| first).trim_end_matches('.');
        if sentence.len() <= ROOM {
            return sentence.to_string();
        }
        // Not within brackets or code.
        let count = |before: &str, mark| before.matches(mark).count();
        let is_outside =
            |before: &&str| count(before, '(') == count(before, ')') && count(before, '`').is_multiple_of(2);
        let parts = [": ", "; ", ", "].into_iter().filter_map(|end| {
            let parts = sentence.match_indices(end).filter_map(|(at, _)| sentence.get(..at));
            parts.filter(is_outside).filter(|part| part.len() <= ROOM).last()
        });
        let cut = || sentence.get(..ROOM)?.rsplit_once(' ').map(|(before, _)| format!("{before} ..."));
        parts.into_iter().find(|part| part.len() > 10).map(String::from).or_else(cut).unwrap_or_default()
    }

    /// The declaration in one line, without comments.
    fn code(&self) -> String {
        let code = self.text.lines().map(str::trim).filter(|line| !is_comment(line));
        code.collect::<Vec<_>>().join(" ")
    }
}

/// The blocks of a text.
///
/// # Errors
///
/// Tells a block of which it is not clear what it declares.
pub(crate) fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let parts = text.split("\n\n").map(str::trim_end).filter(|part| !part.trim().is_empty());
    // What makes functions C for C++ is written around all of them.
    parts.map(str::trim_start).filter(|part| !part.starts_with("#ifdef __cplusplus")).map(block).collect()
}

fn block(part: &str) -> Result<Block, String> {
    let mut lines: Vec<&str> = part.lines().collect();
    let condition = lines.first().and_then(|line| line.strip_prefix("#if "));
    let guard = condition.unwrap_or_default().to_string();
    if !guard.is_empty() {
        lines = lines.split_last().map(|(_, rest)| rest.iter().skip(1).copied().collect()).unwrap_or_default();
        lines = without_condition(&lines, &format!("#if {guard}"));
    }
    let (mut uses, mut mentions, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for line in &lines {
        let names =
            words(line).into_iter().filter(|word| word.starts_with("Cardwright") || word.starts_with("CARDWRIGHT_"));
        let list = if is_comment(line.trim()) { &mut mentions } else { &mut uses };
        list.extend(names.map(String::from));
        if line.starts_with("  CARDWRIGHT_") && line.contains(" = ") {
            values.extend(words(line).first().map(|value| (*value).to_string()));
        }
    }
    let mut block = Block { guard, text: lines.join("\n"), values, uses, mentions, ..Block::default() };
    block.name = name(&block.code()).ok_or_else(|| format!("what does this declare?\n{part}"))?;
    Ok(block)
}

/// The lines without a condition that holds for all of them anyway.
fn without_condition<'a>(lines: &[&'a str], condition: &str) -> Vec<&'a str> {
    let mut inside = false;
    let mut kept = Vec::new();
    for line in lines {
        match *line {
            line if line == condition => inside = true,
            "#endif" if inside => inside = false,
            line => kept.push(line),
        }
    }
    kept
}

/// What a declaration declares.
fn name(code: &str) -> Option<String> {
    let after =
        |prefix: &str| code.strip_prefix(prefix).and_then(|rest| words(rest).first().map(|word| (*word).to_string()));
    let pointer = || {
        code.strip_prefix("typedef ")?.split_once("(*").and_then(|(_, rest)| Some((*words(rest).first()?).to_string()))
    };
    let function = || words(code).into_iter().find(|word| word.starts_with("cardwright_")).map(String::from);
    let kinds = ["#define ", "typedef enum ", "typedef struct "];
    kinds.iter().find_map(|kind| after(kind)).or_else(pointer).or_else(function)
}

/// The words of which C makes names.
pub(crate) fn words(line: &str) -> Vec<&str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

fn is_comment(line: &str) -> bool {
    line.starts_with("/*") || line.starts_with("* ") || line == "*" || line.starts_with("*/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\n#ifdef __cplusplus\nextern \"C\" {\n#endif  // __cplusplus\n\n/**\n * Colours of a CardwrightCar. More.\n */\ntypedef enum CardwrightColour\n#if defined(__cplusplus)\n  : uint8_t\n#endif\n{\n  /**\n   * As blood.\n   */\n  CARDWRIGHT_COLOUR_RED = 1,\n} CardwrightColour;\n\n#if defined(CARDWRIGHT_CLIENT)\n/**\n * Paints in a\n * colour.\n *\n * Twice.\n */\nint32_t cardwright_car_paint(struct CardwrightCar *car,\n                             CARDWRIGHT_ENUM(CardwrightColour) colour);\n#endif\n\n#if defined(CARDWRIGHT_CLIENT)\n/**\n * Called.\n */\ntypedef void (*CardwrightHorn)(void *context);\n#endif\n";

    #[test]
    fn each_declaration_is_a_block() {
        let blocks = blocks(TEXT).expect("all are clear");
        let names: Vec<&str> = blocks.iter().map(|block| block.name.as_str()).collect();
        assert_eq!(names, ["CardwrightColour", "cardwright_car_paint", "CardwrightHorn"]);
        let (colour, paint) = (&blocks[0], &blocks[1]);
        assert_eq!((colour.values.as_slice(), colour.is_number()), (&["CARDWRIGHT_COLOUR_RED".to_string()][..], true));
        assert_eq!(colour.mentions, ["CardwrightCar"]);
        assert_eq!(
            (colour.summary(), paint.summary()),
            ("Colours of a CardwrightCar".into(), "Paints in a colour".into())
        );
        assert_eq!(paint.guard, "defined(CARDWRIGHT_CLIENT)");
        assert!(paint.uses.iter().any(|name| name == "CardwrightColour") && !paint.text.contains("#if"));
    }

    #[test]
    fn what_declares_nothing_is_told() {
        assert!(blocks("/**\n * Words alone.\n */\n").is_err());
    }
}

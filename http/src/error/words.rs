//! The words of a server's refusal.

/// The words of an error body: ProblemDetails of ASP.NET Core, `HttpError` of Web API, the title of a
/// page, or the text itself. One line of at most 401 characters.
#[must_use]
pub fn error_words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let words = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(object)) => words_of_object(&object),
        Ok(serde_json::Value::String(words)) => words,
        _ => page_title(text).unwrap_or_else(|| text.to_string()),
    };
    one_line(&words)
}

/// A text on one line of at most 401 characters.
pub(crate) fn one_line(words: &str) -> String {
    let space = |c: char| c.is_whitespace() || c.is_control();
    let mut line: String = words.split(space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(400) {
        line.truncate(end);
        line.push('…');
    }
    line
}

fn words_of_object(object: &serde_json::Map<String, serde_json::Value>) -> String {
    let text = |wanted: &str| {
        object.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).and_then(|(_, value)| value.as_str())
    };
    let mut parts: Vec<String> = Vec::new();
    let mut add = |part: &str| {
        if !part.is_empty() && !parts.iter().any(|known| known == part) {
            parts.push(part.to_string());
        }
    };
    // A title is general; it is used only without a detail.
    add(if object.contains_key("detail") { "" } else { text("title").unwrap_or("") });
    ["detail", "Message", "ExceptionMessage", "error", "error_description"]
        .iter()
        .filter_map(|name| text(name))
        .for_each(&mut add);
    for name in ["errors", "ModelState"] {
        let Some(serde_json::Value::Object(fields)) = object.get(name) else { continue };
        for (field, faults) in fields {
            let faults = match faults {
                serde_json::Value::Array(faults) => {
                    faults.iter().filter_map(|fault| fault.as_str()).collect::<Vec<_>>().join(" ")
                }
                other => other.to_string(),
            };
            add(&format!("{field}: {faults}"));
        }
    }
    parts.join(" ")
}

/// The title of a page, in words.
pub(crate) fn page_title(text: &str) -> Option<String> {
    let lower = text.get(..text.len().min(4096)).unwrap_or(text).to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    Some(format!("a page titled \"{}\"", text.get(start..end)?.trim()))
}

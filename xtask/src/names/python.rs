//! What each function of the C library is called in Python, or why it is nothing there.

use std::collections::BTreeMap;

use crate::place;

/// The counterpart of a function.
#[derive(Debug, Clone, Copy)]
pub(super) enum In {
    /// Names, of which each must be declared.
    Python(&'static [&'static str]),
    /// Why there is none.
    None(&'static str),
}

use In::{None, Python};

const BY_CLIENT: In = None("the client sends requests and reads replies");
const BY_SESSION: In = Python(&["Session.identify"]);
const FREED: In = None("freed with the object");

/// Each function without what all names begin with; a name that ends in `_` stands for all that begin so.
const TABLE: &[(&str, In)] = &[
    ("text", None("a `str` is taken as it is")),
    ("version", Python(&["__version__"])),
    ("code_text", Python(&["CardwrightError"])),
    ("last_error", Python(&["CardwrightError"])),
    ("atr_from_hex", Python(&["Atr"])),
    ("hex_write", None("`bytes.hex()`")),
    ("atr_parse", Python(&["Atr"])),
    ("atr_level", Python(&["Atr.levels"])),
    ("atr_object", Python(&["Historical.objects"])),
    ("atr_finding", Python(&["Atr.findings"])),
    ("atr_finding_name", Python(&["Finding"])),
    ("atr_rule", Python(&["Finding.text", "Finding.clause"])),
    ("atr_build", None("Python reads ATRs, and makes none")),
    ("atr_emv_refusals", Python(&["Atr.emv_refusals"])),
    ("atr_emv_rule_name", Python(&["Atr.emv_refusals"])),
    ("atr_historical", Python(&["Atr.historical"])),
    ("atr_timing", Python(&["Atr.timing"])),
    ("ratio_nanoseconds", Python(&["Timing"])),
    ("rate_bits_per_second", Python(&["Rate.bits_per_second"])),
    ("identity_init", BY_SESSION),
    ("identity_command", BY_SESSION),
    ("identity_answer", BY_SESSION),
    ("identity_add", Python(&["Identity.with_identifier"])),
    ("identity_found", Python(&["Identity.kinds", "Identity.identifiers"])),
    ("identity_kind", Python(&["Identity.kinds"])),
    ("identity_identifier", Python(&["Identity.identifiers"])),
    ("identity_guess", Python(&["Identity.guesses"])),
    ("status_word_text", Python(&["Response.text"])),
    ("serial_match", Python(&["CertiFlow.find"])),
    ("serial_spell", Python(&["Identity.guesses"])),
    ("lifecycle_verdict", Python(&["Lifecycle.verdict"])),
    ("lifecycle_after", Python(&["Lifecycle.after"])),
    ("lifecycle_legal", Python(&["Lifecycle.legal"])),
    ("lifecycle_neutral", Python(&["State.of"])),
    ("lifecycle_native", Python(&["CardState.of", "SmartcardStatus.of"])),
    ("lifecycle_operation", Python(&["Operation"])),
    ("call_method", Python(&["PlannedRequest.method"])),
    ("call_target", Python(&["PlannedRequest.address"])),
    ("call_body", Python(&["PlannedRequest.body"])),
    ("call_message", BY_CLIENT),
    ("reply_", BY_CLIENT),
    ("list_", BY_CLIENT),
    ("view_parse", Python(&["CardInfo", "Smartcard", "Request"])),
    ("view_text", Python(&["Record.__getitem__"])),
    ("view_number", Python(&["Record.__getitem__"])),
    ("view_raw", Python(&["Record.json"])),
    ("view_item", Python(&["Record.__getitem__"])),
    ("view_next_item", Python(&["Record.__getitem__"])),
    ("view_state", Python(&["Card.state"])),
    ("json_text", None("`json.loads()`")),
    ("json_path", Python(&["CardwrightError"])),
    ("date_parse", Python(&["CardInfo.time_issued"])),
    ("probe_", Python(&["CertiFlow.probe"])),
    ("enumeration_name", Python(&["Named.word"])),
    ("enumeration_value", Python(&["Named.of"])),
    ("client_new", Python(&["CertiFlow", "MimCm"])),
    ("client_free", Python(&["CertiFlow.__exit__"])),
    ("client_cancel", Python(&["CertiFlow.cancel"])),
    ("tls_library", Python(&["tls_libraries"])),
    ("client_explain", Python(&["CertiFlow.explain"])),
    ("client_dialect", Python(&["CertiFlow.dialect"])),
    ("client_probe", Python(&["CertiFlow.probe"])),
    ("client_found", Python(&["Generation.text"])),
    ("client_find", Python(&["CertiFlow.find"])),
    ("client_card", Python(&["CertiFlow.card", "MimCm.card"])),
    ("client_card_of", Python(&["CertiFlow.card_of"])),
    ("client_records", Python(&["CertiFlow.find"])),
    ("client_cards", Python(&["CertiFlow.cards", "MimCm.cards"])),
    ("cards_next", Python(&["Cards.__next__"])),
    ("card_confirm", Python(&["CertiFlow.find"])),
    ("card_text", Python(&["Card.id", "Card.serial_number", "Card.user"])),
    ("card_state", Python(&["Card.state"])),
    ("card_view", Python(&["Record"])),
    ("client_skzi", Python(&["CertiFlow.skzi"])),
    ("skzi_next", Python(&["SkziEntries.__next__"])),
    ("client_operations", Python(&["CertiFlow.operations"])),
    ("operations_at", Python(&["Allowed"])),
    ("client_plan", Python(&["CertiFlow.plan"])),
    ("client_plan_by_id", Python(&["CertiFlow.plan"])),
    ("plan_at", Python(&["PlannedRequest"])),
    ("client_operate", Python(&["CertiFlow.operate"])),
    ("client_operate_by_id", Python(&["CertiFlow.operate"])),
    ("client_go_on", Python(&["MimCm.go_on"])),
    ("client_follow", Python(&["MimCm.follow"])),
    ("client_cancel_request", None("a person gives up a request, with `cardwright request`")),
    ("bulk_of_ids", Python(&["plan"])),
    ("bulk_of_query", Python(&["plan"])),
    ("bulk_resume", Python(&["resume"])),
    ("bulk_keep", Python(&["Bulk.keep"])),
    ("bulk_retry_failed", Python(&["Bulk.retry_failed"])),
    ("bulk_run", Python(&["Bulk.run"])),
    ("bulk_cancel", Python(&["CertiFlow.cancel"])),
    ("bulk_facts", Python(&["Bulk.operation", "Bulk.groups"])),
    ("bulk_counts", Python(&["Bulk.counts"])),
    ("bulk_row", Python(&["Bulk.to_arrow"])),
    ("client_requests", Python(&["MimCm.requests"])),
    ("client_open_requests", Python(&["OwnServer.requests"])),
    ("client_approve", Python(&["OwnServer.approve"])),
    ("client_deny", Python(&["OwnServer.deny"])),
    ("client_history", Python(&["OwnServer.history"])),
    ("client_audit", Python(&["OwnServer.audit_page"])),
    ("client_accounts", Python(&["OwnServer.accounts"])),
    ("client_put_account", Python(&["OwnServer.put_account"])),
    ("client_raw", Python(&["CertiFlow.raw"])),
    ("raw_facts", Python(&["Answer.status", "Answer.body"])),
    ("raw_header", Python(&["Answer.headers"])),
    ("doctor_examine", Python(&["CertiFlow.doctor"])),
    ("doctor_at", Python(&["DoctorCheck"])),
    ("readers_new", Python(&["readers"])),
    ("readers_at", Python(&["Reader"])),
    ("watch_new", Python(&["watch"])),
    ("watch_next", Python(&["Watch.__next__"])),
    ("watch_cancel", Python(&["Watch.cancel"])),
    ("session_new", Python(&["connect"])),
    ("session_facts", Python(&["Session.protocol", "Session.resets"])),
    ("session_transmit", Python(&["Session.apdu"])),
    ("session_limit", Python(&["connect"])),
    ("session_begin", Python(&["Session.transaction"])),
    ("session_end", Python(&["Session.transaction"])),
    ("session_reset", Python(&["Session.reset"])),
    ("session_identify", Python(&["Session.identify"])),
    ("session_free", Python(&["Session.close"])),
    ("log_set", None("the log is that of the environment, `CARDWRIGHT_LOG`")),
];

/// Where the names are declared.
const FOLDER: &str = "python/cardwright";

/// The counterpart of a function of C.
pub(super) fn counterpart(function: &str) -> Option<In> {
    let name = function.strip_prefix("cardwright_")?;
    let whole = TABLE.iter().find(|(of, _)| *of == name);
    let family = || TABLE.iter().find(|(of, _)| of.ends_with('_') && name.starts_with(of));
    let freed = || name.ends_with("_free").then_some(FREED);
    whole.or_else(family).map(|(_, counterpart)| *counterpart).or_else(freed)
}

/// The lines of the table that speak of no function.
pub(super) fn idle(functions: &[String]) -> Vec<&'static str> {
    let is_of = |name: &str, function: &str| {
        function.strip_prefix("cardwright_").is_some_and(|function| match name.ends_with('_') {
            true => function.starts_with(name),
            false => function == name,
        })
    };
    let idle = TABLE.iter().filter(|(name, _)| !functions.iter().any(|function| is_of(name, function)));
    idle.map(|(name, _)| *name).collect()
}

/// What the package for Python declares: classes with their members and bases, and what is in no class.
#[derive(Debug, Default)]
pub(super) struct Declared {
    members: BTreeMap<String, Vec<String>>,
    bases: BTreeMap<String, Vec<String>>,
}

impl Declared {
    /// Reads the package.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub(super) fn read() -> Result<Self, String> {
        let mut declared = Declared::default();
        let folder = place::root().join(FOLDER);
        for entry in std::fs::read_dir(&folder).map_err(place::at(&folder))? {
            let path = entry.map_err(place::at(&folder))?.path();
            if path.extension().is_some_and(|end| end == "py" || end == "pyi") {
                declared.add(&std::fs::read_to_string(&path).map_err(place::at(&path))?);
            }
        }
        Ok(declared)
    }

    fn add(&mut self, text: &str) {
        let mut class = String::new();
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            let line = line.trim_start();
            let word = |line: &str| {
                let word: String = line.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                (!word.is_empty()).then_some(word)
            };
            if let (0, Some(rest)) = (indent, line.strip_prefix("class ")) {
                class = word(rest).unwrap_or_default();
                let bases =
                    rest.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(bases, _)| bases);
                let bases = bases.split(',').filter_map(|base| word(base.trim()));
                self.bases.entry(class.clone()).or_default().extend(bases);
                self.members.entry(class.clone()).or_default();
                continue;
            }
            let of = match indent {
                0 => String::new(),
                4 => class.clone(),
                _ => continue,
            };
            let name = line.strip_prefix("def ").and_then(word).or_else(|| {
                let name = word(line)?;
                line.get(name.len()..).is_some_and(|rest| rest.starts_with(": ")).then_some(name)
            });
            if let Some(name) = name {
                self.members.entry(of).or_default().push(name);
            }
        }
    }

    /// Whether a name is declared: a class, what is in none, or `Class.member`, which a base may have.
    pub(super) fn has(&self, name: &str) -> bool {
        let Some((class, member)) = name.split_once('.') else {
            let is_free = self.members.get("").is_some_and(|names| names.iter().any(|of| of == name));
            return is_free || !name.is_empty() && self.members.contains_key(name);
        };
        let mut classes = vec![class];
        let mut at = 0;
        while let Some(class) = classes.get(at).copied() {
            if self.members.get(class).is_some_and(|members| members.iter().any(|of| of == member)) {
                return true;
            }
            let bases = self.bases.get(class).into_iter().flatten().map(String::as_str);
            let new: Vec<&str> = bases.filter(|base| !classes.contains(base)).collect();
            classes.extend(new);
            at += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_is_found_in_bases_too() {
        let mut declared = Declared::default();
        declared.add("__version__: str\n\ndef watch():\n    pass\n\nclass Base:\n    def cancel(self) -> None: ...\n\nclass Car(Base):\n    wheels: int\n");
        for name in ["__version__", "watch", "Car", "Car.wheels", "Car.cancel"] {
            assert!(declared.has(name), "{name}");
        }
        for name in ["", "cancel", "Car.doors", "Bus", "Base.wheels"] {
            assert!(!declared.has(name), "{name}");
        }
    }

    #[test]
    fn a_family_and_what_frees_are_found() {
        assert!(matches!(counterpart("cardwright_reply_next"), Some(None(_))));
        assert!(matches!(counterpart("cardwright_plan_free"), Some(None(_))));
        assert!(matches!(counterpart("cardwright_client_free"), Some(Python(_))));
        assert!(counterpart("cardwright_unheard_of").is_none());
    }
}

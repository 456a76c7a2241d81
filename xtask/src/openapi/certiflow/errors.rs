//! CertiFlow's errors: ProblemDetails of ASP.NET Core, and those of the classic Web API of the older generations.

use super::super::parts::{common, component, described, integer, response, text};
use cardwright_core::certiflow::{Action, Dialect, Endpoint};
use serde_json::{Map, Value, json};

const PROBLEM: &str = "application/problem+json";

const REFUSED: &str = "The card's state does not allow the operation.";

/// The responses, each by its name.
pub(super) fn responses(dialect: Dialect) -> Map<String, Value> {
    let mut all = common();
    let (media_type, error, invalid) = match dialect.is_classic() {
        true => ("application/json", "Error", "InvalidError"),
        false => (PROBLEM, "ProblemDetails", "ValidationProblemDetails"),
    };
    let mut add = |name: &str, description: &str, schema: &str| {
        all.insert(name.into(), response(description, media_type, component("schemas", schema)));
    };
    add("Forbidden", "The account lacks the privilege.", error);
    add("NotFound", "There is no such card.", error);
    add("WrongMethod", "The address has other methods.", error);
    if dialect.is_classic() {
        add("RefusedOrFailed", &format!("{REFUSED} Or the server is at fault."), error);
    } else {
        add("Refused", REFUSED, error);
    }
    add("Failed", "The server is at fault.", error);
    add("Invalid", "A parameter has no valid value.", invalid);
    if dialect.is_classic()
        && let Some(page) = all.get_mut("Unauthorized")
    {
        // IIS has a page for people.
        page["description"] = "Nobody is signed in.".into();
        page["content"] =
            json!({ "text/html": { "schema": { "type": "string", "pattern": "<title>401 - Unauthorized" } } });
    }
    all
}

/// The responses of a call but for its own and the common ones: their statuses and names.
pub(super) fn of(endpoint: Endpoint, dialect: Dialect) -> Vec<(&'static str, &'static str)> {
    let is_list = matches!(endpoint.action(), Action::List | Action::ListOfUser);
    let is_operation = endpoint.operation().is_some();
    let failed = if is_operation && dialect.is_classic() { "RefusedOrFailed" } else { "Failed" };
    let mut all = vec![("400", "Invalid"), ("403", "Forbidden"), ("405", "WrongMethod"), ("500", failed)];
    if !is_list {
        all.push(("404", "NotFound"));
    }
    if is_operation && !dialect.is_classic() {
        all.push(("409", "Refused"));
    }
    all
}

/// The schemas.
pub(super) fn schemas(dialect: Dialect) -> Map<String, Value> {
    let sentences = |about: &str| {
        json!({
            "type": "object", "minProperties": 1, "description": about,
            "additionalProperties": { "type": "array", "minItems": 1, "items": { "type": "string" } },
        })
    };
    let by_parameter = sentences("By the name of the parameter, what is wrong with it.");
    let mut schemas = Map::new();
    if dialect.is_classic() {
        let message = described(text(), "What is wrong.");
        schemas.insert(
            "Error".into(),
            json!({
                "type": "object", "additionalProperties": false, "required": ["Message"],
                "properties": {
                    "Message": message,
                    "ExceptionMessage": described(text(), "A sentence for a person: card, operation, state, reason."),
                },
            }),
        );
        schemas.insert(
            "InvalidError".into(),
            json!({
                "type": "object", "additionalProperties": false, "required": ["Message", "ModelState"],
                "properties": { "Message": message, "ModelState": by_parameter },
            }),
        );
        return schemas;
    }
    let (clause, status) = (described(text(), "The clause of RFC 9110."), described(integer(), "The status."));
    let title = described(text(), "What is wrong, in the words of the status.");
    schemas.insert(
        "ProblemDetails".into(),
        json!({
            "type": "object", "additionalProperties": false, "required": ["type", "title", "status"],
            "properties": {
                "type": clause, "title": title, "status": status,
                "detail": described(text(), "A sentence for a person: card, operation, state, reason."),
            },
        }),
    );
    schemas.insert(
        "ValidationProblemDetails".into(),
        json!({
            "type": "object", "additionalProperties": false, "required": ["type", "title", "status", "errors"],
            "properties": { "type": clause, "title": title, "status": status, "errors": by_parameter },
        }),
    );
    schemas
}

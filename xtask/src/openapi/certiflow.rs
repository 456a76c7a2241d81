//! CertiFlow, dialects G6 and G7, with the errors of ASP.NET Core.

use super::parts::{
    common, component, described, document as whole, empty, integer, list_of, named, object, response, responses,
    security, text, text_or_null, texts, time_or_null, truth,
};
use crate::schema::capitalized;
use cardwright_core::Named as _;
use cardwright_core::certiflow::{
    Action, CardInfo, CardState, Certificate, CertificateType, ContentExpirationStatus, Dialect, Endpoint, Query,
    RevocationReason,
};
use cardwright_core::json::{SchemaField, ValueType};
use cardwright_core::lifecycle::System;
use serde_json::{Map, Value, json};

const ABOUT: &str = "The card API of Axidian CertiFlow, dialects G6 and G7, as the server of Cardwright speaks it with \
    its switches untouched. The vendor publishes the names; JSON types and errors are assumed.";

const PROBLEM: &str = "application/problem+json";

/// The whole document.
pub(super) fn document() -> Result<Value, String> {
    let mut paths = Map::new();
    for endpoint in Endpoint::ALL.into_iter().filter(|endpoint| endpoint.route_in(Dialect::G7).is_some()) {
        let route = endpoint.route();
        let path = paths.entry(format!("/{}", route.path)).or_insert_with(|| json!({}));
        path[route.method.name().to_ascii_lowercase()] = call(endpoint);
    }
    let mut errors = common();
    for (name, description) in [
        ("Forbidden", "The account lacks the privilege."),
        ("NotFound", "There is no such card."),
        ("WrongMethod", "The address has other methods."),
        ("Refused", "The card's state does not allow the operation."),
        ("Failed", "The server is at fault."),
    ] {
        errors.insert(name.into(), response(description, PROBLEM, component("schemas", "ProblemDetails")));
    }
    let invalid = component("schemas", "ValidationProblemDetails");
    errors.insert("Invalid".into(), response("A parameter has no valid value.", PROBLEM, invalid));
    let components = json!({ "schemas": schemas()?, "responses": errors, "securitySchemes": security() });
    Ok(whole("CertiFlow", ABOUT, "/certiflow/api", paths, components))
}

fn call(endpoint: Endpoint) -> Value {
    let id = json!({
        "name": "id", "in": "path", "required": true, "description": "The card's id.",
        "schema": { "type": "integer", "format": "int64", "minimum": 0 }, "example": 1065,
    });
    let mut errors = vec![("400", "Invalid"), ("403", "Forbidden"), ("405", "WrongMethod"), ("500", "Failed")];
    if endpoint != Endpoint::Cards {
        errors.push(("404", "NotFound"));
    }
    let (summary, own) = match endpoint.action() {
        Action::List => {
            let about = "The cards, by their ids. Retired cards are not among them.";
            ("Lists cards", response(about, "application/json", list_of("CardInfo")))
        }
        Action::ListOfUser => {
            ("Lists the cards of a user", response("The cards.", "application/json", list_of("CardInfo")))
        }
        Action::Show => {
            ("One card by its id", response("The card.", "application/json", component("schemas", "CardInfo")))
        }
        Action::Operate(operation) => {
            (operation.native(System::CertiFlow).unwrap_or(operation.name()), empty("It is done."))
        }
    };
    if endpoint.operation().is_some() {
        errors.push(("409", "Refused"));
    }
    let needs = format!("Needs the privilege \"{}\".", endpoint.privilege().name());
    let about = endpoint.operation().map(|operation| format!("{}. ", capitalized(operation.facts().about)));
    let mut call = json!({
        "operationId": format!("{endpoint:?}"),
        "summary": summary,
        "description": about.unwrap_or_default() + &needs,
        "responses": responses(&[("200", own)], &errors),
    });
    let mut parameters = Vec::new();
    if endpoint.route().path.contains("{id}") {
        parameters.push(id);
    }
    match endpoint {
        Endpoint::Cards => {
            parameters.extend(Query::PARAMETERS.iter().zip(Query::SCHEMA.fields).map(|(parameter, field)| {
                json!({
                    "name": parameter.name, "in": "query", "schema": filter(field),
                    "description": format!("Since {}. An empty value is none.", parameter.since.name()),
                })
            }))
        }
        Endpoint::Revoke => {
            parameters.push(json!({
                "name": "reason", "in": "query", "schema": component("schemas", "RevocationReason"),
                "description": "The reason; takes precedence over that of the body. Default: None.",
            }));
            let body = json!({ "schema": component("schemas", "Revocation") });
            call["requestBody"] = json!({
                "description": "The reason, where it is no parameter.",
                "content": { "application/json": body.clone(), "application/x-www-form-urlencoded": body },
            });
        }
        _ => {}
    }
    if !parameters.is_empty() {
        call["parameters"] = parameters.into();
    }
    call
}

/// The schema of a parameter of the list call.
fn filter(parameter: &SchemaField) -> Value {
    match parameter.value {
        ValueType::Number if parameter.name == "count" => {
            json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })
        }
        ValueType::Number => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        ValueType::Texts => texts(),
        ValueType::Known(name) => component("schemas", name),
        ValueType::Date => json!({
            "description": "A date is that day in UTC, a time a lower bound. .NET knows offsets of less than 14 hours, \
                and its first moment means none.",
            "anyOf": [
                { "type": "string", "format": "date", "pattern": "^(?!0001-01-01)" },
                { "type": "string", "format": "date-time", "pattern": "([Zz]|[+-](0[0-9]|1[0-3]):[0-5][0-9])$" },
            ],
        }),
        _ => text(),
    }
}

/// The type of a field of a card; what it lacks is null.
fn of_card(value: &ValueType) -> Value {
    match value {
        ValueType::Known(name) => component("schemas", name),
        ValueType::Texts => texts(),
        ValueType::Objects(schema) => list_of(schema.name),
        ValueType::Number => integer(),
        ValueType::Flag => truth(),
        ValueType::Date => time_or_null(),
        ValueType::Text | ValueType::Uuid | ValueType::Scalar => text_or_null(),
    }
}

/// The type of a field of a certificate; it lacks nothing.
fn of_certificate(value: &ValueType) -> Value {
    match value {
        ValueType::Date => json!({ "type": "string", "format": "date-time" }),
        ValueType::Text => text(),
        other => of_card(other),
    }
}

fn schemas() -> Result<Value, String> {
    let card = [
        ("id", integer()),
        ("serialNumber", text()),
        ("policyId", json!({ "type": ["integer", "null"], "format": "int64" })),
    ];
    let certificate = [("type", named::<CertificateType>())];
    let reasons: Vec<String> =
        RevocationReason::ALL.iter().map(|reason| format!("{} {}", reason.number(), reason.name())).collect();
    let last = RevocationReason::ALL.len().saturating_sub(1);
    let reason = json!({
        "description": format!("A reason by its name or its number: {}.", reasons.join(", ")),
        "anyOf": [named::<RevocationReason>(), { "type": "integer", "minimum": 0, "maximum": last }],
    });
    let (clause, status) = (described(text(), "The clause of RFC 9110."), described(integer(), "The status."));
    let title = described(text(), "What is wrong, in the words of the status.");
    Ok(json!({
        "CardInfo": object(&CardInfo::SCHEMA, of_card, &card)?,
        "Certificate": object(&Certificate::SCHEMA, of_certificate, &certificate)?,
        "CardState": described(named::<CardState>(), "A state of a card."),
        "ContentExpirationStatus": described(named::<ContentExpirationStatus>(), "Whether certificates expire."),
        "RevocationReason": reason,
        "Revocation": {
            "type": "object", "additionalProperties": false,
            "properties": { "reason": component("schemas", "RevocationReason") },
        },
        "ProblemDetails": {
            "type": "object", "additionalProperties": false, "required": ["type", "title", "status"],
            "properties": {
                "type": clause, "title": title, "status": status,
                "detail": described(text(), "A sentence for a person: card, operation, state, reason."),
            },
        },
        "ValidationProblemDetails": {
            "type": "object", "additionalProperties": false, "required": ["type", "title", "status", "errors"],
            "properties": {
                "type": clause, "title": title, "status": status,
                "errors": {
                    "type": "object", "minProperties": 1,
                    "description": "By the name of the parameter, what is wrong with it.",
                    "additionalProperties": { "type": "array", "minItems": 1, "items": { "type": "string" } },
                },
            },
        },
    }))
}

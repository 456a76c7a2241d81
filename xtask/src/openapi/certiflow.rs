//! CertiFlow in each of its generations, with the errors of its platform.

mod errors;

use super::parts::{
    component, described, document as whole, empty, integer, list_of, named, object, response, responses, security,
    text, text_or_null, texts, time_or_null, truth,
};
use crate::schema::capitalized;
use cardwright_core::Named as _;
use cardwright_core::certiflow::{
    Action, CardInfo, CardState, Certificate, CertificateType, ContentExpirationStatus, Dialect, Endpoint, Parameter,
    Privilege, Query, RevocationReason, UserName,
};
use cardwright_core::json::{SchemaField, ValueType};
use cardwright_core::lifecycle::System;
use serde_json::{Map, Value, json};

/// The whole document of a generation at its usual base.
pub(super) fn document(dialect: Dialect) -> Result<Value, String> {
    let mut paths = Map::new();
    for endpoint in Endpoint::ALL {
        let Some(route) = endpoint.route_in(dialect) else { continue };
        let path = paths.entry(format!("/{}", route.path)).or_insert_with(|| json!({}));
        path[route.method.name().to_ascii_lowercase()] = call(endpoint, dialect);
    }
    let mut schemas = schemas(dialect)?;
    schemas.append(&mut errors::schemas(dialect));
    let components =
        json!({ "schemas": schemas, "responses": errors::responses(dialect), "securitySchemes": security() });
    let about = format!(
        "The card API of {}, generation {}, as the server of Cardwright speaks it with its switches untouched. The \
        vendor publishes the names; JSON types and errors are assumed.",
        dialect.products(),
        dialect.name()
    );
    Ok(whole(&format!("CertiFlow {}", dialect.name()), &about, dialect.base(), paths, components))
}

fn call(endpoint: Endpoint, dialect: Dialect) -> Value {
    let (summary, own) = match endpoint.action() {
        Action::List => {
            let about = "The cards, by their ids. Retired cards are not among them.";
            ("Lists cards", ("200", response(about, "application/json", list_of("CardInfo"))))
        }
        Action::ListOfUser => {
            let about = "The cards of the user, by their ids; none for a user who is not known.";
            ("Lists the cards of a user", ("200", response(about, "application/json", list_of("CardInfo"))))
        }
        Action::Show => {
            let card = component("schemas", "CardInfo");
            ("One card by its id", ("200", response("The card.", "application/json", card)))
        }
        Action::Operate(operation) => {
            let status = if dialect.is_classic() { "204" } else { "200" };
            (operation.native(System::CertiFlow).unwrap_or(operation.name()), (status, empty("It is done.")))
        }
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => ("Not described", ("500", empty("Not described."))),
    };
    let finds_users = (endpoint.action() == Action::ListOfUser).then_some(Privilege::FindingUsers);
    let privileges = [endpoint.privilege()].into_iter().chain(finds_users);
    let needs: Vec<String> =
        privileges.filter_map(|one| Some(format!("Needs the privilege \"{}\".", one.name_in(dialect)?))).collect();
    let about = endpoint.operation().map(|operation| format!("{}. ", capitalized(operation.facts().about)));
    let mut call = json!({
        "operationId": format!("{endpoint:?}"),
        "summary": summary,
        "description": about.unwrap_or_default() + &needs.join(" "),
        "responses": responses(&[own], &errors::of(endpoint, dialect)),
    });
    let parameters = parameters(endpoint, dialect);
    if !parameters.is_empty() {
        call["parameters"] = parameters.into();
    }
    if endpoint == Endpoint::Revoke {
        let body = json!({ "schema": component("schemas", "Revocation") });
        call["requestBody"] = json!({
            "description": if dialect.reason_in_body() { "The reason." } else { "The reason, where it is no parameter." },
            "content": { "application/json": body.clone(), "application/x-www-form-urlencoded": body },
        });
    }
    call
}

fn parameters(endpoint: Endpoint, dialect: Dialect) -> Vec<Value> {
    let mut parameters = Vec::new();
    if !matches!(endpoint.action(), Action::List | Action::ListOfUser) {
        let place = if dialect.id_is_parameter() { "query" } else { "path" };
        parameters.push(json!({
            "name": "id", "in": place, "required": true, "description": "The card's id.",
            "schema": { "type": "integer", "format": "int64", "minimum": 0 }, "example": 1065,
        }));
    }
    for (parameter, field) in Query::PARAMETERS.iter().zip(Query::SCHEMA.fields) {
        let Some(name) = parameter.name_of(endpoint, dialect) else { continue };
        parameters.push(if endpoint == Endpoint::CardsOfUser {
            json!({
                "name": name, "in": "query", "required": true, "description": about(parameter, dialect),
                "schema": { "type": "string", "pattern": "\\S" },
            })
        } else {
            let about =
                format!("{}Since {}. An empty value is none.", about(parameter, dialect), parameter.since.name());
            json!({ "name": name, "in": "query", "schema": filter(field), "description": about })
        });
    }
    if endpoint == Endpoint::Revoke {
        let about = match dialect.reason_in_body() {
            true => "The reason, where the body has none. Default: None.",
            false => "The reason; takes precedence over that of the body. Default: None.",
        };
        parameters.push(json!({
            "name": "reason", "in": "query", "schema": component("schemas", "RevocationReason"), "description": about,
        }));
    }
    parameters
}

/// What else is to be said of a parameter.
fn about(parameter: &Parameter, dialect: Dialect) -> String {
    if parameter.name != "userName" {
        return String::new();
    }
    let forms = dialect.user_names().iter().map(|form| match form {
        UserName::Upn => "a UPN",
        UserName::Logon => "a logon name (sAMAccountName)",
        UserName::DownLevel => "DOMAIN\\LogonName",
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => "a name in a form that is not described",
    });
    format!("The user: {}. ", forms.collect::<Vec<_>>().join(" or "))
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
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => json!({}),
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

/// The schemas of a generation but for those of its errors.
fn schemas(dialect: Dialect) -> Result<Map<String, Value>, String> {
    let id = if dialect.id_is_text() { json!({ "type": "string", "pattern": "^[0-9]+$" }) } else { integer() };
    let exact =
        [("id", id), ("serialNumber", text()), ("policyId", json!({ "type": ["integer", "null"], "format": "int64" }))];
    let mut card = object(&CardInfo::SCHEMA, of_card, &exact)?;
    if let Some(properties) = card["properties"].as_object_mut() {
        properties.retain(|name, _| dialect.has_field(name));
        card["required"] = properties.keys().cloned().collect();
    }
    let reasons = RevocationReason::ALL.iter().filter(|reason| reason.since() <= dialect);
    let names: Vec<&str> = reasons.clone().map(|reason| reason.name()).collect();
    let words: Vec<String> = reasons.map(|reason| format!("{} {}", reason.number(), reason.name())).collect();
    let reason = json!({
        "description": format!("A reason by its name or its number: {}.", words.join(", ")),
        "anyOf": [
            { "type": "string", "enum": names },
            { "type": "integer", "minimum": 0, "maximum": names.len().saturating_sub(1) },
        ],
    });
    let mut schemas = Map::new();
    schemas.insert("CardInfo".into(), card);
    if dialect.has_field("certificates") {
        let exact = [("type", named::<CertificateType>())];
        schemas.insert("Certificate".into(), object(&Certificate::SCHEMA, of_certificate, &exact)?);
    }
    schemas.insert("CardState".into(), described(named::<CardState>(), "A state of a card."));
    let expires = Query::PARAMETERS.iter().find(|parameter| parameter.name == "contentExpirationStatus");
    if expires.is_some_and(|parameter| parameter.name_of(Endpoint::Cards, dialect).is_some()) {
        let status = described(named::<ContentExpirationStatus>(), "Whether certificates expire.");
        schemas.insert("ContentExpirationStatus".into(), status);
    }
    schemas.insert("RevocationReason".into(), reason);
    schemas.insert(
        "Revocation".into(),
        json!({
            "type": "object", "additionalProperties": false,
            "properties": { "reason": component("schemas", "RevocationReason") },
        }),
    );
    Ok(schemas)
}

//! MIM CM, with the statuses of scheme B.

use super::parts::{
    common, component, described, document as whole, empty, integer, list_of, named, number_of, numbered, object,
    response, responses, security, text, text_or_null, texts, truth,
};
use cardwright_core::Named as _;
use cardwright_core::json::ValueType;
use cardwright_core::mim::{
    DataItem, Endpoint, Request, RequestEnd, RequestKind, RequestQuery, RequestStatus, RequestType, Smartcard,
    SmartcardStatus, StatusScheme,
};
use serde_json::{Map, Value, json};

const ABOUT: &str = "The REST API of Microsoft Identity Manager 2016 Certificate Management as the server of \
    Cardwright speaks it with its switches untouched. The product has no such document. It documents the statuses \
    200, 201, 204, 403 and 500; the others and the form of errors are assumed.";

const JSON: &str = "application/json";

/// The ids of the documents' own examples: a request, its card, the id which that card carries, and
/// the template of both.
const REQUEST: &str = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
const SMARTCARD: &str = "17cf063d-e337-4aa9-a822-346554ddd3c9";
const CARD_ID: &str = "bc88f13f-83ba-4037-8262-46eba1291c6e";
const TEMPLATE: &str = "a039b4d0-5ce8-4eff-8651-181c6576fda3";

/// The whole document.
pub(super) fn document() -> Result<Value, String> {
    let mut paths = Map::new();
    for endpoint in Endpoint::ALL {
        let route = endpoint.route();
        let path = paths.entry(format!("/{}", route.path)).or_insert_with(|| json!({}));
        path[route.method.name().to_ascii_lowercase()] = call(endpoint);
    }
    let mut errors = common();
    for (name, description) in [
        ("Invalid", "An id or the body cannot be understood."),
        ("Forbidden", "The account lacks the permission."),
        ("NotFound", "There is no such card, request or template."),
        ("WrongMethod", "The address has other methods."),
        ("Refused", "The status of the card or of the request does not allow it."),
        ("Failed", "The server is at fault."),
    ] {
        errors.insert(name.into(), response(description, JSON, component("schemas", "Error")));
    }
    let components = json!({ "schemas": schemas()?, "responses": errors, "securitySchemes": security() });
    Ok(whole("MIM CM", ABOUT, "/CertificateManagement", paths, components))
}

fn call(endpoint: Endpoint) -> Value {
    let reply = |description: &str, schema: &str| response(description, JSON, component("schemas", schema));
    let made = |description: &str, kind: &str| {
        let pattern = format!("^api/v1\\.0/{kind}/[0-9a-f-]{{36}}$");
        let schema = json!({ "type": "string", "pattern": pattern, "description": "Below the virtual folder." });
        response(description, JSON, schema)
    };
    let (summary, own) = match endpoint {
        Endpoint::Smartcards => {
            let card = component("schemas", "Smartcard");
            let schema = json!({ "oneOf": [{ "type": "array", "items": card.clone() }, card] });
            let cards = response("The caller's cards; with a cardid that card, as an object.", JSON, schema);
            (
                "The caller's cards, or the card with a cardid",
                vec![("200", cards), ("204", empty("No card has this cardid."))],
            )
        }
        Endpoint::Smartcard => ("One card", vec![("200", reply("The card.", "Smartcard"))]),
        Endpoint::Operations => {
            let words: Vec<String> = RequestKind::ALL.iter().map(|kind| kind.name().to_ascii_lowercase()).collect();
            let schema = json!({ "type": "array", "uniqueItems": true, "items": { "type": "string", "enum": words } });
            ("What the caller may do with a card", vec![("200", response("Kinds of requests.", JSON, schema))])
        }
        Endpoint::AssignSmartcard => {
            ("Gives a card to a request", vec![("201", made("Where the card is.", "smartcards"))])
        }
        Endpoint::UpdateSmartcard => {
            ("Sets a card's status in the course of a request", vec![("200", reply("The card.", "Smartcard"))])
        }
        Endpoint::CreateRequest => ("Makes a request", vec![("201", made("Where the request is.", "requests"))]),
        Endpoint::Request => ("One request", vec![("200", reply("The request.", "Request"))]),
        Endpoint::EndRequest => {
            ("Completes, cancels or abandons a request", vec![("200", reply("The request.", "Request"))])
        }
        Endpoint::Requests => {
            let schema = json!({ "type": "array", "items": component("schemas", "Request") });
            let own = vec![("200", response("Requests, the newest last.", JSON, schema))];
            ("The requests that the caller may see", own)
        }
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => ("Not described", vec![]),
    };
    let mut errors = vec![("400", "Invalid"), ("403", "Forbidden"), ("405", "WrongMethod"), ("500", "Failed")];
    if !matches!(endpoint, Endpoint::Smartcards | Endpoint::Requests) {
        errors.push(("404", "NotFound"));
    }
    let body = match endpoint {
        Endpoint::CreateRequest => Some("CreateRequest"),
        Endpoint::AssignSmartcard => Some("AssignSmartcard"),
        Endpoint::UpdateSmartcard => Some("UpdateSmartcard"),
        Endpoint::EndRequest => Some("EndRequest"),
        Endpoint::Smartcards | Endpoint::Smartcard | Endpoint::Operations | Endpoint::Request | Endpoint::Requests => {
            None
        }
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => None,
    };
    if body.is_some() {
        errors.push(("409", "Refused"));
    }
    let mut call = json!({
        "operationId": format!("{endpoint:?}"), "summary": summary, "responses": responses(&own, &errors),
    });
    let places = endpoint.route().path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let is_request = matches!(endpoint, Endpoint::Request | Endpoint::EndRequest);
    let mut parameters: Vec<Value> = places
        .map(|name| {
            let (what, example) =
                if is_request || name == "requestid" { ("request", REQUEST) } else { ("card", SMARTCARD) };
            json!({
                "name": name, "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" },
                "description": format!("The {what}'s id in the database."), "example": example,
            })
        })
        .collect();
    if endpoint == Endpoint::Smartcards {
        parameters.push(json!({
            "name": "cardid", "in": "query", "schema": { "type": "string", "format": "uuid" },
            "description": "The id that the card itself carries. An empty value is none.", "example": CARD_ID,
        }));
    }
    if endpoint == Endpoint::Requests {
        parameters.push(json!({
            "name": "status", "in": "query", "schema": named::<RequestStatus>(),
            "description": "Those with this status.", "example": RequestStatus::Pending.name(),
        }));
        parameters.push(json!({
            "name": "targetuser", "in": "query", "schema": { "type": "string", "enum": [RequestQuery::CURRENT] },
            "description": "Those for the caller.", "example": RequestQuery::CURRENT,
        }));
    }
    if !parameters.is_empty() {
        call["parameters"] = parameters.into();
    }
    if let Some(body) = body {
        let schema = component("schemas", body);
        let content = json!({ "schema": schema, "examples": examples(endpoint) });
        call["requestBody"] = json!({ "required": true, "content": { JSON: content } });
    }
    call
}

/// The bodies that the documents print.
fn examples(endpoint: Endpoint) -> Value {
    match endpoint {
        Endpoint::CreateRequest => json!({
            "enroll": { "value": {
                "datacollection": "[]", "type": "Enroll", "profiletemplateuuid": TEMPLATE, "comment": "",
            } },
            "unblock": { "value": { "datacollection": "[]", "type": "Unblock", "smartcard": SMARTCARD, "comment": "" } },
        }),
        Endpoint::AssignSmartcard => json!({ "assign": { "value": {
            "requestid": REQUEST, "cardid": CARD_ID, "atr": "3b8d0180fba000000397425446590301c8",
        } } }),
        Endpoint::UpdateSmartcard => json!({ "retire": { "value": { "status": "Retired" } } }),
        _ => json!({ "complete": { "value": { "status": "Completed" } } }),
    }
}

/// A GUID of a reply; the empty one stands for none.
fn guid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

/// A GUID of a body: the empty one means that there is none.
fn some_guid(doc: &str) -> Value {
    json!({
        "type": "string", "format": "uuid", "not": { "const": cardwright_core::mim::EMPTY_UUID }, "description": doc,
    })
}

fn time() -> Value {
    json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,7})?Z?$" })
}

/// The type of a field; where there is nothing it is empty, and not null.
fn type_of(value: &ValueType) -> Value {
    match value {
        ValueType::Uuid => guid(),
        ValueType::Date => time(),
        ValueType::Number => integer(),
        ValueType::Flag => truth(),
        ValueType::Texts => texts(),
        ValueType::Objects(schema) => list_of(schema.name),
        ValueType::Text | ValueType::Scalar | ValueType::Known(_) => text(),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => json!({}),
    }
}

fn schemas() -> Result<Value, String> {
    let card = [
        ("Status", numbered(StatusScheme::B.rows.iter().map(|row| (row.0, row.1.name())))),
        ("Atr", json!({ "type": "string", "pattern": "^([0-9a-f]{2})*$" })),
    ];
    let request = [
        ("RequestType", number_of::<RequestType>()),
        ("Status", number_of::<RequestStatus>()),
        ("Priority", json!({ "type": "integer", "minimum": 0, "maximum": 255 })),
    ];
    let item = [("Value", text_or_null())];
    let atr = json!({
        "type": ["string", "null"], "pattern": "^([0-9a-fA-F]{2}){0,33}$",
        "description": "The ATR in hexadecimal digits.",
    });
    Ok(json!({
        "Smartcard": object(&Smartcard::SCHEMA, type_of, &card)?,
        "Request": object(&Request::SCHEMA, type_of, &request)?,
        "DataItem": object(&DataItem::SCHEMA, type_of, &item)?,
        "CreateRequest": create(),
        "AssignSmartcard": {
            "type": "object", "additionalProperties": false, "required": ["requestid", "cardid"],
            "properties": {
                "requestid": some_guid("The request."), "cardid": some_guid("The id that the card carries."), "atr": atr,
            },
        },
        "UpdateSmartcard": {
            "type": "object", "additionalProperties": false, "required": ["status"],
            "properties": { "status": described(named::<SmartcardStatus>(), "The status. Only Retired is documented.") },
        },
        "EndRequest": {
            "type": "object", "additionalProperties": false, "required": ["status"],
            "properties": { "status": described(named::<RequestEnd>(), "How it ends.") },
        },
        "Error": {
            "type": "object", "additionalProperties": false, "required": ["Message"],
            "properties": { "Message": described(text(), "A sentence for a person.") },
        },
    }))
}

/// The body of "Create request": which kinds there are, and what each must name.
fn create() -> Value {
    let answers = json!({
        "type": "array", "description": "Objects of one field each: the question, and its answer.",
        "items": {
            "type": "object", "minProperties": 1, "maxProperties": 1,
            "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
        },
    });
    // A text of which a part can be described by a pattern.
    let written = json!({
        "type": "string", "pattern": "^(\\[(\\{\"[A-Za-z0-9 ]{1,40}\":\"[A-Za-z0-9 ]{0,40}\"\\})?\\])?$",
        "description": "The same list as JSON in a text, as the documents show it.",
    });
    let priority = json!({
        "description": "0 to 255; 0 is the highest. By default the policy's.",
        "oneOf": [
            { "type": "integer", "minimum": 0, "maximum": 255 },
            { "type": "string", "pattern": "^(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$" },
            { "type": "null" },
        ],
    });
    let form = |doc: &str, needs_card: bool| {
        let is_wanted = |kind: &RequestKind| {
            let takes_none = matches!(kind, RequestKind::Enroll | RequestKind::TemporaryCards);
            // The number of OfflineUnblock is not published, so it is not served.
            kind.request_type().is_some() && takes_none != needs_card
        };
        let kinds: Vec<&str> = RequestKind::ALL.iter().filter(|kind| is_wanted(kind)).map(|kind| kind.name()).collect();
        let required = if needs_card { ["type", "smartcard"] } else { ["type", "profiletemplateuuid"] };
        json!({
            "type": "object", "additionalProperties": false, "required": required, "description": doc,
            "properties": {
                "type": { "type": "string", "enum": kinds, "description": "What for." },
                "smartcard": some_guid("The card that it is about, by its id in the database."),
                "profiletemplateuuid": some_guid("The profile template. A card's own takes precedence."),
                "target": some_guid("The user that it is for. Default: the caller, or the card's user."),
                "datacollection": {
                    "description": "The answers to the policy's questions.", "oneOf": [answers, written, { "type": "null" }],
                },
                "comment": { "type": ["string", "null"], "description": "A comment." },
                "priority": priority,
            },
        })
    };
    json!({
        "oneOf": [
            form("A request for a card.", false),
            form("A request about a card. A card without a template needs one.", true),
        ],
    })
}

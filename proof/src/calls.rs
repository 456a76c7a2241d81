//! Roots of the calls of both APIs, as they are written, and of the addresses that a server matches.

use cardwright_core::Named;
use cardwright_core::certiflow::{self, CardState, ContentExpirationStatus, Dialect, Query, RevocationReason};
use cardwright_core::http::{self, Call, Method, Route};
use cardwright_core::lifecycle::Operation;
use cardwright_core::mim::{self, CreateRequest, RequestEnd, RequestKind, SmartcardStatus};

use crate::show::texts;

/// Writes the address and the body of a call, and sums them.
fn written(call: &impl Call) -> usize {
    let mut buffer = [0; 512];
    let address = http::target_to(call, &mut buffer).map_or_else(|error| error.at, sum);
    let mut buffer = [0; 1024];
    let body = http::body_to(call, &mut buffer).map_or_else(|error| error.at, sum);
    address ^ body ^ http::target_len(call) ^ http::body_len(call) ^ usize::from(call.has_body())
}

fn sum(text: &str) -> usize {
    text.bytes().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
}

/// One value of an enumeration, by the length of a text.
fn one<T: Named>(text: &str) -> Option<T> {
    T::ALL.get(text.len()).copied()
}

root! {
    /// A list of cards with every filter.
    fn root_certiflow_cards(input: &[u8]) -> usize {
        let [a, b, c, d, e, f, g, h, i] = texts(input);
        let tags = [a, b];
        let query = Query {
            offset: a.parse().ok(),
            count: u32::try_from(b.len()).ok(),
            serial_number: Some(a),
            user_name: Some(b),
            card_type_name: Some(c),
            card_model_name: Some(d),
            comment: Some(e),
            tags: &tags,
            policy_name: Some(f),
            state: one::<CardState>(a),
            content_expiration_status: one::<ContentExpirationStatus>(b),
            time_issued: Some(g),
            time_updated: Some(h),
            time_revoked: Some(i),
        };
        let dialect = one::<Dialect>(c).unwrap_or_default();
        match certiflow::Call::Cards(query).in_dialect(dialect) {
            Ok(request) => written(&request),
            Err(error) => error.code.number().into(),
        }
    }

    /// Any operation on a card, and the card itself, in any dialect.
    fn root_certiflow_operate(input: &[u8]) -> usize {
        let [id, operation, reason, dialect] = texts(input);
        let call = match one::<Operation>(operation) {
            Some(operation) => certiflow::Call::Operate { operation, id, reason: RevocationReason::parse(reason) },
            None => certiflow::Call::Card { id },
        };
        match call.in_dialect(one::<Dialect>(dialect).unwrap_or_default()) {
            Ok(request) => written(&request),
            Err(error) => error.code.number().into(),
        }
    }

    /// A request of MIM CM, with every field.
    fn root_mim_create(input: &[u8]) -> usize {
        let [kind, smartcard, template, target, items, comment, priority] = texts(input);
        let call = mim::Call::CreateRequest(CreateRequest {
            kind: RequestKind::from_name(kind).unwrap_or(RequestKind::Revoke),
            smartcard: (!smartcard.is_empty()).then_some(smartcard),
            profile_template: (!template.is_empty()).then_some(template),
            target: (!target.is_empty()).then_some(target),
            data_collection: items,
            comment,
            priority: priority.parse().ok(),
        });
        written(&call)
    }

    /// Each other call of MIM CM.
    fn root_mim_calls(input: &[u8]) -> usize {
        let [which, a, b, atr] = texts(input);
        let status = one::<SmartcardStatus>(b).unwrap_or(SmartcardStatus::Retired);
        let end = one::<RequestEnd>(b).unwrap_or(RequestEnd::Completed);
        let call = match which.len() {
            0 => mim::Call::Smartcards,
            1 => mim::Call::SmartcardByCardId { card_id: a },
            2 => mim::Call::Smartcard { uuid: a },
            3 => mim::Call::Operations { uuid: a },
            4 => mim::Call::AssignSmartcard { request: a, card_id: b, atr },
            5 => mim::Call::UpdateSmartcard { request: a, uuid: b, status },
            6 => mim::Call::Request { uuid: a },
            _ => mim::Call::EndRequest { uuid: a, end },
        };
        match call.check() {
            Ok(()) => written(&call) ^ mim::id_of_uri(a).map_or(0, str::len),
            Err(error) => error.code.number().into(),
        }
    }

    /// Any address against any route.
    fn root_http_route(input: &[u8]) -> usize {
        let [path] = texts(input);
        let routes = certiflow::Endpoint::ALL.map(certiflow::Endpoint::route);
        let other = Route { method: Method::Put, path: "a/{b}/{c}/{d}" };
        routes.into_iter().chain([&other]).fold(0, |found, route| {
            let mut arguments = ["", ""];
            let matched = usize::from(route.matches(path, &mut arguments));
            found << 1 ^ matched ^ arguments.into_iter().map(sum).fold(0, usize::wrapping_add)
        })
    }
}

//! Roots of `core::json`, and of the objects that are read with it.

use core::fmt::Write;

use cardwright_core::certiflow::{CardInfo, Certificate};
use cardwright_core::json::{self, Elements, List, Scalar, Span, Spans, Text};
use cardwright_core::mim::{DataItem, Request, Smartcard, StatusScheme, Step};

use crate::show::{Show, texts};
use crate::sink::Sink;

/// Shows every field of a view.
macro_rules! show {
    ($($view:ident: $($get:ident)*;)*) => {$(
        impl Show for $view<'_> {
            fn show(self, sink: &mut Sink) {
                $(self.$get().show(sink);)*
                let _ = sink.write_str(self.json());
            }
        }
    )*};
}

show! {
    CardInfo: id serial_number card_type_name card_model_name atr label comment tags state form_factor
        pac_number expiration_date time_issued time_disabled time_updated time_revoked user_id user_name
        policy_id policy_name certificates;
    Certificate: kind serial_number thumbprint subject issuer valid_to;
    Smartcard: uuid status flags parent_smartcard_uuid primary_smartcard_uuid permanent_smartcard_uuid
        assigned_user_uuid profile_template_uuid profile_template_version comment serial_number middleware atr;
    Request: uuid request_type status flags data_collection data_collection_flags originator_user_uuid
        target_user_uuid submitted completed new_profile_uuid old_profile_uuid new_smartcard_uuid
        old_smartcard_uuid priority comment profile_template_uuid security_descriptor is_smartcard
        is_enrollment_agent is_data_collection_complete;
    DataItem: name value;
}

fn shown<'a, T: json::FromJson<'a> + Show>(input: &'a [u8]) -> usize {
    let mut sink = Sink::default();
    match json::from_slice::<T>(input) {
        Ok(view) => view.show(&mut sink),
        Err(error) => {
            let _ = write!(sink, "{error}");
        }
    }
    sink.sum()
}

root! {
    /// Whether it is JSON, and where not.
    fn root_json_check(input: &[u8]) -> usize {
        json::check(input).map_or_else(|error| error.at ^ usize::from(error.code.number()), |()| 0)
    }

    /// A card: its state alone.
    fn root_json_card_state(input: &[u8]) -> usize {
        json::from_slice::<CardInfo<'_>>(input).map_or(0, |card| card.state().known().map_or(1, |state| state as usize))
    }

    /// A card of CertiFlow: every field.
    fn root_json_card(input: &[u8]) -> usize {
        shown::<CardInfo<'_>>(input)
    }

    /// A card of MIM CM: every field.
    fn root_json_smartcard(input: &[u8]) -> usize {
        shown::<Smartcard<'_>>(input)
    }

    /// A request of MIM CM: every field.
    fn root_json_request(input: &[u8]) -> usize {
        shown::<Request<'_>>(input)
    }

    /// A list of cards.
    fn root_json_list(input: &[u8]) -> usize {
        let mut sink = Sink::default();
        match List::<CardInfo<'_>>::new(input) {
            Ok(list) => list.show(&mut sink),
            Err(error) => return error.at,
        }
        sink.sum()
    }

    /// A stream of cards, in chunks of a size from the input, through a buffer of a kilobyte.
    fn root_json_elements(input: &[u8]) -> usize {
        let Some((size, document)) = input.split_first() else { return 0 };
        let mut sink = Sink::default();
        let mut elements = Elements::new([0; 1024]);
        let mut rest = document;
        while !rest.is_empty() {
            let at = usize::from(*size).max(1).min(rest.len());
            let Some((mut chunk, after)) = rest.split_at_checked(at) else { break };
            rest = after;
            loop {
                match elements.next(&mut chunk) {
                    Ok(Some(element)) => {
                        sink.add(element.at);
                        match json::from_slice::<CardInfo<'_>>(element.json) {
                            Ok(card) => card.state().show(&mut sink),
                            Err(error) => {
                                let _ = write!(sink, "{}", error.within(element.at));
                            }
                        }
                    }
                    Ok(None) => break,
                    Err(error) => {
                        let _ = write!(sink, "{error}");
                    }
                }
            }
        }
        sink.sum() ^ elements.finish().map_or_else(|error| error.at, |()| elements.offset()) ^ usize::from(elements.is_blank())
    }

    /// A view over places that do not fit.
    fn root_json_attach(input: &[u8]) -> usize {
        let [json] = texts(input);
        let mut sink = Sink::default();
        // Places of another document, and the input as the document.
        let mut spans: Spans<21> = [Span::default(); 21];
        if let Ok(other) = json::from_slice::<CardInfo<'_>>(input.get(1..).unwrap_or_default()) {
            spans = *other.spans();
        }
        CardInfo::attach(json, spans).show(&mut sink);
        sink.sum()
    }

    /// The path of any byte.
    fn root_json_path(input: &[u8]) -> usize {
        let Some((at, document)) = input.split_first() else { return 0 };
        let mut sink = Sink::default();
        let _ = json::path(document, usize::from(*at), &mut sink);
        sink.sum()
    }

    /// A text: copied, padded, compared.
    fn root_json_text(input: &[u8]) -> usize {
        let mut sink = Sink::default();
        if let Ok(text) = json::from_slice::<Text<'_>>(input) {
            let mut buffer = [0; 32];
            let _ = write!(sink, "{text:>9.4}{}", text.copy_to(&mut buffer).unwrap_or("-"));
            sink.add(usize::from(text == "a" || text.eq_ignore_ascii_case("Issued")));
        }
        sink.sum()
    }

    /// A text, written with its escapes.
    fn root_json_write_text(input: &[u8]) -> usize {
        let [text] = texts(input);
        let mut sink = Sink::default();
        let _ = json::write_text(text, &mut sink);
        sink.sum()
    }

    /// What a status number of MIM CM means, and what comes next for a request.
    fn root_json_status(input: &[u8]) -> usize {
        let status = json::from_slice::<Scalar<'_>>(input).ok().and_then(|number| StatusScheme::B.status(number));
        let step = match json::from_slice::<Request<'_>>(input).map(|request| request.step()) {
            Ok(Step::CarryOut) => 1,
            Ok(Step::AwaitApproval) => 2,
            Ok(Step::Done) => 3,
            Ok(Step::Ended(status)) => status as usize,
            Ok(Step::Unknown) => 4,
            Err(error) => error.at,
        };
        step ^ status.map_or(0, |status| status as usize)
    }
}

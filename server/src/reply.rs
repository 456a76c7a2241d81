//! An answer, before it is HTTP.

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use std::borrow::Cow;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: StatusCode,
    content_type: Option<Cow<'static, str>>,
    extra: Vec<(HeaderName, String)>,
    body: Bytes,
}

const JSON: &str = "application/json; charset=utf-8";

impl Reply {
    /// An answer with no body.
    pub(crate) const fn empty(status: StatusCode) -> Self {
        Reply { status, content_type: None, extra: Vec::new(), body: Bytes::new() }
    }

    /// An answer in JSON.
    pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Self {
        Self::typed(status, JSON, value)
    }

    /// An answer in JSON with its own media type.
    pub(crate) fn typed(status: StatusCode, content_type: &'static str, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Reply { status, content_type: Some(content_type.into()), extra: Vec::new(), body: body.into() },
            Err(_) => Self::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// An answer whose JSON is already written.
    pub(crate) fn written(body: impl Into<Bytes>) -> Self {
        Reply { status: StatusCode::OK, content_type: Some(JSON.into()), extra: Vec::new(), body: body.into() }
    }

    /// An answer with any content.
    pub(crate) fn raw(status: StatusCode, content_type: Option<String>, body: Vec<u8>) -> Self {
        Reply { status, content_type: content_type.map(Cow::Owned), extra: Vec::new(), body: body.into() }
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.extra.push((name, value.into()));
        self
    }
}

impl From<Reply> for Response<Bytes> {
    fn from(reply: Reply) -> Self {
        let mut response = Response::new(reply.body);
        *response.status_mut() = reply.status;
        if let Some(content_type) = reply.content_type
            && let Ok(content_type) = HeaderValue::from_str(&content_type)
        {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        for (name, value) in reply.extra {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

//! An answer, before it is HTTP.

use crate::pages::Content;
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use core::fmt;
use serde::Serialize;
use std::borrow::Cow;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: StatusCode,
    content_type: Option<Cow<'static, str>>,
    extra: Vec<(HeaderName, String)>,
    content: Content,
    /// Why it is an error, for the log.
    cause: Option<String>,
}

const JSON: &str = "application/json; charset=utf-8";

impl Reply {
    fn new(status: StatusCode, content_type: Option<Cow<'static, str>>, bytes: Bytes) -> Self {
        Reply { status, content_type, extra: Vec::new(), content: Content { bytes, rest: None }, cause: None }
    }

    /// An answer with no body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::new(status, None, Bytes::new())
    }

    /// An answer in JSON.
    pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Self {
        Self::typed(status, JSON, value)
    }

    /// An answer in JSON with its own media type.
    pub(crate) fn typed(status: StatusCode, content_type: &'static str, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::new(status, Some(content_type.into()), body.into()),
            Err(error) => Self::empty(StatusCode::INTERNAL_SERVER_ERROR).because(error),
        }
    }

    /// An answer whose JSON is already written.
    pub(crate) fn written(body: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, Some(JSON.into()), body.into())
    }

    /// An answer in JSON that may be written while it is read.
    pub(crate) fn paged(content: Content) -> Self {
        Reply { content, ..Self::written(Bytes::new()) }
    }

    /// An answer with any content.
    pub(crate) fn raw(status: StatusCode, content_type: Option<String>, body: Vec<u8>) -> Self {
        Self::new(status, content_type.map(Cow::Owned), body.into())
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.extra.push((name, value.into()));
        self
    }

    /// The same, with the cause that the log shows and the client does not see.
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Takes the cause for the log.
    pub(crate) fn take_cause(&mut self) -> Option<String> {
        self.cause.take()
    }
}

impl From<Reply> for Response<Content> {
    fn from(reply: Reply) -> Self {
        let mut response = Response::new(reply.content);
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

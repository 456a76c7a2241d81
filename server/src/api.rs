//! What a system's API is to this server. Each system has one implementation for each of its bases.

use crate::Switches;
use crate::app::App;
use crate::http_request::HttpRequest;
use crate::registry::Caller;
use crate::reply::Reply;
use axum::body::Bytes;
use axum::http::StatusCode;
use cardwright_core::http::Route;
use core::pin::Pin;
use std::borrow::Cow;
use std::sync::Arc;

/// An API below a base path.
pub(crate) trait Api: Send + Sync {
    /// The path that all its addresses begin with.
    fn base(&self) -> &str;

    /// The same, for the figures.
    fn label(&self) -> Cow<'static, str>;

    /// The routes below the base.
    fn routes(&self) -> Vec<&'static Route>;

    /// Whether it is switched on. If it is off, all its addresses are 404.
    fn is_on(&self, _: &Switches) -> bool {
        true
    }

    /// Its OpenAPI document, and the document's path below the base.
    fn document(&self) -> Option<Document> {
        None
    }

    /// The reply to a caller that has not signed in.
    fn unauthorized(&self, _: &Switches) -> Reply {
        Reply::empty(StatusCode::UNAUTHORIZED)
    }

    /// Answers a request of a caller that has signed in.
    fn answer<'a>(&'a self, request: Request<'a>) -> Answering<'a>;
}

/// An OpenAPI document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Its path below the base.
    pub(crate) path: &'static str,
    pub(crate) text: Bytes,
}

/// A request for an API.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) app: &'a Arc<App>,
    pub(crate) caller: &'a Arc<Caller>,
    pub(crate) http: &'a Arc<HttpRequest>,
    /// The path below the base.
    pub(crate) path: &'a str,
}

/// A reply in the making.
pub(crate) type Answering<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

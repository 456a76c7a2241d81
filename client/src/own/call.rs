//! The calls of the own API of `cardwright serve`.

use cardwright_core::http::{self, Method, Route};
use std::fmt;

/// A call with all that it sends.
#[derive(Debug)]
pub(super) struct OwnCall {
    route: &'static Route,
    argument: String,
    parameters: Vec<(&'static str, String)>,
    body: Option<Body>,
}

/// A body, which may hold a password.
struct Body(String);

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(..)")
    }
}

pub(super) const AUDIT: &Route = &Route::new(Method::Get, "audit");
pub(super) const REQUESTS: &Route = &Route::new(Method::Get, "requests");
pub(super) const APPROVE: &Route = &Route::new(Method::Post, "requests/{id}/approve");
pub(super) const DENY: &Route = &Route::new(Method::Post, "requests/{id}/deny");
pub(super) const FAIL: &Route = &Route::new(Method::Post, "requests/{id}/fail");
pub(super) const ACCOUNTS: &Route = &Route::new(Method::Get, "accounts");
pub(super) const ACCOUNT: &Route = &Route::new(Method::Put, "accounts/{name}");
pub(super) const ROLES: &Route = &Route::new(Method::Get, "roles");

impl OwnCall {
    pub(super) fn new(route: &'static Route) -> Self {
        OwnCall { route, argument: String::new(), parameters: Vec::new(), body: None }
    }

    /// With what stands in the path.
    ///
    /// # Errors
    /// Where it cannot stand there.
    pub(super) fn argument(mut self, name: &'static str, argument: &str) -> Result<Self, cardwright_core::Error> {
        http::check_argument(name, argument)?;
        self.argument = argument.to_string();
        Ok(self)
    }

    /// With a parameter, where there is a value.
    pub(super) fn parameter(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.parameters.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// With a body in JSON.
    pub(super) fn body(self, body: String) -> Self {
        OwnCall { body: Some(Body(body)), ..self }
    }
}

impl http::Call for OwnCall {
    fn route(&self) -> &'static Route {
        self.route
    }

    fn argument(&self, _: usize) -> &str {
        &self.argument
    }

    fn query(&self, query: &mut http::Query<'_>) -> fmt::Result {
        self.parameters.iter().try_for_each(|(name, value)| query.add(name, value))
    }

    fn body(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.body.as_ref().map_or(Ok(()), |body| out.write_str(&body.0))
    }

    fn has_body(&self) -> bool {
        // A POST without a body says its length, as IIS wants it.
        self.route.method != Method::Get
    }
}

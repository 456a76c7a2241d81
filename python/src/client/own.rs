//! The own API of `cardwright serve`, as JSON for `python/cardwright/_own.py`.

use super::Client;
use cardwright::client::{AccountChange, AsSent, AuditFilter, Decision, OwnServer as Own, Secret, WaitingFilter};
use cardwright_python_common::members::given;
use pyo3::prelude::*;

/// The own API of the server that a client asks.
#[pyclass(frozen, module = "cardwright._cardwright")]
pub(crate) struct OwnServer {
    client: Py<Client>,
}

impl OwnServer {
    /// Asks the server, without the interpreter.
    fn ask<T: Send + 'static>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&Own) -> Result<T, cardwright::client::Error> + Send + 'static,
    ) -> PyResult<T> {
        self.client.get().ask(py, move |client| ask(&client.own_server()?))
    }

    /// Asks the server to change something.
    fn ask_to_change<T: Send + 'static>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&Own) -> Result<T, cardwright::client::Error> + Send + 'static,
    ) -> PyResult<T> {
        self.client.get().ask_to_change(py, move |client| ask(&client.own_server()?))
    }
}

#[pymethods]
impl OwnServer {
    #[new]
    fn new(py: Python<'_>, client: Py<Client>) -> PyResult<Self> {
        client.get().ask(py, |client| client.own_server().map(drop))?;
        Ok(OwnServer { client })
    }

    /// A page of the audit log, an object of JSON for each row, and where the next rows come.
    #[pyo3(signature = (after, limit, *, card, account, issuer, subject, since, until))]
    #[allow(clippy::too_many_arguments, reason = "each is a filter")]
    fn audit(
        &self,
        py: Python<'_>,
        after: i64,
        limit: u32,
        card: Option<String>,
        account: Option<String>,
        issuer: Option<String>,
        subject: Option<String>,
        since: Option<String>,
        until: Option<String>,
    ) -> PyResult<(Vec<String>, i64)> {
        let filter = AuditFilter { card, account, issuer, subject, since, until, after };
        let page = self.ask(py, move |server| server.audit(&filter, limit))?;
        Ok((json(&page.rows), page.next))
    }

    /// Requests of MIM CM and what they wait for, an object of JSON for each.
    fn requests(
        &self,
        py: Python<'_>,
        status: Option<&Bound<'_, PyAny>>,
        card: Option<String>,
    ) -> PyResult<Vec<String>> {
        let status = status.map(|status| given("status", status)).transpose()?;
        let filter = WaitingFilter { status, card };
        Ok(json(&self.ask(py, move |server| server.requests(&filter))?))
    }

    /// Approves or denies a request of MIM CM; an object of JSON.
    fn decide(&self, py: Python<'_>, request: String, approve: bool) -> PyResult<String> {
        let decision = if approve { Decision::Approve } else { Decision::Deny };
        let decided = self.ask_to_change(py, move |server| server.decide(&request, decision))?;
        Ok(decided.json().to_string())
    }

    /// The accounts, an object of JSON for each.
    fn accounts(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(json(&self.ask(py, |server| server.accounts())?))
    }

    /// The roles, an object of JSON for each.
    fn roles(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(json(&self.ask(py, |server| server.roles())?))
    }

    /// Changes an account, or adds it; an object of JSON.
    fn put_account(
        &self,
        py: Python<'_>,
        name: String,
        password: Option<String>,
        role: Option<String>,
        disabled: Option<bool>,
        user: Option<String>,
    ) -> PyResult<String> {
        let change = AccountChange { password: password.map(Secret::new), role, disabled, user };
        let account = self.ask_to_change(py, move |server| server.put_account(&name, &change))?;
        Ok(account.json().to_string())
    }
}

fn json<T>(objects: &[AsSent<T>]) -> Vec<String> {
    objects.iter().map(|object| object.json().to_string()).collect()
}

//! `GET accounts`, `PUT accounts/{name}` and `GET roles`. No answer has a password or its hash.

use super::flow::{Flow, check_may_all, stop};
use crate::app::{App, spawn_blocking};
use crate::http_request::{HttpRequest, decoded};
use crate::registry::{AccountChange, AccountEntry, Caller, Rights};
use crate::reply::Reply;
use crate::{Error, Secret};
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::certiflow::Privilege;
use cardwright_core::identity::Guid;
use cardwright_core::mim::Permission;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn list(app: &Arc<App>, caller: &Caller) -> Flow {
    check_may_all(caller, "see accounts")?;
    let accounts = spawn_blocking(app, |app| app.registry.accounts()).await?;
    let accounts: Vec<Value> = accounts.iter().map(object).collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "accounts": accounts })))
}

pub(super) async fn roles(app: &Arc<App>, caller: &Caller) -> Flow {
    check_may_all(caller, "see roles")?;
    let roles = spawn_blocking(app, |app| app.registry.read(|reading| reading.roles())).await?;
    let roles: Vec<Value> = roles.iter().map(|(name, rights)| role(name, *rights)).collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "roles": roles })))
}

/// The body of a change. `Debug` would show a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(default, deserialize_with = "secret")]
    password: Option<Secret>,
    role: Option<String>,
    disabled: Option<bool>,
    user: Option<String>,
}

fn secret<'de, D: Deserializer<'de>>(body: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(body)?.map(Secret::new))
}

pub(super) async fn put(app: &Arc<App>, caller: &Arc<Caller>, name: &str, http: &HttpRequest) -> Flow {
    check_may_all(caller, "change accounts")?;
    if !http.is_json() {
        return Err(stop(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be application/json."));
    }
    let bad = |why: &str| stop(StatusCode::BAD_REQUEST, why);
    let name = decoded(name).ok_or_else(|| bad("The name is not UTF-8."))?;
    // What serde says could repeat a password.
    let wrong = "The body is an object with some of password, role, user (texts) and disabled (true or false).";
    let body: Body = serde_json::from_slice(&http.body).map_err(|_| bad(wrong))?;
    let user = body.user.as_deref().map(Guid::parse).transpose().map_err(|_| bad("user: this is no GUID."))?;
    let change = AccountChange { password: body.password, role: body.role, disabled: body.disabled, user };
    if change.password.as_ref().is_some_and(|password| password.expose().is_empty()) {
        return Err(bad("password: an account needs one."));
    }
    let by = caller.who.clone();
    let changed = spawn_blocking(app, move |app| app.registry.change_account(&name, &change, &by)).await;
    match changed {
        Ok((account, is_new)) => {
            let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
            Ok(Reply::json(status, &object(&account)))
        }
        Err(error @ (Error::AccountName(_) | Error::NoSuchRole(_))) => Err(bad(&error.to_string())),
        Err(error @ Error::NoSuchAccount(_)) => Err(stop(StatusCode::NOT_FOUND, &error.to_string())),
        Err(error @ Error::LastAdministrator(_)) => Err(stop(StatusCode::CONFLICT, &error.to_string())),
        Err(error) => Err(error.into()),
    }
}

fn object(account: &AccountEntry) -> Value {
    json!({
        "name": account.name,
        "role": account.role,
        "user": account.user.to_string(),
        "disabled": account.disabled,
    })
}

fn role(name: &str, rights: Rights) -> Value {
    let privileges: Vec<&str> = Privilege::ALL.iter().filter(|one| rights.has(**one)).map(|one| one.name()).collect();
    let permissions: Vec<&str> = Permission::ALL.iter().filter(|one| rights.may(**one)).map(|one| one.name()).collect();
    json!({ "name": name, "privileges": privileges, "permissions": permissions })
}

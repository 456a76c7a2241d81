//! Lodge's API: its words, its objects, its calls.

use cardwright_core::http::{Call, Method, Query, Route};
use std::fmt;

/// What a pass may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassState {
    /// It opens doors.
    Active = 1,
    /// It opens none until it is given free.
    OnHold = 2,
    /// It opens none any more.
    Withdrawn = 3,
}

cardwright_core::named! { PassState { Active = "active", OnHold = "on hold", Withdrawn = "withdrawn" } }

cardwright_core::view! {
    /// The record of a pass.
    Pass,
    /// The record of a pass, with its bytes.
    OwnedPass {
        /// Its key in Lodge.
        id: Scalar = "id" required;
        /// The number that the pass tells.
        number: Scalar = "passNo" required;
        /// What it may do.
        state: Known<PassState> = "state" required;
        /// The holder.
        holder: Text = "holder";
        /// The last day.
        until: Date = "until";
        /// The doors that it opens.
        doors: List<Door> = "doors";
    }
}

cardwright_core::view! {
    /// A door.
    Door,
    /// A door, with its bytes.
    OwnedDoor {
        /// Its name.
        name: Text = "name" required;
    }
}

/// The passes with this number.
#[derive(Debug, Clone, Copy)]
pub struct Passes<'a> {
    /// The number.
    pub number: &'a str,
}

impl Call for Passes<'_> {
    fn route(&self) -> &'static Route {
        &Route { method: Method::Get, path: "passes" }
    }

    fn argument(&self, _: usize) -> &str {
        ""
    }

    fn query(&self, query: &mut Query<'_>) -> fmt::Result {
        query.add("passNo", self.number)
    }
}

/// One pass.
#[derive(Debug, Clone, Copy)]
pub struct One<'a> {
    /// Its key.
    pub id: &'a str,
}

impl Call for One<'_> {
    fn route(&self) -> &'static Route {
        &Route { method: Method::Get, path: "passes/{id}" }
    }

    fn argument(&self, _: usize) -> &str {
        self.id
    }
}

/// Puts a pass on hold.
#[derive(Debug, Clone, Copy)]
pub struct Hold<'a> {
    /// Its key.
    pub id: &'a str,
    /// Who asked for it.
    pub asked_by: &'a str,
}

impl Call for Hold<'_> {
    fn route(&self) -> &'static Route {
        &Route { method: Method::Post, path: "passes/{id}/hold" }
    }

    fn argument(&self, _: usize) -> &str {
        self.id
    }

    fn query(&self, query: &mut Query<'_>) -> fmt::Result {
        query.add("askedBy", self.asked_by)
    }
}

//! The same over PostgreSQL: at each call in turn the database ends the connection.
//!
//! Where that happens once, nobody notices: what was begun is begun again, and what was committed without an answer is looked
//! up. Where it goes on, the answer is an error, and nothing has changed.

use super::{Calls, Failures as _, OPERATIONS, World};
use crate::registry::copying::TABLES;
use crate::{Data, Database};
use cardwright_testkit::postgres::shared;

/// Tries all operations. Returns how many failures there were.
pub(super) fn try_all() -> u32 {
    let cluster = shared().unwrap();
    let data = || Data::Postgres(Database::parse(&cluster.database()).unwrap());
    let mut hits = try_lasting(World::new(data()));
    for pass in 0.. {
        let mut world = World::new(data());
        let some = try_passing(&mut world, pass);
        if some == 0 {
            break;
        }
        assert!(pass < 100, "there is no end");
        hits += some;
    }
    hits
}

/// The database goes on ending connections, from each call on: each operation fails, and changes nothing, until it is left
/// alone.
fn try_lasting(mut world: World) -> u32 {
    let mut hits = 0;
    for operation in OPERATIONS {
        for pass in 0.. {
            world.sign_in();
            let before = world.rows();
            Calls.arm(pass, true);
            let answer = (operation.ask)(&world);
            let has_failed = Calls.disarm();
            let after = world.rows();
            let context = format!("{}, from call {pass} on: {answer:?}", operation.name);
            let is_success = (200..300).contains(&answer.status) && answer.is_whole;
            assert!(is_success || has_failed && (answer.status >= 500 || !answer.is_whole), "{context}");
            assert_eq!(before != after, is_success && operation.changes, "{context}");
            assert!(pass < 100, "there is no end: {context}");
            hits += u32::from(has_failed);
            // What was done in spite of it is done: a connection that breaks after that is in nobody's way.
            if !has_failed || is_success && operation.changes {
                (operation.keep)(&mut world, &answer);
                break;
            }
        }
    }
    hits
}

/// The database ends one connection, at this call of each operation: changes are carried out all the same, and readings at
/// most fail.
fn try_passing(world: &mut World, pass: i64) -> u32 {
    let mut hits = 0;
    for operation in OPERATIONS {
        world.sign_in();
        let before = world.rows();
        Calls.arm(pass, false);
        let mut answer = (operation.ask)(world);
        let has_failed = Calls.disarm();
        hits += u32::from(has_failed);
        let context = format!("{}, at call {pass}: {answer:?}", operation.name);
        if !operation.changes && (answer.status >= 500 || !answer.is_whole) {
            assert!(has_failed, "{context}");
            answer = (operation.ask)(world);
        }
        assert!((200..300).contains(&answer.status) && answer.is_whole, "{context}");
        assert_eq!(before != world.rows(), operation.changes, "{context}");
        (operation.keep)(world, &answer);
    }
    hits
}

/// All rows of all tables but the one that probes write.
pub(super) fn rows(database: &Database) -> Vec<String> {
    let shown = database.to_string();
    let name = shown.rsplit('/').next().unwrap();
    let tables = TABLES.map(|table| table.name).into_iter().chain(["registry"]);
    let select: Vec<String> = tables.map(|table| format!("SELECT '{table}' || t::text FROM {table} t")).collect();
    let select = select.join(" UNION ALL ");
    shared().unwrap().psql(name, &format!("{select} ORDER BY 1")).lines().map(str::to_owned).collect()
}

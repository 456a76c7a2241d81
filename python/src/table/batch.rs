//! Record batches of one schema, from rows.

use super::values::Unread;
use super::{Column, Kind, Unfit, Values};
use crate::systems;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema, SchemaRef};
use cardwright::client::AnyCard;
use cardwright_core::lifecycle::{NativeState, System};
use std::sync::Arc;

/// The most bytes of cards in a batch: it takes about that in memory, and the offsets of a column have 31 bits.
const MOST: usize = 64 << 20;

/// The most rows of a batch.
const MOST_ROWS: usize = 1 << 20;

/// The column with the whole record as the server wrote it.
const JSON: &str = "json";

/// A value that does not fit its column.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) column: &'static str,
    pub(crate) card: String,
    pub(crate) unfit: Unfit,
}

/// The source of a column's values.
#[derive(Debug, Clone, Copy)]
enum From {
    Field(usize),
    State,
    Json,
}

/// The columns of a table.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    columns: Vec<(Column, From)>,
    unread: Unread,
    most: usize,
}

/// The rows of the batch under construction.
#[derive(Debug)]
pub(crate) struct Batches {
    plan: Plan,
    values: Vec<Values>,
    schema: Option<SchemaRef>,
    rows: usize,
    bytes: usize,
}

fn all(system: System) -> Vec<(Column, From)> {
    let fields = systems::columns(system).iter().enumerate();
    let mut columns: Vec<_> = fields.map(|(n, column)| (*column, From::Field(n))).collect();
    if let Some((behind, state)) = systems::state_column(system) {
        let at = columns.iter().position(|(column, _)| column.name == behind);
        columns.insert(at.map_or(0, |at| at + 1), (state, From::State));
    }
    columns.push((Column { name: JSON, kind: Kind::Text }, From::Json));
    columns
}

impl Plan {
    /// These columns of a system's cards, in batches of at most `most` rows. `None` for all columns except the one with
    /// the whole record; those in `text` hold text, whatever the server sends.
    ///
    /// # Errors
    /// For an unknown column, with the known ones; for a number of rows out of range.
    pub(crate) fn new(
        system: System,
        wanted: Option<&[String]>,
        text: &[String],
        unread: Unread,
        most: usize,
    ) -> Result<Self, String> {
        if !(1..=MOST_ROWS).contains(&most) {
            return Err(format!("a batch_size of {most}: it is 1 to {MOST_ROWS} rows"));
        }
        let mut all = all(system);
        let unknown = |name: &str| {
            let names: Vec<&str> = self::all(system).iter().map(|(column, _)| column.name).collect();
            format!("no column {name:?}: there are {}", names.join(", "))
        };
        for name in text {
            let found = all.iter_mut().find(|(column, _)| column.name == name);
            let (column, _) = found.ok_or_else(|| unknown(name))?;
            if matches!(column.kind, Kind::Scalar) {
                column.kind = Kind::ScalarText;
            }
        }
        let columns = match wanted {
            None => all.into_iter().filter(|(column, _)| column.name != JSON).collect(),
            Some(wanted) => {
                let find = |name: &String| all.iter().find(|(column, _)| column.name == name).copied();
                wanted.iter().map(|name| find(name).ok_or_else(|| unknown(name))).collect::<Result<Vec<_>, _>>()?
            }
        };
        Ok(Plan { columns, unread, most })
    }
}

impl Plan {
    /// The name of each column, and what it holds.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.columns.iter().map(|(column, _)| {
            let holds = match column.kind {
                Kind::Text | Kind::ScalarText => "text",
                Kind::Scalar => "whole numbers or text",
                Kind::Moment if self.unread == Unread::Text => "text",
                Kind::Moment => "timestamp, UTC",
                Kind::Named(_) => "words",
                Kind::Texts => "list of texts",
                Kind::Records(_) => "list of records",
            };
            (column.name, holds)
        })
    }
}

impl Batches {
    /// No rows yet.
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut batches = Batches { plan: plan.clone(), values: Vec::new(), schema: None, rows: 0, bytes: 0 };
        batches.values = batches.empty();
        batches
    }

    fn empty(&self) -> Vec<Values> {
        let rows = self.plan.most.min(1 << 14);
        let columns = self.plan.columns.iter().enumerate();
        columns
            .map(|(n, (column, _))| match &self.schema {
                Some(schema) => Values::decided(column.kind, schema.field(n).data_type(), self.plan.unread, rows),
                None => Values::new(column.kind, self.plan.unread, rows),
            })
            .collect()
    }

    /// Adds a row. After an error the batch is unusable.
    ///
    /// # Errors
    /// The column and the card, where a value does not fit.
    pub(crate) fn push(&mut self, card: &AnyCard) -> Result<(), Wrong> {
        let columns = &self.plan.columns;
        let cells = columns.iter().zip(&mut self.values).filter_map(|((_, from), values)| match from {
            From::Field(n) => Some((*n, values)),
            From::State | From::Json => None,
        });
        systems::push_fields(card, cells).map_err(|(n, unfit)| {
            let column = systems::columns(card.system()).get(n).map_or("", |column| column.name);
            Wrong { column, card: card.id(), unfit }
        })?;
        for ((_, from), values) in columns.iter().zip(&mut self.values) {
            match from {
                From::Field(_) => {}
                From::Json => values.raw(Some(card.json())),
                From::State => {
                    let state = card.state();
                    let at = state.and_then(|state| NativeState::of(state.system()).position(|one| one == state));
                    values.named(at, state.map_or("", NativeState::name));
                }
            }
        }
        self.bytes += card.json().len();
        self.rows += 1;
        Ok(())
    }

    /// Whether the batch is as large as one may be.
    pub(crate) fn is_full(&self) -> bool {
        self.rows >= self.plan.most || self.bytes >= MOST
    }

    /// How many rows the batch has.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The batch, and an empty one in its place. The first decides the schema.
    pub(crate) fn take(&mut self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let values = std::mem::take(&mut self.values);
        let arrays: Vec<ArrayRef> = values.into_iter().map(Values::finish).collect();
        let schema = Arc::clone(self.schema.get_or_insert_with(|| {
            let fields = self.plan.columns.iter().zip(&arrays);
            let fields = fields.map(|((column, _), array)| {
                let nullable = !matches!(column.kind, Kind::Texts | Kind::Records(_));
                Field::new(column.name, array.data_type().clone(), nullable)
            });
            Arc::new(Schema::new(fields.collect::<Vec<_>>()))
        }));
        let options = RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.rows)));
        self.bytes = 0;
        self.values = self.empty();
        RecordBatch::try_new_with_options(schema, arrays, &options)
    }
}

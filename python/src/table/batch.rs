//! Rows into record batches of one schema.

use super::{Column, Kind, Row, Values};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema, SchemaRef};
use cardwright::client::AnyCard;
use cardwright_core::certiflow::CardInfo;
use cardwright_core::lifecycle::{NativeState, System};
use cardwright_core::mim::{Smartcard, SmartcardStatus};
use cardwright_core::{Error, Named};
use std::sync::Arc;

/// The most bytes of cards in a batch: what one holds in memory is about that, and the offsets of a
/// column have 31 bits.
const MOST: usize = 64 << 20;

/// The most rows of a batch.
const MOST_ROWS: usize = 1 << 20;

/// The column with the whole record as it was written.
const JSON: &str = "json";

/// The column of MIM CM with what the status number is assumed to mean.
const STATE: Column =
    Column { name: "state", kind: Kind::Named(|| SmartcardStatus::ALL.iter().map(|status| status.name()).collect()) };

/// What cannot be a cell of a table.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) column: &'static str,
    pub(crate) card: String,
    pub(crate) error: Error,
}

/// Where the values of a column come from.
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
    most: usize,
}

/// The rows of the batch that is being made.
#[derive(Debug)]
pub(crate) struct Batches {
    plan: Plan,
    values: Vec<Values>,
    schema: Option<SchemaRef>,
    rows: usize,
    bytes: usize,
}

fn all(system: System) -> Vec<(Column, From)> {
    let fields = match system {
        System::CertiFlow => CardInfo::COLUMNS,
        System::Mim => Smartcard::COLUMNS,
    };
    let mut columns: Vec<_> = fields.iter().enumerate().map(|(n, column)| (*column, From::Field(n))).collect();
    if system == System::Mim {
        let status = columns.iter().position(|(column, _)| column.name == "status");
        columns.insert(status.map_or(0, |at| at + 1), (STATE, From::State));
    }
    columns.push((Column { name: JSON, kind: Kind::Text }, From::Json));
    columns
}

impl Plan {
    /// These columns of a system's cards, in batches of at most so many rows. `None` for all columns but
    /// that with the whole record; those in `text` hold text, whatever the server sends.
    ///
    /// # Errors
    /// For a column that there is not, and no rows; with what there is.
    pub(crate) fn new(system: System, wanted: Option<&[String]>, text: &[String], most: usize) -> Result<Self, String> {
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
        Ok(Plan { columns, most })
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
                Some(schema) => Values::decided(column.kind, schema.field(n).data_type(), rows),
                None => Values::new(column.kind, rows),
            })
            .collect()
    }

    /// Adds a row. After an error the batch is of no use any more.
    ///
    /// # Errors
    /// The column and the card, where a value does not fit.
    pub(crate) fn push(&mut self, card: &AnyCard) -> Result<(), Wrong> {
        match card {
            AnyCard::CertiFlow(card) => self.row(&card.card.view(), card.card.view().json(), None),
            AnyCard::Mim(card) => self.row(&card.card.view(), card.card.view().json(), card.state),
            _ => return Ok(()),
        }
        .map_err(|(column, error)| Wrong { column, card: card.id(), error })?;
        self.rows += 1;
        Ok(())
    }

    fn row(&mut self, row: &impl Row, json: &str, state: Option<NativeState>) -> Result<(), (&'static str, Error)> {
        for ((column, from), values) in self.plan.columns.iter().zip(&mut self.values) {
            match from {
                From::Field(n) => row.push(*n, values).map_err(|error| (column.name, error))?,
                From::Json => values.raw(Some(json)),
                From::State => match state {
                    Some(NativeState::Mim(status)) => {
                        values.named(SmartcardStatus::ALL.iter().position(|one| *one == status), status.name());
                    }
                    _ => values.named(None, ""),
                },
            }
        }
        self.bytes += json.len();
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

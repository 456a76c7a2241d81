//! The arguments of `skzi`: filters of the register.

use cardwright::core::certiflow::OwnedSkziQuery;
use clap::Args;

/// Which entries of the register of SKZI.
#[derive(Debug, Args)]
pub(crate) struct Skzi {
    /// The kind of entry: Distributive, License, Documentation, KeyDocument, Card or Custom.
    #[arg(long, value_name = "KIND")]
    object_type: Option<String>,
    /// The id of the type of SKZI.
    #[arg(long, value_name = "ID")]
    type_id: Option<String>,
    /// The serial number.
    #[arg(long)]
    serial: Option<String>,
    /// The number of the instance.
    #[arg(long, value_name = "NUMBER")]
    instance: Option<String>,
    /// The state: Created, Assigned, Sent, Returned, Issued, Installed, Destructed or Withdrawn.
    #[arg(long)]
    state: Option<String>,
    /// The user, by the Common Name.
    #[arg(long = "of", value_name = "USER")]
    user_name: Option<String>,
    /// The first day or time, ISO 8601; of what, the vendor does not say.
    #[arg(long, value_name = "DATE")]
    start: Option<String>,
    /// The last day or time.
    #[arg(long, value_name = "DATE")]
    end: Option<String>,
    /// Skip this number of entries.
    #[arg(long, value_name = "ENTRIES")]
    offset: Option<u32>,
    /// List this number of entries at most.
    #[arg(long, value_name = "ENTRIES")]
    limit: Option<u32>,
}

impl Skzi {
    /// What to ask the server for.
    pub(crate) fn query(&self) -> OwnedSkziQuery {
        OwnedSkziQuery {
            object_type: self.object_type.clone(),
            skzi_type_id: self.type_id.clone(),
            serial_number: self.serial.clone(),
            instance_number: self.instance.clone(),
            state: self.state.clone(),
            user_name: self.user_name.clone(),
            start_date: self.start.clone(),
            end_date: self.end.clone(),
            offset: self.offset,
            count: self.limit,
        }
    }
}

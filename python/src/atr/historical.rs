//! What historical bytes say.

use cardwright_core::atr as core;
use cardwright_python_common::{shown, value};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Historical bytes, as their category has them (ISO/IEC 7816-4:2005, 8.1.1).
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Historical {
    bytes: Vec<u8>,
    kind: &'static str,
}

impl Historical {
    pub(super) fn new(bytes: &[u8], historical: core::Historical<'_>) -> Self {
        let kind = match historical {
            core::Historical::CompactTlv { .. } => "compact-tlv",
            core::Historical::DirDataReference(_) => "dir-data-reference",
            core::Historical::StorageCard(_) => "storage-card",
            core::Historical::Reserved(_) => "reserved",
            core::Historical::Proprietary(_) => "proprietary",
        };
        Historical { bytes: bytes.to_vec(), kind }
    }

    fn of(&self) -> core::Historical<'_> {
        // There is a first byte, or this would not be.
        core::Historical::of(&self.bytes).unwrap_or(core::Historical::Proprietary(&[]))
    }
}

#[pymethods]
impl Historical {
    /// `"compact-tlv"`, `"dir-data-reference"`, `"storage-card"`, `"reserved"` or `"proprietary"`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.kind
    }

    /// The category byte.
    #[getter]
    fn category(&self) -> u8 {
        self.bytes.first().copied().unwrap_or(0)
    }

    fn __bytes__(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// The data objects of COMPACT-TLV; none in other categories.
    #[getter]
    fn objects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.of().objects().map(DataObject::from).collect::<Vec<_>>())
    }

    /// The bytes behind the last object that are none.
    #[getter]
    fn rest(&self) -> Vec<u8> {
        let mut objects = self.of().objects();
        objects.by_ref().for_each(drop);
        objects.rest().to_vec()
    }

    /// The status indicator, or `None`.
    #[getter]
    fn status(&self) -> Option<Status> {
        self.of().status().map(Status::from)
    }

    /// Data object 43, or `None`.
    #[getter]
    fn card_service_data(&self) -> Option<CardServiceData> {
        self.of().card_service_data().map(CardServiceData::from)
    }

    /// Data object 47, or `None`.
    #[getter]
    fn capabilities(&self) -> Option<Capabilities> {
        self.of().capabilities().map(Capabilities::from)
    }

    /// The command APDU that reads the first data, by data object 44, or `None`.
    #[getter]
    fn initial_access(&self) -> Option<Vec<u8>> {
        self.of().initial_access().map(|access| access.command().to_vec())
    }

    /// The country by ISO 3166-1, a number of three digits, by data object 41, or `None`.
    #[getter]
    fn country_code(&self) -> Option<u16> {
        self.of().country_code().and_then(|digits| digits.first_three())
    }

    /// The digits of the issuer identification number, by data object 42, or `None`.
    #[getter]
    fn issuer(&self) -> Option<String> {
        let digits = self.of().issuer()?;
        Some(digits.iter().map_while(|digit| char::from_digit(digit.into(), 10)).collect())
    }

    /// An application identifier, by data object 4F, or `None`.
    #[getter]
    fn application_identifier(&self) -> Option<Vec<u8>> {
        self.of().application_identifier().map(<[u8]>::to_vec)
    }

    /// The DIR data reference, or `None`.
    #[getter]
    fn dir_data_reference(&self) -> Option<u8> {
        match self.of() {
            core::Historical::DirDataReference(reference) => reference,
            _ => None,
        }
    }

    /// What a contactless reader says of a storage card (PC/SC part 3, 3.1.3.2.3.2), or `None`.
    #[getter]
    fn storage_card(&self) -> Option<StorageCard> {
        match self.of() {
            core::Historical::StorageCard(card) => Some(card.into()),
            _ => None,
        }
    }

    fn __repr__(&self) -> String {
        let hex: String = self.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        format!("<Historical {} {hex}>", self.kind)
    }
}

/// A data object of COMPACT-TLV.
#[pyclass(frozen, get_all, eq, hash, module = "cardwright")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct DataObject {
    /// The lower half of its tag: 7 for 47.
    tag: u8,
    /// Its content: `bytes`.
    value: Vec<u8>,
    /// What it holds, in a few words; `None` where the tag is reserved.
    text: Option<&'static str>,
}

impl From<core::DataObject<'_>> for DataObject {
    fn from(object: core::DataObject<'_>) -> Self {
        DataObject { tag: object.tag, value: object.value.to_vec(), text: object.text() }
    }
}

#[pymethods]
impl DataObject {
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        shown(slf.as_any(), "DataObject", &["tag", "value", "text"])
    }
}

value! {
    /// The status of a card.
    Status {
        /// The life cycle status byte: `int`, or `None`.
        life_cycle: Option<u8>,
        /// Its name: `str`, or `None`.
        life_cycle_name: Option<&'static str>,
        /// SW1 SW2: `int`, or `None`.
        sw: Option<u16>,
    }
}

impl From<core::StatusIndicator> for Status {
    fn from(status: core::StatusIndicator) -> Self {
        let cycle = status.life_cycle;
        Status {
            life_cycle: cycle.map(|cycle| cycle.0),
            life_cycle_name: cycle.map(|cycle| cycle.name()),
            sw: status.sw,
        }
    }
}

value! {
    /// The card service data byte.
    CardServiceData {
        /// The byte.
        byte: u8,
        /// Whether an application is selected by its full DF name.
        by_full_df_name: bool,
        /// Whether an application is selected by a part of its DF name.
        by_partial_df_name: bool,
        /// Whether EF.DIR has BER-TLV data objects.
        objects_in_dir: bool,
        /// Whether EF.ATR/INFO has BER-TLV data objects.
        objects_in_atr: bool,
        /// How these files are read: `"READ BINARY"`, `"READ RECORD"`, `"GET DATA"`, or `None`.
        access: Option<&'static str>,
        /// Whether the card has a master file.
        has_master_file: bool,
    }
}

impl From<core::CardServiceData> for CardServiceData {
    fn from(data: core::CardServiceData) -> Self {
        CardServiceData {
            byte: data.0,
            by_full_df_name: data.by_full_df_name(),
            by_partial_df_name: data.by_partial_df_name(),
            objects_in_dir: data.objects_in_dir(),
            objects_in_atr: data.objects_in_atr(),
            access: data.access(),
            has_master_file: data.has_master_file(),
        }
    }
}

value! {
    /// The software function tables that a card gives. What is of a table that is not there is `None`.
    Capabilities {
        /// How files are selected: a list of a few words each.
        selection: Vec<&'static str>,
        /// Whether there are EFs of TLV structure.
        tlv_files: Option<bool>,
        /// What writing does to a file that holds something already, in a word or two.
        write_behaviour: Option<&'static str>,
        /// Whether FF may begin a BER-TLV tag.
        ff_is_tag: Option<bool>,
        /// The size of a data unit in halves of a byte.
        data_unit_quartets: Option<u16>,
        /// Whether commands may be chained.
        command_chaining: Option<bool>,
        /// Whether commands of extended length are taken.
        extended_length: Option<bool>,
        /// Whether EF.ATR/INFO says how long they may be.
        extended_length_information: Option<bool>,
        /// Whether the card assigns logical channels.
        channel_by_card: Option<bool>,
        /// Whether the reader assigns logical channels.
        channel_by_reader: Option<bool>,
        /// The most logical channels; 8 is 8 or more.
        channels: Option<u8>,
    }
}

impl From<core::Capabilities> for Capabilities {
    fn from(capabilities: core::Capabilities) -> Self {
        let core::Capabilities { selection, coding, commands } = capabilities;
        Capabilities {
            selection: selection.methods().collect(),
            tlv_files: coding.map(|coding| coding.tlv_files()),
            write_behaviour: coding.map(|coding| coding.write_behaviour().text()),
            ff_is_tag: coding.map(|coding| coding.ff_is_tag()),
            data_unit_quartets: coding.map(|coding| coding.data_unit_quartets()),
            command_chaining: commands.map(|commands| commands.command_chaining()),
            extended_length: commands.map(|commands| commands.extended_length()),
            extended_length_information: commands.map(|commands| commands.extended_length_information()),
            channel_by_card: commands.map(|commands| commands.channel_by_card()),
            channel_by_reader: commands.map(|commands| commands.channel_by_reader()),
            channels: commands.map(|commands| commands.channels()),
        }
    }
}

value! {
    /// What a contactless reader says of a storage card.
    StorageCard {
        /// SS, the number of its standard.
        standard: u8,
        /// The standard's name; `None` where the number is reserved.
        standard_name: Option<&'static str>,
        /// NN, the number of its name.
        number: u16,
        /// Its name; `None` where nobody has documented one.
        name: Option<&'static str>,
        /// Whether the name is a reader maker's, not of PC/SC's list.
        is_vendors: bool,
    }
}

impl From<core::StorageCard<'_>> for StorageCard {
    fn from(card: core::StorageCard<'_>) -> Self {
        let (standard, number) = (card.standard, card.number);
        StorageCard {
            standard: standard.0,
            standard_name: standard.name(),
            number,
            name: card.name(),
            is_vendors: card.is_vendors(),
        }
    }
}

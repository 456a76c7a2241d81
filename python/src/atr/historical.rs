//! What historical bytes say.

use cardwright_core::atr as core;
use cardwright_python_common::value;
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

value! {
    /// A data object of COMPACT-TLV.
    DataObject from core::DataObject<'_> as object {
        /// The lower half of its tag: 7 for 47.
        tag: u8 = object.tag,
        /// Its content: `bytes`.
        value: Vec<u8> = object.value.to_vec(),
        /// What it holds, in a few words; `None` where the tag is reserved.
        text: Option<&'static str> = object.text(),
    }
}

value! {
    /// The status of a card.
    Status from core::StatusIndicator as status {
        /// The life cycle status byte: `int`, or `None`.
        life_cycle: Option<u8> = status.life_cycle.map(|cycle| cycle.0),
        /// Its name: `str`, or `None`.
        life_cycle_name: Option<&'static str> = status.life_cycle.map(|cycle| cycle.name()),
        /// SW1 SW2: `int`, or `None`.
        sw: Option<u16> = status.sw,
    }
}

value! {
    /// The card service data byte.
    CardServiceData from core::CardServiceData as data {
        /// The byte.
        byte: u8 = data.0,
        /// Whether an application is selected by its full DF name.
        by_full_df_name: bool = data.by_full_df_name(),
        /// Whether an application is selected by a part of its DF name.
        by_partial_df_name: bool = data.by_partial_df_name(),
        /// Whether EF.DIR has BER-TLV data objects.
        objects_in_dir: bool = data.objects_in_dir(),
        /// Whether EF.ATR/INFO has BER-TLV data objects.
        objects_in_atr: bool = data.objects_in_atr(),
        /// How these files are read: `"READ BINARY"`, `"READ RECORD"`, `"GET DATA"`, or `None`.
        access: Option<&'static str> = data.access(),
        /// Whether the card has a master file.
        has_master_file: bool = data.has_master_file(),
    }
}

value! {
    /// The software function tables that a card gives. What is of a table that is not there is `None`.
    Capabilities from core::Capabilities as card {
        /// How files are selected: a list of a few words each.
        selection: Vec<&'static str> = card.selection.methods().collect(),
        /// Whether there are EFs of TLV structure.
        tlv_files: Option<bool> = card.coding.map(|coding| coding.tlv_files()),
        /// What writing does to a file that holds something already, in a word or two.
        write_behaviour: Option<&'static str> = card.coding.map(|coding| coding.write_behaviour().text()),
        /// Whether FF may begin a BER-TLV tag.
        ff_is_tag: Option<bool> = card.coding.map(|coding| coding.ff_is_tag()),
        /// The size of a data unit in halves of a byte.
        data_unit_quartets: Option<u16> = card.coding.map(|coding| coding.data_unit_quartets()),
        /// Whether commands may be chained.
        command_chaining: Option<bool> = card.commands.map(|commands| commands.command_chaining()),
        /// Whether commands of extended length are taken.
        extended_length: Option<bool> = card.commands.map(|commands| commands.extended_length()),
        /// Whether EF.ATR/INFO says how long they may be.
        extended_length_information: Option<bool> = card.commands.map(|commands| commands.extended_length_information()),
        /// Whether the card assigns logical channels.
        channel_by_card: Option<bool> = card.commands.map(|commands| commands.channel_by_card()),
        /// Whether the reader assigns logical channels.
        channel_by_reader: Option<bool> = card.commands.map(|commands| commands.channel_by_reader()),
        /// The most logical channels; 8 is 8 or more.
        channels: Option<u8> = card.commands.map(|commands| commands.channels()),
    }
}

value! {
    /// What a contactless reader says of a storage card.
    StorageCard from core::StorageCard<'_> as card {
        /// SS, the number of its standard.
        standard: u8 = card.standard.0,
        /// The standard's name; `None` where the number is reserved.
        standard_name: Option<&'static str> = card.standard.name(),
        /// NN, the number of its name.
        number: u16 = card.number,
        /// Its name; `None` where nobody has documented one.
        name: Option<&'static str> = card.name(),
        /// Whether the name is a reader maker's, not of PC/SC's list.
        is_vendors: bool = card.is_vendors(),
    }
}

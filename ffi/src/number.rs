//! Numbers that stand for a value of an enumeration: parameters and members.
//!
//! Here they are plain numbers, so that one that is no value comes back as an error. The header declares each as
//! `CARDWRIGHT_ENUM(...)`, the enumeration's own type where that is as wide, so that a C compiler sees where one
//! enumeration stands for another.

/// A `CardwrightAnswer`.
pub type AnswerNumber = u32;
/// A `CardwrightBasis`.
pub type BasisNumber = u32;
/// A `CardwrightByteOrder`.
pub type ByteOrderNumber = u32;
/// A `CardwrightCallKind`.
pub type CallKindNumber = u32;
/// A `CardwrightCardKind`.
pub type CardKindNumber = u32;
/// A `CardwrightCardState`.
pub type CardStateNumber = u32;
/// A `CardwrightCardText`.
pub type CardTextNumber = u32;
/// A `CardwrightCheck`.
pub type CheckNumber = u32;
/// A `CardwrightCheckByte`.
pub type CheckByteNumber = u32;
/// A `CardwrightClientAuth`.
pub type ClientAuthNumber = u32;
/// A `CardwrightContentExpirationStatus`.
pub type ContentExpirationStatusNumber = u32;
/// A `CardwrightConvention`.
pub type ConventionNumber = u32;
/// A `CardwrightDialect`.
pub type DialectNumber = u32;
/// A `CardwrightDoctorLevel`.
pub type DoctorLevelNumber = u32;
/// A `CardwrightEmvRule`.
pub type EmvRuleNumber = u32;
/// A `CardwrightEnumeration`.
pub type EnumerationNumber = u32;
/// A `CardwrightEventKind`.
pub type EventKindNumber = u32;
/// A `CardwrightEvidence`.
pub type EvidenceNumber = u32;
/// A `CardwrightFate`.
pub type FateNumber = u32;
/// A `CardwrightFound`.
pub type FoundNumber = u32;
/// A `CardwrightHex`.
pub type HexNumber = u32;
/// A `CardwrightInterface`.
pub type InterfaceNumber = u32;
/// A `CardwrightLogLevel`.
pub type LogLevelNumber = u32;
/// A `CardwrightMethod`.
pub type MethodNumber = u32;
/// A `CardwrightMutual`.
pub type MutualNumber = u32;
/// A `CardwrightObject`.
pub type ObjectNumber = u32;
/// A `CardwrightOperation`.
pub type OperationNumber = u32;
/// A `CardwrightProtocol`.
pub type ProtocolNumber = u32;
/// A `CardwrightReplyPartKind`.
pub type ReplyPartKindNumber = u32;
/// A `CardwrightRequestEnd`.
pub type RequestEndNumber = u32;
/// A `CardwrightRequestKind`.
pub type RequestKindNumber = u32;
/// A `CardwrightRequestStatus`.
pub type RequestStatusNumber = u32;
/// A `CardwrightRequestStep`.
pub type RequestStepNumber = u32;
/// A `CardwrightRequestType`.
pub type RequestTypeNumber = u32;
/// A `CardwrightReset`.
pub type ResetNumber = u32;
/// A `CardwrightResult`.
pub type ResultNumber = u32;
/// A `CardwrightRevocationReason`.
pub type RevocationReasonNumber = u32;
/// A `CardwrightRule`.
pub type RuleNumber = u32;
/// A `CardwrightSerialForm`.
pub type SerialFormNumber = u32;
/// A `CardwrightShare`.
pub type ShareNumber = u32;
/// A `CardwrightSharing`.
pub type SharingNumber = u32;
/// A `CardwrightSlot`.
pub type SlotNumber = u32;
/// A `CardwrightSmartcardStatus`.
pub type SmartcardStatusNumber = u32;
/// A `CardwrightSource`.
pub type SourceNumber = u32;
/// A `CardwrightState`.
pub type StateNumber = u32;
/// A `CardwrightStatusScheme`.
pub type StatusSchemeNumber = u32;
/// A `CardwrightStopped`.
pub type StoppedNumber = u32;
/// A `CardwrightSure`.
pub type SureNumber = u32;
/// A `CardwrightSystem`.
pub type SystemNumber = u32;
/// A `CardwrightTls`.
pub type TlsNumber = u32;
/// A `CardwrightTrust`.
pub type TrustNumber = u32;
/// A `CardwrightVerify`.
pub type VerifyNumber = u32;

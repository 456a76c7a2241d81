"""The enumerations. Written by `cargo xtask gen` from the core."""

from __future__ import annotations

from typing import Literal

from ._named import Named, NamedOrOther, Numbered


class Code(Numbered):
    """The numbers of all errors. The hundreds are the band: 1xx bytes, 2xx card and state, 3xx JSON, 4xx room, 5xx reader, 6xx network, 7xx the server's answer, 9xx ours."""

    Short = 101
    """The input ends before what it announces."""
    Hex = 102
    """A character that is not a hexadecimal digit."""
    HexOdd = 103
    """A hexadecimal text with half a byte too many."""
    Ts = 104
    """The first byte of an ATR is neither 3B nor 3F (ISO/IEC 7816-3, 8.1)."""
    Guid = 105
    """Text that is not a GUID."""
    Serial = 106
    """Text that is not a serial number."""
    NoSuchOperation = 201
    """The system has no such operation."""
    NoSuchCall = 202
    """The dialect of the API has no such call."""
    NoSuchParameter = 203
    """The dialect of the API has no such parameter."""
    NotAllowed = 204
    """The operation is not allowed in the card's state."""
    ReasonNeeded = 205
    """The operation needs a reason."""
    UnknownValue = 206
    """A state, reason or other value of an enumeration that is unknown."""
    ParameterNeeded = 207
    """The dialect of the API needs a parameter that is not given."""
    NoSuchReason = 208
    """The dialect of the API has no such revocation reason."""
    Unconfirmed = 209
    """The record may be another card's: a weaker identifier found it, or several were found, and nobody has confirmed that it is this card's."""
    JsonEnd = 301
    """The document ends in the middle of a value."""
    JsonSyntax = 302
    """A character that cannot stand here."""
    JsonEscape = 303
    """A wrong escape in a string."""
    JsonControl = 304
    """A control character in a string."""
    JsonNumber = 305
    """A wrong number."""
    JsonDepth = 306
    """Lists and objects nested deeper than `MAX_DEPTH`."""
    JsonType = 307
    """A value of another type than the field has."""
    JsonUtf8 = 308
    """Bytes that are not UTF-8."""
    JsonTrailing = 309
    """Something after the end of the document."""
    JsonMissing = 310
    """A field that must be there is not."""
    Room = 401
    """The caller's buffer is too small, or an element is larger than the buffer."""
    Unwritable = 402
    """A value from the caller that cannot be written."""
    NoService = 501
    """The system's smart-card service (pcscd, SCardSvr) cannot be reached."""
    NoReader = 502
    """There is no reader of that name, or it was unplugged."""
    NoCard = 503
    """No card is in the reader."""
    CardRemoved = 504
    """The card was pulled while it was in use."""
    CardReset = 505
    """Another program reset the card: what was selected or verified is lost."""
    CardBusy = 506
    """Another program holds the card."""
    CardMute = 507
    """The card does not answer to reset, or has no power."""
    NoProtocol = 508
    """Card and reader have none of the transmission protocols that were asked for."""
    CardAnswer = 509
    """What came from the card is no response APDU."""
    ReaderFailed = 510
    """The reader, its driver or the service failed."""
    CardTimeout = 511
    """Card or reader gave no answer in time."""
    CardEndless = 512
    """The card goes on for ever: the limit of APDUs was reached."""
    Unreachable = 601
    """The server cannot be reached."""
    Timeout = 602
    """The time is up."""
    Broken = 603
    """The connection broke."""
    Tls = 604
    """No trust in the server's certificate, or no common TLS."""
    Address = 605
    """The address is wrong."""
    Canceled = 606
    """Not done, because the client was told to stop."""
    Certificate = 611
    """A certificate cannot be used: it cannot be read, or the library that does TLS does not take it."""
    Key = 612
    """The key of the client's certificate cannot be used: it cannot be read, its password is missing or wrong, it does not sign, or it is that of another certificate."""
    Proxy = 613
    """The proxy cannot be used: its address or its account is wrong."""
    Header = 614
    """A header cannot be sent: it holds what no header can, or the library sets it itself."""
    Setting = 615
    """Another setting cannot be used, or contradicts one."""
    SignIn = 701
    """The server does not accept the sign-in."""
    Forbidden = 702
    """The account may not do this."""
    NotFound = 703
    """The server has no such card, request or address."""
    Refused = 704
    """The server refuses the operation."""
    BadRequest = 705
    """The server finds a fault in the request."""
    ServerFailed = 706
    """The server failed."""
    Unreadable = 707
    """The server's answer cannot be read."""
    Busy = 708
    """The server asks to wait."""
    RequestEnded = 709
    """The request was denied, canceled or failed in the management system."""
    Unexpected = 710
    """The server answered more, or other, than was asked for."""
    Internal = 901
    """A fault of this library."""
    Argument = 902
    """A function of the C library was called with an invalid argument: a null pointer, a size that no version of the structure has, an object before its initialisation, an index out of range."""
    Journal = 903
    """The journal of a bulk run cannot be used: it is another run's, is being used, or is damaged."""


class Rule(Named):
    """The rules, by numbers that never change their meaning."""

    LongerThan33 = "longer-than-33", 1
    """More than TS and 32 bytes. The place is that of the first byte too many."""
    T15InTd1 = "t15-in-td1", 2
    """T=15 in TD1, where only a protocol may stand."""
    TdOrder = "td-order", 3
    """A TD with a lower T than the one before. Reported for the first such TD only."""
    RfuProtocol = "rfu-protocol", 4
    """A TD with a T from 2 to 13. Reported once for each T, which is part of the finding's name."""
    Ta2RfuBits = "ta2-rfu-bits", 5
    """TA2 has b7 or b6 set."""
    Ta2T15 = "ta2-t15", 6
    """TA2 names T=15."""
    Ta2RfuProtocol = "ta2-rfu-protocol", 7
    """TA2 names a T from 2 to 13."""
    Ta2ProtocolNotOffered = "ta2-protocol-not-offered", 8
    """TA2 names a protocol that no TD indicates."""
    TckMissing = "tck-missing", 9
    """No TCK where there must be one."""
    TckWrong = "tck-wrong", 10
    """T0 to TCK do not give zero by exclusive or."""
    ExtraBytes = "extra-bytes", 11
    """Bytes after the end of the ATR. The place is that of the first."""
    TckUnexpected = "tck-unexpected", 12
    """The one extra byte is the right TCK of a card that must not send any. Comes with `ExtraBytes`."""
    Ta1FiRfu = "ta1-fi-rfu", 13
    """Fi in TA1 is reserved: 7, 8, E or F."""
    Ta1DiRfu = "ta1-di-rfu", 14
    """Di in TA1 is reserved: 0 or A to F."""
    Tb1Deprecated = "tb1-deprecated", 15
    """TB1 is there. Deprecated since 2006; EMV wants it all the same."""
    Tb2Deprecated = "tb2-deprecated", 16
    """TB2 is there. Deprecated since 2006."""
    Tc2WiZero = "tc2-wi-zero", 17
    """TC2 is 00."""
    Tc2WithoutT0 = "tc2-without-t0", 18
    """TC2 is there and T=0 is not offered."""
    RepeatTa = "repeat-ta", 19
    """A TA for a T that has had one, counted from level 3 on. Level and T are part of the finding's name, such as `repeat-ta4-t1`."""
    RepeatTb = "repeat-tb", 20
    """The same of TB."""
    RepeatTc = "repeat-tc", 21
    """The same of TC."""
    T1IfscRfu = "t1-ifsc-rfu", 22
    """The first TA for T=1 is 00 or FF."""
    T1BwiRfu = "t1-bwi-rfu", 23
    """The first TB for T=1 has BWI A to F."""
    T1EdcRfuBits = "t1-edc-rfu-bits", 24
    """The first TC for T=1 has one of b8 to b2 set."""
    T15ClassRfu = "t15-class-rfu", 25
    """The first TA for T=15 names classes other than A, B, C, AB, BC and ABC. ETSI TS 102 221 allows more of them."""
    T15SpuRfu = "t15-spu-rfu", 26
    """The first TB for T=15 is 01 to 7F."""
    T15TcRfu = "t15-tc-rfu", 27
    """A first TC for T=15."""
    UndefinedTa = "undefined-ta", 28
    """A first TA from level 3 on for a T other than 1 and 15. Level and T are part of the finding's name, such as `ta3-undefined-for-t14`."""
    UndefinedTb = "undefined-tb", 29
    """The same of TB."""
    UndefinedTc = "undefined-tc", 30
    """The same of TC."""
    HbDirLength = "hb-dir-length", 31
    """Category 10 without its one byte, or with more than one."""
    HbStatusMissing = "hb-status-missing", 32
    """Category 00 with fewer than three bytes after it."""
    HbTlvOverrun = "hb-tlv-overrun", 33
    """A data object that does not fit; the reading of data objects ends there."""
    HbTagLength = "hb-tag-length", 34
    """A data object 43, 44, 47 or 48 of a length that it cannot have. Tag and length are part of the finding's name, such as `hb-tag3-len0`."""
    HbStatusNotLast = "hb-status-not-last", 35
    """Data object 48 with something after it."""
    HbStatusTlvInCat00 = "hb-status-tlv-in-cat00", 36
    """Data object 48 under category 00."""
    HbTagRfu = "hb-tag-rfu", 37
    """A data object 40 or 49 to 4E. The tag is part of the finding's name, such as `hb-tag9-rfu`."""
    PcscLength = "pcsc-length", 38
    """A storage card whose length is not that of what follows."""
    PcscLengthNot12 = "pcsc-length-not-12", 39
    """A storage card whose length is not 12."""


class System(Named):
    """A card management system."""

    Mim = "MIM", 1
    """Microsoft Identity Manager Certificate Management (also FIM CM)."""
    CertiFlow = "CertiFlow", 2
    """Axidian CertiFlow (also Indeed CM, Rutoken KeyBox)."""


SystemWord = Literal[
    "MIM",
    "CertiFlow",
]
"""The words of `System`."""


class Operation(Named):
    """An operation on a card, in neutral terms."""

    Suspend = "suspend", 1
    """Puts the card on hold."""
    Resume = "resume", 2
    """Lifts the hold."""
    Revoke = "revoke", 3
    """Ends the card and its certificates for good; the record stays with the user."""
    Retire = "retire", 4
    """Takes a card out of use for good."""
    PreUpdate = "pre-update", 5
    """Tells the server to drop certificates that a new policy no longer has."""

    @property
    def is_final(self) -> bool:
        """Whether it ends the card, or what is left of it: no operation undoes it."""
        return self in (Operation.Revoke, Operation.Retire)


OperationWord = Literal[
    "suspend",
    "resume",
    "revoke",
    "retire",
    "pre-update",
    "Reinstate",
    "Revoke",
    "Retire",
    "Disable",
    "Enable",
    "Withdraw",
    "PreUpdate",
]
"""The words of `Operation`, and the systems' own words."""


class State(Named):
    """A card's state, in neutral terms."""

    Stock = "stock", 1
    """Registered; nobody has it."""
    Assigned = "assigned", 2
    """Given to a user, not yet issued."""
    Pending = "pending", 3
    """An issue or update waits for approval."""
    Active = "active", 4
    """In use."""
    Suspended = "suspended", 5
    """On hold."""
    Revoked = "revoked", 6
    """Ended for good; the record is still with the user."""
    Retired = "retired", 7
    """Out of use; the record's life is over."""


class Evidence(Named):
    """The evidence for a row of a table."""

    Documented = "documented", 1
    """The vendor says so."""
    Assumed = "assumed", 2
    """Inferred from what the vendor says, or from how such systems work."""


class CardState(Named):
    """The state of a card (API, Cards). The numbers are ours: the vendor publishes only the names."""

    Clean = "Clean", 1
    """In the repository, with no user and no content."""
    Assigned = "Assigned", 2
    """Tied to a user, not issued."""
    Pending = "Pending", 3
    """An issue or update was started and waits."""
    Issued = "Issued", 4
    """In use."""
    Disabled = "Disabled", 5
    """Temporarily off. Not what MIM CM calls Disabled."""
    Revoked = "Revoked", 6
    """Finally off, still with the user until it is withdrawn."""


CardStateWord = Literal[
    "Clean",
    "Assigned",
    "Pending",
    "Issued",
    "Disabled",
    "Revoked",
]
"""The words of `CardState`."""


class RevocationReason(Named):
    """Why a card is revoked (API, Revoke). Names and numbers are the vendor's.  These are not CRL reasons: 7 means nothing in RFC 5280. `crl_reason` maps them."""

    None_ = "None", 0
    """No reason given."""
    CardBroken = "CardBroken", 1
    """Out of order or destroyed."""
    CardLost = "CardLost", 2
    """Lost, or cannot be found."""
    CardUpgrade = "CardUpgrade", 3
    """To be replaced by a new one."""
    CardExpired = "CardExpired", 4
    """At the end of its life."""
    CardWithdraw = "CardWithdraw", 5
    """Taken back, as the user leaves. Not the operation Withdraw."""
    UserRemoved = "UserRemoved", 6
    """The user is gone from the directory."""
    CardCompromised = "CardCompromised", 7
    """The key may be known to others though the card is here."""


RevocationReasonWord = Literal[
    "None",
    "CardBroken",
    "CardLost",
    "CardUpgrade",
    "CardExpired",
    "CardWithdraw",
    "UserRemoved",
    "CardCompromised",
]
"""The words of `RevocationReason`."""


class ContentExpirationStatus(Named):
    """Whether the certificates of a card expire (API, Cards). A filter only: replies do not carry it."""

    None_ = "None", 1
    """Nothing expires."""
    ManagedCertificatesExpiring = "ManagedCertificatesExpiring", 2
    """A managed certificate expires soon."""
    ManagedCertificatesExpired = "ManagedCertificatesExpired", 3
    """A managed certificate has expired."""
    CommonCertificatesExpiring = "CommonCertificatesExpiring", 4
    """A common certificate expires soon."""
    CommonCertificatesExpired = "CommonCertificatesExpired", 5
    """A common certificate has expired."""
    TracedCertificatesExpiring = "TracedCertificatesExpiring", 6
    """A traced certificate expires soon."""
    TracedCertificatesExpired = "TracedCertificatesExpired", 7
    """A traced certificate has expired."""


ContentExpirationStatusWord = Literal[
    "None",
    "ManagedCertificatesExpiring",
    "ManagedCertificatesExpired",
    "CommonCertificatesExpiring",
    "CommonCertificatesExpired",
    "TracedCertificatesExpiring",
    "TracedCertificatesExpired",
]
"""The words of `ContentExpirationStatus`."""


class CertificateType(Named):
    """Where a certificate on a card comes from. The words are those of the guide; that replies carry them is assumed."""

    Managed = "Managed", 1
    """Issued through the system: it can be renewed, held and revoked."""
    Common = "Common", 2
    """One for many users, made elsewhere: never held or revoked."""
    Traced = "Traced", 3
    """Found on the card, and only watched."""


class Dialect(Named):
    """A generation of the API. Their numbers grow with time."""

    G1 = "G1", 1
    """Indeed CM up to 5.7, base `/icmapi`: the cards of one user, with six fields, and four operations with the id as a parameter. There is no other way to look a card up."""
    G2 = "G2", 2
    """Indeed CM after 5.7: also all cards (`Card/GetAllCards`), page by page and without filters."""
    G3 = "G3", 3
    """Indeed CM before 2022: also four filters, such as `filter.serialNumber`."""
    G4 = "G4", 4
    """Indeed CM of 2022, the last at `/icmapi`: `Cards` with seven filters, and operations by the card's path."""
    G5 = "G5", 5
    """Indeed CM 6.x and Rutoken KeyBox, base `/cm/api`: the calls of G4."""
    G6 = "G6", 6
    """CertiFlow before 7.1, Indeed CM 7.0, newer Rutoken KeyBox: filters without a prefix, the reason as a parameter."""
    G7 = "G7", 7
    """CertiFlow 7.1 and later: also one card by its id, Withdraw, and more filters."""


DialectWord = Literal[
    "G1",
    "G2",
    "G3",
    "G4",
    "G5",
    "G6",
    "G7",
]
"""The words of `Dialect`."""


class Sure(Named):
    """How sure a `Finding` is."""

    Nothing = "cannot tell", 1
    """Nothing was learned."""
    Several = "one of several", 2
    """Several generations would answer so."""
    Shown = "shown", 3
    """Only this generation answers so, or only two with the same calls."""


class SmartcardStatus(Named):
    """`SmartcardStatus` (SDK). The names are documented, the numbers are not: see `StatusScheme`. The numbers here are ours."""

    None_ = "None", 0
    """No information."""
    New = "New", 1
    """Being made."""
    Assigned = "Assigned", 2
    """Given to a user as a part of being made."""
    Active = "Active", 3
    """In use."""
    Suspended = "Suspended", 4
    """Temporarily off."""
    Disabled = "Disabled", 5
    """All certificates are revoked. Not what CertiFlow calls Disabled."""
    Retired = "Retired", 6
    """The life cycle is over."""


SmartcardStatusWord = Literal[
    "None",
    "New",
    "Assigned",
    "Active",
    "Suspended",
    "Disabled",
    "Retired",
]
"""The words of `SmartcardStatus`."""


class RequestType(Named):
    """`RequestType` (SDK; the numbers by published reports over the database)."""

    None_ = "None", 0
    """No type."""
    Enroll = "Enroll", 1
    """A new card."""
    Recover = "Recover", 2
    """For a card: its replacement."""
    Renew = "Renew", 3
    """New certificates."""
    Disable = "Disable", 4
    """What the API calls Revoke."""
    Unblock = "Unblock", 5
    """The PIN."""
    Duplicate = "Duplicate", 6
    """A copy."""
    Retire = "Retire", 7
    """The end of a card."""
    RecoverOnBehalf = "RecoverOnBehalf", 8
    """For somebody else."""
    SuspendOrReinstate = "SuspendOrReinstate", 9
    """Suspend and reinstate share one number."""
    OnlineUpdate = "OnlineUpdate", 10
    """New content."""
    TemporaryCardEnroll = "TemporaryCardEnroll", 11
    """A temporary card."""


class RequestStatus(Named):
    """`RequestStatus` (SQL API, `externalGetStatus`; the REST examples agree)."""

    NotProcessed = "None", 0
    """Not looked at yet."""
    Approved = "Approved", 3
    """It can be carried out."""
    Denied = "Denied", 4
    """Somebody said no."""
    Completed = "Completed", 8
    """Carried out."""
    Failed = "Failed", 9
    """Tried, and failed."""
    Pending = "Pending", 16
    """Waits for approval."""
    Canceled = "Canceled", 17
    """Given up."""
    Executing = "Executing", 18
    """Being carried out."""


RequestStatusWord = Literal[
    "None",
    "Approved",
    "Denied",
    "Completed",
    "Failed",
    "Pending",
    "Canceled",
    "Executing",
]
"""The words of `RequestStatus`."""


class CardKind(NamedOrOther):
    """What a card is, or has: one card can be several of these."""

    Storage = "storage card", 1
    """A storage card that a contactless reader presents by PC/SC part 3 (MIFARE, FeliCa, ICODE)."""
    DesFire = "DESFire", 2
    """NXP DESFire."""
    GermanId = "German identity card", 3
    """The German identity card, or another that answers like it."""
    YubiKey = "YubiKey", 4
    """A Yubico YubiKey."""
    Piv = "PIV", 5
    """A PIV card, or another with the PIV application."""
    Nitrokey = "Nitrokey", 6
    """A Nitrokey 3."""
    Gids = "GIDS", 7
    """A card of the Generic Identity Device Specification, virtual ones of Windows too."""
    IdPrime = "IDPrime", 8
    """A Thales (Gemalto) IDPrime, or an eToken with its application."""
    OpenPgp = "OpenPGP", 9
    """An OpenPGP card."""
    SmartCardHsm = "SmartCard-HSM", 10
    """A SmartCard-HSM."""
    MyEid = "MyEID", 11
    """A MyEID card."""
    CardOs = "CardOS", 12
    """A card with CardOS, older eTokens too."""
    EPass2003 = "ePass2003", 13
    """A Feitian ePass2003."""
    Rutoken = "Rutoken", 14
    """An Aktiv Rutoken."""
    IasEcc = "IAS ECC", 15
    """An IAS ECC card."""
    EToken = "eToken", 16
    """A Java-based eToken (PRO 72K, 5100, 5110)."""
    Sim = "SIM", 17
    """A SIM or UICC."""
    GlobalPlatform = "GlobalPlatform", 18
    """A card whose issuer's domain answers, as GlobalPlatform has it."""
    Token2 = "Token2", 19
    """A Token2 key."""
    Cac = "CAC", 20
    """A Common Access Card of the US Department of Defense with a GSC-IS container."""
    Cns = "CNS", 21
    """An Italian CNS."""
    JaCarta = "JaCarta (IDProtect LASER)", 22
    """A card or token with the LASER application of Athena IDProtect: JaCarta PKI, PKI/BIO and -2 PKI."""
    JaCartaLt = "JaCarta LT", 23
    """An Aladdin JaCarta LT."""
    Solo = "Solo 2", 24
    """A SoloKeys Solo 2."""
    Asepcos = "ASEPCOS", 25
    """A card with Athena's ASEPCOS."""
    EstEid = "EstEID", 26
    """An Estonian identity card, from 2018 on."""
    FinEid = "FINEID", 27
    """A Finnish identity or organisation card."""
    BelgianEid = "Belgian eID", 28
    """A Belgian identity card."""
    Dnie = "DNIe", 29
    """A Spanish identity card (DNI electrónico)."""
    Esmart = "ESMART Token", 30
    """An ISBC ESMART Token."""
    SafeSign = "StarSign (SafeSign)", 31
    """A card or token for SafeSign: Giesecke+Devrient StarSign, and SafeSign's own."""
    ActivId = "HID Crescendo (ActivID)", 32
    """A HID Crescendo with ActivID applications and without PIV (C1100, C700)."""
    CryptoCertum = "cryptoCertum", 33
    """An Asseco cryptoCertum."""


class Basis(Named):
    """What it rests on that a card is one of a kind. A status word alone is no evidence."""

    Answer = "its own answer", 1
    """The card's own answer: the application gave its name, or an object of the shape that it has."""
    Atr = "its ATR", 2
    """An ATR that belongs to cards of this kind alone."""
    Hint = "a hint", 3
    """A hint: historical bytes that other products have too, and no more."""


class Source(NamedOrOther):
    """Where an identifier comes from."""

    CardId = "cardid", 1
    """The file `cardid` of a minidriver card (GIDS, IDPrime): 16 bytes, a GUID as Windows keeps it."""
    ChuidGuid = "CHUID GUID", 2
    """The GUID in the CHUID of a PIV card (tag 34): 16 bytes in the order of RFC 4122."""
    FascN = "FASC-N", 3
    """The FASC-N in the CHUID of a PIV card (tag 30): 25 bytes."""
    CacCuid = "CAC CUID", 4
    """The card's identifier in its capability container (CAC, tag F0): 21 bytes."""
    Cplc = "CPLC", 5
    """Card production life cycle data: 42 bytes."""
    OpenPgpAid = "OpenPGP AID", 6
    """The application identifier of an OpenPGP card: 16 bytes."""
    YubiKey = "YubiKey serial", 7
    """The serial number of a YubiKey: 4 bytes, big-endian. None when the key hides it."""
    Nitrokey = "Nitrokey UUID", 8
    """The UUID of a Nitrokey 3: 16 bytes."""
    CardOs = "CardOS serial", 9
    """The serial number of CardOS: 8 bytes (5.x) or 6 (4.x)."""
    MyEid = "MyEID serial", 10
    """The serial number of MyEID: 10 bytes."""
    SmartCardHsm = "SmartCard-HSM serial", 11
    """The serial number of a SmartCard-HSM: up to 11 characters."""
    EPass2003 = "ePass2003 serial", 12
    """The serial number of an ePass2003: 8 bytes."""
    Rutoken = "Rutoken serial", 13
    """The serial number of a Rutoken: 4 bytes, big-endian (the token gives them the other way)."""
    Token2 = "Token2 serial", 14
    """The serial number of a Token2 key: 8 to 16 characters, of which an older key tells the last 8 only."""
    Iccid = "ICCID", 15
    """The number of a SIM (EF 2FE2): 10 bytes of decimal digits with the nibbles swapped."""
    Iccsn = "ICCSN", 16
    """The card's number in EF.GDO or EF.SN (tag 5A): up to 10 bytes of decimal digits."""
    Cin = "CIN", 17
    """The card image number of GlobalPlatform (tag 45), the issuer's own count."""
    Iin = "IIN", 18
    """The issuer identification number of GlobalPlatform (tag 42): of the issuer, not of the card."""
    Uid = "UID", 19
    """The UID, PUPI or IDm by which a contactless reader tells cards apart: 4 to 10 bytes. Four bytes are not unique (ISO/IEC 14443-3:2018, 6.5.4; NXP AN10927), and a PUPI of four may be another one each time."""
    AtsHistorical = "ATS historical bytes", 20
    """The historical bytes of the ATS of a contactless card: of the model, not of the card. Of a card of type B, which its ATR does not tell apart, they are the application data instead."""
    CnsId = "CNS number", 21
    """The number of an Italian CNS (EF.ID_Carta): 16 characters."""
    JaCarta = "JaCarta serial", 22
    """The serial number of the LASER application: 8 bytes, two and the chip's serial number and batch."""
    Solo = "Solo UUID", 23
    """The UUID of a Solo 2: 16 bytes."""
    Asepcos = "ASEPCOS serial", 24
    """The serial number of ASEPCOS: 8 bytes."""
    EstEid = "EstEID document number", 25
    """The document number of an Estonian identity card: letters and digits."""
    FinEid = "FINEID card number", 26
    """The number of a Finnish card in its token information: letters and digits."""
    BelgianEid = "Belgian eID chip number", 27
    """The chip's number of a Belgian identity card: 16 bytes."""
    Dnie = "DNIe serial", 28
    """The serial number of a Spanish identity card: 7 bytes."""


class Trust(Named):
    """How far an identifier distinguishes one card from all others."""

    Stable = "stable", 1
    """The same each time, and unique to this card if its maker keeps the rules."""
    Random = "random", 2
    """A different one each time."""
    Shared = "shared", 3
    """The same on other cards too, or not known to be unique to this card."""
    Hidden = "hidden", 4
    """The card has one and does not reveal it: there are no bytes."""

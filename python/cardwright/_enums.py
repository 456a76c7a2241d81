"""The enumerations. Written by `cargo xtask gen` from the core."""

from __future__ import annotations

from typing import Literal

from ._named import Named, NamedOrOther, Numbered, numbered


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


@numbered(range(1, 40))
class Rule(Named):
    """The rules, by numbers that never change their meaning."""

    LongerThan33 = "longer-than-33"
    """More than TS and 32 bytes. The place is that of the first byte too many."""
    T15InTd1 = "t15-in-td1"
    """T=15 in TD1, where only a protocol may stand."""
    TdOrder = "td-order"
    """A TD with a lower T than the one before. Reported for the first such TD only."""
    RfuProtocol = "rfu-protocol"
    """A TD with a T from 2 to 13. Reported once for each T, which is part of the finding's name."""
    Ta2RfuBits = "ta2-rfu-bits"
    """TA2 has b7 or b6 set."""
    Ta2T15 = "ta2-t15"
    """TA2 names T=15."""
    Ta2RfuProtocol = "ta2-rfu-protocol"
    """TA2 names a T from 2 to 13."""
    Ta2ProtocolNotOffered = "ta2-protocol-not-offered"
    """TA2 names a protocol that no TD indicates."""
    TckMissing = "tck-missing"
    """No TCK where there must be one."""
    TckWrong = "tck-wrong"
    """T0 to TCK do not give zero by exclusive or."""
    ExtraBytes = "extra-bytes"
    """Bytes after the end of the ATR. The place is that of the first."""
    TckUnexpected = "tck-unexpected"
    """The one extra byte is the right TCK of a card that must not send any. Comes with `ExtraBytes`."""
    Ta1FiRfu = "ta1-fi-rfu"
    """Fi in TA1 is reserved: 7, 8, E or F."""
    Ta1DiRfu = "ta1-di-rfu"
    """Di in TA1 is reserved: 0 or A to F."""
    Tb1Deprecated = "tb1-deprecated"
    """TB1 is there. Deprecated since 2006; EMV wants it all the same."""
    Tb2Deprecated = "tb2-deprecated"
    """TB2 is there. Deprecated since 2006."""
    Tc2WiZero = "tc2-wi-zero"
    """TC2 is 00."""
    Tc2WithoutT0 = "tc2-without-t0"
    """TC2 is there and T=0 is not offered."""
    RepeatTa = "repeat-ta"
    """A TA for a T that has had one, counted from level 3 on. Level and T are part of the finding's name, such as `repeat-ta4-t1`."""
    RepeatTb = "repeat-tb"
    """The same of TB."""
    RepeatTc = "repeat-tc"
    """The same of TC."""
    T1IfscRfu = "t1-ifsc-rfu"
    """The first TA for T=1 is 00 or FF."""
    T1BwiRfu = "t1-bwi-rfu"
    """The first TB for T=1 has BWI A to F."""
    T1EdcRfuBits = "t1-edc-rfu-bits"
    """The first TC for T=1 has one of b8 to b2 set."""
    T15ClassRfu = "t15-class-rfu"
    """The first TA for T=15 names classes other than A, B, C, AB, BC and ABC. ETSI TS 102 221 allows more of them."""
    T15SpuRfu = "t15-spu-rfu"
    """The first TB for T=15 is 01 to 7F."""
    T15TcRfu = "t15-tc-rfu"
    """A first TC for T=15."""
    UndefinedTa = "undefined-ta"
    """A first TA from level 3 on for a T other than 1 and 15. Level and T are part of the finding's name, such as `ta3-undefined-for-t14`."""
    UndefinedTb = "undefined-tb"
    """The same of TB."""
    UndefinedTc = "undefined-tc"
    """The same of TC."""
    HbDirLength = "hb-dir-length"
    """Category 10 without its one byte, or with more than one."""
    HbStatusMissing = "hb-status-missing"
    """Category 00 with fewer than three bytes after it."""
    HbTlvOverrun = "hb-tlv-overrun"
    """A data object that does not fit; the reading of data objects ends there."""
    HbTagLength = "hb-tag-length"
    """A data object 43, 44, 47 or 48 of a length that it cannot have. Tag and length are part of the finding's name, such as `hb-tag3-len0`."""
    HbStatusNotLast = "hb-status-not-last"
    """Data object 48 with something after it."""
    HbStatusTlvInCat00 = "hb-status-tlv-in-cat00"
    """Data object 48 under category 00."""
    HbTagRfu = "hb-tag-rfu"
    """A data object 40 or 49 to 4E. The tag is part of the finding's name, such as `hb-tag9-rfu`."""
    PcscLength = "pcsc-length"
    """A storage card whose length is not that of what follows."""
    PcscLengthNot12 = "pcsc-length-not-12"
    """A storage card whose length is not 12."""


@numbered(range(1, 3))
class System(Named):
    """A card management system."""

    Mim = "MIM"
    """Microsoft Identity Manager Certificate Management (also FIM CM)."""
    CertiFlow = "CertiFlow"
    """Axidian CertiFlow (also Indeed CM, Rutoken KeyBox)."""


SystemWord = Literal[
    "MIM",
    "CertiFlow",
]
"""The words of `System`."""


@numbered(range(1, 6))
class Operation(Named):
    """An operation on a card, in neutral terms."""

    Suspend = "suspend"
    """Puts the card on hold."""
    Resume = "resume"
    """Lifts the hold."""
    Revoke = "revoke"
    """Ends the card and its certificates for good; the record stays with the user."""
    Retire = "retire"
    """Takes a card out of use for good."""
    PreUpdate = "pre-update"
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


@numbered(range(1, 8))
class State(Named):
    """A card's state, in neutral terms."""

    Stock = "stock"
    """Registered; nobody has it."""
    Assigned = "assigned"
    """Given to a user, not yet issued."""
    Pending = "pending"
    """An issue or update waits for approval."""
    Active = "active"
    """In use."""
    Suspended = "suspended"
    """On hold."""
    Revoked = "revoked"
    """Ended for good; the record is still with the user."""
    Retired = "retired"
    """Out of use; the record's life is over."""


@numbered(range(1, 3))
class Evidence(Named):
    """The evidence for a row of a table."""

    Documented = "documented"
    """The vendor says so."""
    Assumed = "assumed"
    """Inferred from what the vendor says, or from how such systems work."""


@numbered(range(1, 7))
class CardState(Named):
    """The state of a card (API, Cards). The numbers are ours: the vendor publishes only the names."""

    Clean = "Clean"
    """In the repository, with no user and no content."""
    Assigned = "Assigned"
    """Tied to a user, not issued."""
    Pending = "Pending"
    """An issue or update was started and waits."""
    Issued = "Issued"
    """In use."""
    Disabled = "Disabled"
    """Temporarily off. Not what MIM CM calls Disabled."""
    Revoked = "Revoked"
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


@numbered(range(0, 8))
class RevocationReason(Named):
    """Why a card is revoked (API, Revoke). Names and numbers are the vendor's.  These are not CRL reasons: 7 means nothing in RFC 5280. `crl_reason` maps them."""

    None_ = "None"
    """No reason given."""
    CardBroken = "CardBroken"
    """Out of order or destroyed."""
    CardLost = "CardLost"
    """Lost, or cannot be found."""
    CardUpgrade = "CardUpgrade"
    """To be replaced by a new one."""
    CardExpired = "CardExpired"
    """At the end of its life."""
    CardWithdraw = "CardWithdraw"
    """Taken back, as the user leaves. Not the operation Withdraw."""
    UserRemoved = "UserRemoved"
    """The user is gone from the directory."""
    CardCompromised = "CardCompromised"
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


@numbered(range(1, 8))
class ContentExpirationStatus(Named):
    """Whether the certificates of a card expire (API, Cards). A filter only: replies do not carry it."""

    None_ = "None"
    """Nothing expires."""
    ManagedCertificatesExpiring = "ManagedCertificatesExpiring"
    """A managed certificate expires soon."""
    ManagedCertificatesExpired = "ManagedCertificatesExpired"
    """A managed certificate has expired."""
    CommonCertificatesExpiring = "CommonCertificatesExpiring"
    """A common certificate expires soon."""
    CommonCertificatesExpired = "CommonCertificatesExpired"
    """A common certificate has expired."""
    TracedCertificatesExpiring = "TracedCertificatesExpiring"
    """A traced certificate expires soon."""
    TracedCertificatesExpired = "TracedCertificatesExpired"
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


@numbered(range(1, 4))
class CertificateType(Named):
    """Where a certificate on a card comes from. The words are those of the guide; that replies carry them is assumed."""

    Managed = "Managed"
    """Issued through the system: it can be renewed, held and revoked."""
    Common = "Common"
    """One for many users, made elsewhere: never held or revoked."""
    Traced = "Traced"
    """Found on the card, and only watched."""


@numbered(range(1, 8))
class Dialect(Named):
    """A generation of the API. Their numbers grow with time."""

    G1 = "G1"
    """Indeed CM up to 5.7, base `/icmapi`: the cards of one user, with six fields, and four operations with the id as a parameter. There is no other way to look a card up."""
    G2 = "G2"
    """Indeed CM after 5.7: also all cards (`Card/GetAllCards`), page by page and without filters."""
    G3 = "G3"
    """Indeed CM before 2022: also four filters, such as `filter.serialNumber`."""
    G4 = "G4"
    """Indeed CM of 2022, the last at `/icmapi`: `Cards` with seven filters, and operations by the card's path."""
    G5 = "G5"
    """Indeed CM 6.x and Rutoken KeyBox, base `/cm/api`: the calls of G4."""
    G6 = "G6"
    """CertiFlow before 7.1, Indeed CM 7.0, newer Rutoken KeyBox: filters without a prefix, the reason as a parameter."""
    G7 = "G7"
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


@numbered(range(1, 4))
class Sure(Named):
    """How sure a `Finding` is."""

    Nothing = "cannot tell"
    """Nothing was learned."""
    Several = "one of several"
    """Several generations would answer so."""
    Shown = "shown"
    """Only this generation answers so, or only two with the same calls."""


@numbered(range(0, 7))
class SmartcardStatus(Named):
    """`SmartcardStatus` (SDK). The names are documented, the numbers are not: see `StatusScheme`. The numbers here are ours."""

    None_ = "None"
    """No information."""
    New = "New"
    """Being made."""
    Assigned = "Assigned"
    """Given to a user as a part of being made."""
    Active = "Active"
    """In use."""
    Suspended = "Suspended"
    """Temporarily off."""
    Disabled = "Disabled"
    """All certificates are revoked. Not what CertiFlow calls Disabled."""
    Retired = "Retired"
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


@numbered(range(0, 12))
class RequestType(Named):
    """`RequestType` (SDK; the numbers by published reports over the database)."""

    None_ = "None"
    """No type."""
    Enroll = "Enroll"
    """A new card."""
    Recover = "Recover"
    """For a card: its replacement."""
    Renew = "Renew"
    """New certificates."""
    Disable = "Disable"
    """What the API calls Revoke."""
    Unblock = "Unblock"
    """The PIN."""
    Duplicate = "Duplicate"
    """A copy."""
    Retire = "Retire"
    """The end of a card."""
    RecoverOnBehalf = "RecoverOnBehalf"
    """For somebody else."""
    SuspendOrReinstate = "SuspendOrReinstate"
    """Suspend and reinstate share one number."""
    OnlineUpdate = "OnlineUpdate"
    """New content."""
    TemporaryCardEnroll = "TemporaryCardEnroll"
    """A temporary card."""


@numbered([0, 3, 4, 8, 9, 16, 17, 18])
class RequestStatus(Named):
    """`RequestStatus` (SQL API, `externalGetStatus`; the REST examples agree)."""

    NotProcessed = "None"
    """Not looked at yet."""
    Approved = "Approved"
    """It can be carried out."""
    Denied = "Denied"
    """Somebody said no."""
    Completed = "Completed"
    """Carried out."""
    Failed = "Failed"
    """Tried, and failed."""
    Pending = "Pending"
    """Waits for approval."""
    Canceled = "Canceled"
    """Given up."""
    Executing = "Executing"
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


@numbered(range(1, 34))
class CardKind(NamedOrOther):
    """What a card is, or has: one card can be several of these."""

    Storage = "storage card"
    """A storage card that a contactless reader presents by PC/SC part 3 (MIFARE, FeliCa, ICODE)."""
    DesFire = "DESFire"
    """NXP DESFire."""
    GermanId = "German identity card"
    """The German identity card, or another that answers like it."""
    YubiKey = "YubiKey"
    """A Yubico YubiKey."""
    Piv = "PIV"
    """A PIV card, or another with the PIV application."""
    Nitrokey = "Nitrokey"
    """A Nitrokey 3."""
    Gids = "GIDS"
    """A card of the Generic Identity Device Specification, virtual ones of Windows too."""
    IdPrime = "IDPrime"
    """A Thales (Gemalto) IDPrime, or an eToken with its application."""
    OpenPgp = "OpenPGP"
    """An OpenPGP card."""
    SmartCardHsm = "SmartCard-HSM"
    """A SmartCard-HSM."""
    MyEid = "MyEID"
    """A MyEID card."""
    CardOs = "CardOS"
    """A card with CardOS, older eTokens too."""
    EPass2003 = "ePass2003"
    """A Feitian ePass2003."""
    Rutoken = "Rutoken"
    """An Aktiv Rutoken."""
    IasEcc = "IAS ECC"
    """An IAS ECC card."""
    EToken = "eToken"
    """A Java-based eToken (PRO 72K, 5100, 5110)."""
    Sim = "SIM"
    """A SIM or UICC."""
    GlobalPlatform = "GlobalPlatform"
    """A card whose issuer's domain answers, as GlobalPlatform has it."""
    Token2 = "Token2"
    """A Token2 key."""
    Cac = "CAC"
    """A Common Access Card of the US Department of Defense with a GSC-IS container."""
    Cns = "CNS"
    """An Italian CNS."""
    JaCarta = "JaCarta (IDProtect LASER)"
    """A card or token with the LASER application of Athena IDProtect: JaCarta PKI, PKI/BIO and -2 PKI."""
    JaCartaLt = "JaCarta LT"
    """An Aladdin JaCarta LT."""
    Solo = "Solo 2"
    """A SoloKeys Solo 2."""
    Asepcos = "ASEPCOS"
    """A card with Athena's ASEPCOS."""
    EstEid = "EstEID"
    """An Estonian identity card, from 2018 on."""
    FinEid = "FINEID"
    """A Finnish identity or organisation card."""
    BelgianEid = "Belgian eID"
    """A Belgian identity card."""
    Dnie = "DNIe"
    """A Spanish identity card (DNI electrónico)."""
    Esmart = "ESMART Token"
    """An ISBC ESMART Token."""
    SafeSign = "StarSign (SafeSign)"
    """A card or token for SafeSign: Giesecke+Devrient StarSign, and SafeSign's own."""
    ActivId = "HID Crescendo (ActivID)"
    """A HID Crescendo with ActivID applications and without PIV (C1100, C700)."""
    CryptoCertum = "cryptoCertum"
    """An Asseco cryptoCertum."""


@numbered(range(1, 4))
class Basis(Named):
    """What it rests on that a card is one of a kind. A status word alone is no evidence."""

    Answer = "its own answer"
    """The card's own answer: the application gave its name, or an object of the shape that it has."""
    Atr = "its ATR"
    """An ATR that belongs to cards of this kind alone."""
    Hint = "a hint"
    """A hint: historical bytes that other products have too, and no more."""


@numbered(range(1, 29))
class Source(NamedOrOther):
    """Where an identifier comes from."""

    CardId = "cardid"
    """The file `cardid` of a minidriver card (GIDS, IDPrime): 16 bytes, a GUID as Windows keeps it."""
    ChuidGuid = "CHUID GUID"
    """The GUID in the CHUID of a PIV card (tag 34): 16 bytes in the order of RFC 4122."""
    FascN = "FASC-N"
    """The FASC-N in the CHUID of a PIV card (tag 30): 25 bytes."""
    CacCuid = "CAC CUID"
    """The card's identifier in its capability container (CAC, tag F0): 21 bytes."""
    Cplc = "CPLC"
    """Card production life cycle data: 42 bytes."""
    OpenPgpAid = "OpenPGP AID"
    """The application identifier of an OpenPGP card: 16 bytes."""
    YubiKey = "YubiKey serial"
    """The serial number of a YubiKey: 4 bytes, big-endian. None when the key hides it."""
    Nitrokey = "Nitrokey UUID"
    """The UUID of a Nitrokey 3: 16 bytes."""
    CardOs = "CardOS serial"
    """The serial number of CardOS: 8 bytes (5.x) or 6 (4.x)."""
    MyEid = "MyEID serial"
    """The serial number of MyEID: 10 bytes."""
    SmartCardHsm = "SmartCard-HSM serial"
    """The serial number of a SmartCard-HSM: up to 11 characters."""
    EPass2003 = "ePass2003 serial"
    """The serial number of an ePass2003: 8 bytes."""
    Rutoken = "Rutoken serial"
    """The serial number of a Rutoken: 4 bytes, big-endian (the token gives them the other way)."""
    Token2 = "Token2 serial"
    """The serial number of a Token2 key: 8 to 16 characters, of which an older key tells the last 8 only."""
    Iccid = "ICCID"
    """The number of a SIM (EF 2FE2): 10 bytes of decimal digits with the nibbles swapped."""
    Iccsn = "ICCSN"
    """The card's number in EF.GDO or EF.SN (tag 5A): up to 10 bytes of decimal digits."""
    Cin = "CIN"
    """The card image number of GlobalPlatform (tag 45), the issuer's own count."""
    Iin = "IIN"
    """The issuer identification number of GlobalPlatform (tag 42): of the issuer, not of the card."""
    Uid = "UID"
    """The UID, PUPI or IDm by which a contactless reader tells cards apart: 4 to 10 bytes. Four bytes are not unique (ISO/IEC 14443-3:2018, 6.5.4; NXP AN10927), and a PUPI of four may be another one each time."""
    AtsHistorical = "ATS historical bytes"
    """The historical bytes of the ATS of a contactless card: of the model, not of the card. Of a card of type B, which its ATR does not tell apart, they are the application data instead."""
    CnsId = "CNS number"
    """The number of an Italian CNS (EF.ID_Carta): 16 characters."""
    JaCarta = "JaCarta serial"
    """The serial number of the LASER application: 8 bytes, two and the chip's serial number and batch."""
    Solo = "Solo UUID"
    """The UUID of a Solo 2: 16 bytes."""
    Asepcos = "ASEPCOS serial"
    """The serial number of ASEPCOS: 8 bytes."""
    EstEid = "EstEID document number"
    """The document number of an Estonian identity card: letters and digits."""
    FinEid = "FINEID card number"
    """The number of a Finnish card in its token information: letters and digits."""
    BelgianEid = "Belgian eID chip number"
    """The chip's number of a Belgian identity card: 16 bytes."""
    Dnie = "DNIe serial"
    """The serial number of a Spanish identity card: 7 bytes."""


@numbered(range(1, 5))
class Trust(Named):
    """How far an identifier distinguishes one card from all others."""

    Stable = "stable"
    """The same each time, and unique to this card if its maker keeps the rules."""
    Random = "random"
    """A different one each time."""
    Shared = "shared"
    """The same on other cards too, or not known to be unique to this card."""
    Hidden = "hidden"
    """The card has one and does not reveal it: there are no bytes."""

"""The extension module. Its names are for `cardwright`, which has those for users."""

# <!-- generated: records -->
@final
class CardInfo(Card):
    """A card's record (API, Cards)."""

    def __new__(cls, json: str, found_by: str | None = None, status_scheme: str = "B") -> CardInfo: ...
    @property
    def id(self) -> str | int:
        """Opaque; the documents show a number, older ones a text. (`id`)"""
    @property
    def serial_number(self) -> str | None:
        """The card's serial number, as its middleware writes it. (`serialNumber`)"""
    @property
    def card_type_name(self) -> str | None:
        """The name of the card's type. (`cardTypeName`)"""
    @property
    def card_model_name(self) -> str | None:
        """The model, where the type is split into models. (`cardModelName`)"""
    @property
    def atr(self) -> str | None:
        """The ATR in hexadecimal digits. (`atr`)"""
    @property
    def label(self) -> str | None:
        """The name of the card. (`label`)"""
    @property
    def comment(self) -> str | None:
        """A note. (`comment`)"""
    @property
    def tags(self) -> tuple[str, ...]:
        """Tags. (`tags`)"""
    @property
    def state(self) -> CardState | Scalar:
        """The state. (`state`)"""
    @property
    def form_factor(self) -> Scalar:
        """The form: the values are not documented. (`formFactor`)"""
    @property
    def pac_number(self) -> Scalar:
        """The number for physical access ("HID label"). (`pacNumber`)"""
    @property
    def expiration_date(self) -> datetime | None:
        """When the card expires, ISO 8601. (`expirationDate`)"""
    @property
    def time_issued(self) -> datetime | None:
        """When the card was issued, ISO 8601. (`timeIssued`)"""
    @property
    def time_disabled(self) -> datetime | None:
        """When the card was put on hold, ISO 8601. (`timeDisabled`)"""
    @property
    def time_updated(self) -> datetime | None:
        """When the card was updated, ISO 8601. (`timeUpdated`)"""
    @property
    def time_revoked(self) -> datetime | None:
        """When the card was revoked, ISO 8601. (`timeRevoked`)"""
    @property
    def user_id(self) -> Scalar:
        """The user's id, opaque. (`userId`)"""
    @property
    def user_name(self) -> str | None:
        """The user, `DOMAIN\LogonName`. (`userName`)"""
    @property
    def policy_id(self) -> Scalar:
        """The policy's id, opaque. (`policyId`)"""
    @property
    def policy_name(self) -> str | None:
        """The policy's name. (`policyName`)"""
    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates on the card. (`certificates`)"""

@final
class Certificate(Record):
    """A certificate on a card."""

    def __new__(cls, json: str) -> Certificate: ...
    @property
    def kind(self) -> CertificateType | Scalar:
        """Where it comes from. (`type`)"""
    @property
    def serial_number(self) -> str | None:
        """Its serial number in hexadecimal digits. (`serialNumber`)"""
    @property
    def thumbprint(self) -> str | None:
        """Its SHA-1 thumbprint in hexadecimal digits. (`thumbprint`)"""
    @property
    def subject(self) -> str | None:
        """The common name of its subject. (`subject`)"""
    @property
    def issuer(self) -> str | None:
        """The common name of its issuer. (`issuer`)"""
    @property
    def valid_to(self) -> datetime | None:
        """When it expires, ISO 8601. (`validTo`)"""

@final
class Smartcard(Card):
    """A smart card profile ("Get smartcard data")."""

    def __new__(cls, json: str, found_by: str | None = None, status_scheme: str = "B") -> Smartcard: ...
    @property
    def uuid(self) -> str:
        """Its id in the database. Not the card's own id: see `serial_number`. (`Uuid`)"""
    @property
    def status(self) -> Scalar:
        """The status, as a number; `StatusScheme` reads it. (`Status`)"""
    @property
    def flags(self) -> Scalar:
        """How it stands to other cards: bits, of which only 1 (Primary) is known. (`Flags`)"""
    @property
    def parent_smartcard_uuid(self) -> str | None:
        """The card that this one replaces. (`ParentSmartcardUuid`)"""
    @property
    def primary_smartcard_uuid(self) -> str | None:
        """The card that this one is a duplicate of. (`PrimarySmartcardUuid`)"""
    @property
    def permanent_smartcard_uuid(self) -> str | None:
        """The permanent card of this temporary one. (`PermanentSmartcardUuid`)"""
    @property
    def assigned_user_uuid(self) -> str | None:
        """The user. (`AssignedUserUuid`)"""
    @property
    def profile_template_uuid(self) -> str | None:
        """The profile template. (`ProfileTemplateUuid`)"""
    @property
    def profile_template_version(self) -> Scalar:
        """The template's version when the profile was made. (`ProfileTemplateVersion`)"""
    @property
    def comment(self) -> str | None:
        """A comment, `""` where there is none. (`Comment`)"""
    @property
    def serial_number(self) -> str | None:
        """The serial number; for a Base CSP card its `cardid` in braces. (`SerialNumber`)"""
    @property
    def middleware(self) -> str | None:
        """The middleware, such as `MSBaseCSP`. (`Middleware`)"""
    @property
    def atr(self) -> str | None:
        """The ATR in lower-case hexadecimal digits. (`Atr`)"""

@final
class Request(Record):
    """A request ("Get request")."""

    def __new__(cls, json: str) -> Request: ...
    @property
    def uuid(self) -> str:
        """Its id. (`Uuid`)"""
    @property
    def request_type(self) -> RequestType | Scalar:
        """What it is for. (`RequestType`)"""
    @property
    def status(self) -> RequestStatus | Scalar:
        """How far it is. (`Status`)"""
    @property
    def flags(self) -> Scalar:
        """Options: bits, not published. (`Flags`)"""
    @property
    def data_collection(self) -> tuple[DataItem, ...]:
        """The answers to the policy's questions. (`DataCollection`)"""
    @property
    def data_collection_flags(self) -> Scalar:
        """Options of the data collection: bits, not published. (`DataCollectionFlags`)"""
    @property
    def originator_user_uuid(self) -> str | None:
        """Who made it. (`OriginatorUserUuid`)"""
    @property
    def target_user_uuid(self) -> str | None:
        """For whom. (`TargetUserUuid`)"""
    @property
    def submitted(self) -> datetime | None:
        """When it was made, ISO 8601. (`Submitted`)"""
    @property
    def completed(self) -> datetime | None:
        """When it was completed, ISO 8601; `0001-01-01T00:00:00` until then. (`Completed`)"""
    @property
    def new_profile_uuid(self) -> str | None:
        """The profile that it makes. (`NewProfileUuid`)"""
    @property
    def old_profile_uuid(self) -> str | None:
        """The profile that it is about. (`OldProfileUuid`)"""
    @property
    def new_smartcard_uuid(self) -> str | None:
        """The card that it gives; the empty GUID until one is assigned. (`NewSmartcardUuid`)"""
    @property
    def old_smartcard_uuid(self) -> str | None:
        """The card that it is about. (`OldSmartcardUuid`)"""
    @property
    def priority(self) -> Scalar:
        """0 to 255; 0 is the highest. (`Priority`)"""
    @property
    def comment(self) -> str | None:
        """A comment, `""` where there is none. (`Comment`)"""
    @property
    def profile_template_uuid(self) -> str | None:
        """The profile template. (`ProfileTemplateUuid`)"""
    @property
    def security_descriptor(self) -> str | None:
        """Who may do what, in SDDL. Servers send it with NUL characters at its end. (`SecurityDescriptor`)"""
    @property
    def is_smartcard(self) -> Scalar:
        """Whether it is about a smart card. (`IsSmartcard`)"""
    @property
    def is_enrollment_agent(self) -> Scalar:
        """Whether an enrollment agent must carry it out. (`IsEnrollmentAgent`)"""
    @property
    def is_data_collection_complete(self) -> Scalar:
        """Whether all questions are answered. (`IsDataCollectionComplete`)"""

@final
class DataItem(Record):
    """An answer to a question of a policy."""

    def __new__(cls, json: str) -> DataItem: ...
    @property
    def name(self) -> str | None:
        """The question. (`Name`)"""
    @property
    def value(self) -> str | None:
        """The answer. (`Value`)"""

# <!-- /generated -->

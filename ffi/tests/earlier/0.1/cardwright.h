/* cardwright.h of 0.1 as it was on its first day, without its comments: programs that were compiled against it run with
 * every later library of 0.1. Never changed. */
#ifndef CARDWRIGHT_H
#define CARDWRIGHT_H 
#include <stddef.h>
#include <stdint.h>
#if !defined(CARDWRIGHT_BARE)
#define CARDWRIGHT_HOSTED 
#if !defined(CARDWRIGHT_NO_CLIENT)
#define CARDWRIGHT_CLIENT 
#endif
#if !defined(CARDWRIGHT_NO_READER)
#define CARDWRIGHT_READER 
#endif
#endif
enum CardwrightCardInfoField {
  CARDWRIGHT_CARD_INFO_ID = 0,
  CARDWRIGHT_CARD_INFO_SERIAL_NUMBER = 1,
  CARDWRIGHT_CARD_INFO_CARD_TYPE_NAME = 2,
  CARDWRIGHT_CARD_INFO_CARD_MODEL_NAME = 3,
  CARDWRIGHT_CARD_INFO_ATR = 4,
  CARDWRIGHT_CARD_INFO_LABEL = 5,
  CARDWRIGHT_CARD_INFO_COMMENT = 6,
  CARDWRIGHT_CARD_INFO_TAGS = 7,
  CARDWRIGHT_CARD_INFO_STATE = 8,
  CARDWRIGHT_CARD_INFO_FORM_FACTOR = 9,
  CARDWRIGHT_CARD_INFO_PAC_NUMBER = 10,
  CARDWRIGHT_CARD_INFO_EXPIRATION_DATE = 11,
  CARDWRIGHT_CARD_INFO_TIME_ISSUED = 12,
  CARDWRIGHT_CARD_INFO_TIME_DISABLED = 13,
  CARDWRIGHT_CARD_INFO_TIME_UPDATED = 14,
  CARDWRIGHT_CARD_INFO_TIME_REVOKED = 15,
  CARDWRIGHT_CARD_INFO_USER_ID = 16,
  CARDWRIGHT_CARD_INFO_USER_NAME = 17,
  CARDWRIGHT_CARD_INFO_POLICY_ID = 18,
  CARDWRIGHT_CARD_INFO_POLICY_NAME = 19,
  CARDWRIGHT_CARD_INFO_CERTIFICATES = 20,
};
enum CardwrightCertificateField {
  CARDWRIGHT_CERTIFICATE_TYPE = 0,
  CARDWRIGHT_CERTIFICATE_SERIAL_NUMBER = 1,
  CARDWRIGHT_CERTIFICATE_THUMBPRINT = 2,
  CARDWRIGHT_CERTIFICATE_SUBJECT = 3,
  CARDWRIGHT_CERTIFICATE_ISSUER = 4,
  CARDWRIGHT_CERTIFICATE_VALID_TO = 5,
};
enum CardwrightSmartcardField {
  CARDWRIGHT_SMARTCARD_UUID = 0,
  CARDWRIGHT_SMARTCARD_STATUS = 1,
  CARDWRIGHT_SMARTCARD_FLAGS = 2,
  CARDWRIGHT_SMARTCARD_PARENT_SMARTCARD_UUID = 3,
  CARDWRIGHT_SMARTCARD_PRIMARY_SMARTCARD_UUID = 4,
  CARDWRIGHT_SMARTCARD_PERMANENT_SMARTCARD_UUID = 5,
  CARDWRIGHT_SMARTCARD_ASSIGNED_USER_UUID = 6,
  CARDWRIGHT_SMARTCARD_PROFILE_TEMPLATE_UUID = 7,
  CARDWRIGHT_SMARTCARD_PROFILE_TEMPLATE_VERSION = 8,
  CARDWRIGHT_SMARTCARD_COMMENT = 9,
  CARDWRIGHT_SMARTCARD_SERIAL_NUMBER = 10,
  CARDWRIGHT_SMARTCARD_MIDDLEWARE = 11,
  CARDWRIGHT_SMARTCARD_ATR = 12,
};
enum CardwrightRequestField {
  CARDWRIGHT_REQUEST_UUID = 0,
  CARDWRIGHT_REQUEST_REQUEST_TYPE = 1,
  CARDWRIGHT_REQUEST_STATUS = 2,
  CARDWRIGHT_REQUEST_FLAGS = 3,
  CARDWRIGHT_REQUEST_DATA_COLLECTION = 4,
  CARDWRIGHT_REQUEST_DATA_COLLECTION_FLAGS = 5,
  CARDWRIGHT_REQUEST_ORIGINATOR_USER_UUID = 6,
  CARDWRIGHT_REQUEST_TARGET_USER_UUID = 7,
  CARDWRIGHT_REQUEST_SUBMITTED = 8,
  CARDWRIGHT_REQUEST_COMPLETED = 9,
  CARDWRIGHT_REQUEST_NEW_PROFILE_UUID = 10,
  CARDWRIGHT_REQUEST_OLD_PROFILE_UUID = 11,
  CARDWRIGHT_REQUEST_NEW_SMARTCARD_UUID = 12,
  CARDWRIGHT_REQUEST_OLD_SMARTCARD_UUID = 13,
  CARDWRIGHT_REQUEST_PRIORITY = 14,
  CARDWRIGHT_REQUEST_COMMENT = 15,
  CARDWRIGHT_REQUEST_PROFILE_TEMPLATE_UUID = 16,
  CARDWRIGHT_REQUEST_SECURITY_DESCRIPTOR = 17,
  CARDWRIGHT_REQUEST_IS_SMARTCARD = 18,
  CARDWRIGHT_REQUEST_IS_ENROLLMENT_AGENT = 19,
  CARDWRIGHT_REQUEST_IS_DATA_COLLECTION_COMPLETE = 20,
};
enum CardwrightDataItemField {
  CARDWRIGHT_DATA_ITEM_NAME = 0,
  CARDWRIGHT_DATA_ITEM_VALUE = 1,
};
#define CARDWRIGHT_ATR_MAX 33
#define CARDWRIGHT_NO_T 255
#define CARDWRIGHT_MAX_LEVELS 31
#define CARDWRIGHT_MAX_TAGS 16
#define CARDWRIGHT_LINE_ROOM 256
#define CARDWRIGHT_MAX_COMMANDS 128
#define CARDWRIGHT_RESPONSE_ROOM 4096
#define CARDWRIGHT_OTHER 65536
#define CARDWRIGHT_COMMAND_ROOM 64
#define CARDWRIGHT_OK 0
#define CARDWRIGHT_MAX_QUESTIONS 6
#if defined(CARDWRIGHT_READER)
#define CARDWRIGHT_NO_LIMIT UINT32_MAX
#endif
#define CARDWRIGHT_MAX_FIELDS 24
enum CardwrightRequestStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_REQUEST_STATUS_NOT_PROCESSED = 0,
  CARDWRIGHT_REQUEST_STATUS_APPROVED = 3,
  CARDWRIGHT_REQUEST_STATUS_DENIED = 4,
  CARDWRIGHT_REQUEST_STATUS_COMPLETED = 8,
  CARDWRIGHT_REQUEST_STATUS_FAILED = 9,
  CARDWRIGHT_REQUEST_STATUS_PENDING = 16,
  CARDWRIGHT_REQUEST_STATUS_CANCELED = 17,
  CARDWRIGHT_REQUEST_STATUS_EXECUTING = 18,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightRequestStatus CardwrightRequestStatus;
#else
typedef uint8_t CardwrightRequestStatus;
#endif
#endif
enum CardwrightCode
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint16_t
#endif
 {
  CARDWRIGHT_CODE_SHORT = 101,
  CARDWRIGHT_CODE_HEX = 102,
  CARDWRIGHT_CODE_HEX_ODD = 103,
  CARDWRIGHT_CODE_TS = 104,
  CARDWRIGHT_CODE_GUID = 105,
  CARDWRIGHT_CODE_SERIAL = 106,
  CARDWRIGHT_CODE_NO_SUCH_OPERATION = 201,
  CARDWRIGHT_CODE_NO_SUCH_CALL = 202,
  CARDWRIGHT_CODE_NO_SUCH_PARAMETER = 203,
  CARDWRIGHT_CODE_NOT_ALLOWED = 204,
  CARDWRIGHT_CODE_REASON_NEEDED = 205,
  CARDWRIGHT_CODE_UNKNOWN_VALUE = 206,
  CARDWRIGHT_CODE_PARAMETER_NEEDED = 207,
  CARDWRIGHT_CODE_NO_SUCH_REASON = 208,
  CARDWRIGHT_CODE_UNCONFIRMED = 209,
  CARDWRIGHT_CODE_JSON_END = 301,
  CARDWRIGHT_CODE_JSON_SYNTAX = 302,
  CARDWRIGHT_CODE_JSON_ESCAPE = 303,
  CARDWRIGHT_CODE_JSON_CONTROL = 304,
  CARDWRIGHT_CODE_JSON_NUMBER = 305,
  CARDWRIGHT_CODE_JSON_DEPTH = 306,
  CARDWRIGHT_CODE_JSON_TYPE = 307,
  CARDWRIGHT_CODE_JSON_UTF8 = 308,
  CARDWRIGHT_CODE_JSON_TRAILING = 309,
  CARDWRIGHT_CODE_JSON_MISSING = 310,
  CARDWRIGHT_CODE_ROOM = 401,
  CARDWRIGHT_CODE_UNWRITABLE = 402,
  CARDWRIGHT_CODE_NO_SERVICE = 501,
  CARDWRIGHT_CODE_NO_READER = 502,
  CARDWRIGHT_CODE_NO_CARD = 503,
  CARDWRIGHT_CODE_CARD_REMOVED = 504,
  CARDWRIGHT_CODE_CARD_RESET = 505,
  CARDWRIGHT_CODE_CARD_BUSY = 506,
  CARDWRIGHT_CODE_CARD_MUTE = 507,
  CARDWRIGHT_CODE_NO_PROTOCOL = 508,
  CARDWRIGHT_CODE_CARD_ANSWER = 509,
  CARDWRIGHT_CODE_READER_FAILED = 510,
  CARDWRIGHT_CODE_CARD_TIMEOUT = 511,
  CARDWRIGHT_CODE_CARD_ENDLESS = 512,
  CARDWRIGHT_CODE_UNREACHABLE = 601,
  CARDWRIGHT_CODE_TIMEOUT = 602,
  CARDWRIGHT_CODE_BROKEN = 603,
  CARDWRIGHT_CODE_TLS = 604,
  CARDWRIGHT_CODE_ADDRESS = 605,
  CARDWRIGHT_CODE_CANCELED = 606,
  CARDWRIGHT_CODE_CERTIFICATE = 611,
  CARDWRIGHT_CODE_KEY = 612,
  CARDWRIGHT_CODE_PROXY = 613,
  CARDWRIGHT_CODE_HEADER = 614,
  CARDWRIGHT_CODE_SETTING = 615,
  CARDWRIGHT_CODE_SIGN_IN = 701,
  CARDWRIGHT_CODE_FORBIDDEN = 702,
  CARDWRIGHT_CODE_NOT_FOUND = 703,
  CARDWRIGHT_CODE_REFUSED = 704,
  CARDWRIGHT_CODE_BAD_REQUEST = 705,
  CARDWRIGHT_CODE_SERVER_FAILED = 706,
  CARDWRIGHT_CODE_UNREADABLE = 707,
  CARDWRIGHT_CODE_BUSY = 708,
  CARDWRIGHT_CODE_REQUEST_ENDED = 709,
  CARDWRIGHT_CODE_UNEXPECTED = 710,
  CARDWRIGHT_CODE_INTERNAL = 901,
  CARDWRIGHT_CODE_ARGUMENT = 902,
  CARDWRIGHT_CODE_JOURNAL = 903,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCode CardwrightCode;
#else
typedef uint16_t CardwrightCode;
#endif
#endif
enum CardwrightSystem
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_SYSTEM_MIM = 1,
  CARDWRIGHT_SYSTEM_CERTIFLOW = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSystem CardwrightSystem;
#else
typedef uint8_t CardwrightSystem;
#endif
#endif
enum CardwrightOperation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_OPERATION_SUSPEND = 1,
  CARDWRIGHT_OPERATION_RESUME = 2,
  CARDWRIGHT_OPERATION_REVOKE = 3,
  CARDWRIGHT_OPERATION_RETIRE = 4,
  CARDWRIGHT_OPERATION_PRE_UPDATE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightOperation CardwrightOperation;
#else
typedef uint8_t CardwrightOperation;
#endif
#endif
enum CardwrightState
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_STATE_STOCK = 1,
  CARDWRIGHT_STATE_ASSIGNED = 2,
  CARDWRIGHT_STATE_PENDING = 3,
  CARDWRIGHT_STATE_ACTIVE = 4,
  CARDWRIGHT_STATE_SUSPENDED = 5,
  CARDWRIGHT_STATE_REVOKED = 6,
  CARDWRIGHT_STATE_RETIRED = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightState CardwrightState;
#else
typedef uint8_t CardwrightState;
#endif
#endif
enum CardwrightCardState
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_CARD_STATE_CLEAN = 1,
  CARDWRIGHT_CARD_STATE_ASSIGNED = 2,
  CARDWRIGHT_CARD_STATE_PENDING = 3,
  CARDWRIGHT_CARD_STATE_ISSUED = 4,
  CARDWRIGHT_CARD_STATE_DISABLED = 5,
  CARDWRIGHT_CARD_STATE_REVOKED = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCardState CardwrightCardState;
#else
typedef uint8_t CardwrightCardState;
#endif
#endif
enum CardwrightSmartcardStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_SMARTCARD_STATUS_NONE = 0,
  CARDWRIGHT_SMARTCARD_STATUS_NEW = 1,
  CARDWRIGHT_SMARTCARD_STATUS_ASSIGNED = 2,
  CARDWRIGHT_SMARTCARD_STATUS_ACTIVE = 3,
  CARDWRIGHT_SMARTCARD_STATUS_SUSPENDED = 4,
  CARDWRIGHT_SMARTCARD_STATUS_DISABLED = 5,
  CARDWRIGHT_SMARTCARD_STATUS_RETIRED = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSmartcardStatus CardwrightSmartcardStatus;
#else
typedef uint8_t CardwrightSmartcardStatus;
#endif
#endif
enum CardwrightEvidence
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_EVIDENCE_DOCUMENTED = 1,
  CARDWRIGHT_EVIDENCE_ASSUMED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightEvidence CardwrightEvidence;
#else
typedef uint8_t CardwrightEvidence;
#endif
#endif
enum CardwrightRevocationReason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_REVOCATION_REASON_NONE = 0,
  CARDWRIGHT_REVOCATION_REASON_CARD_BROKEN = 1,
  CARDWRIGHT_REVOCATION_REASON_CARD_LOST = 2,
  CARDWRIGHT_REVOCATION_REASON_CARD_UPGRADE = 3,
  CARDWRIGHT_REVOCATION_REASON_CARD_EXPIRED = 4,
  CARDWRIGHT_REVOCATION_REASON_CARD_WITHDRAW = 5,
  CARDWRIGHT_REVOCATION_REASON_USER_REMOVED = 6,
  CARDWRIGHT_REVOCATION_REASON_CARD_COMPROMISED = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightRevocationReason CardwrightRevocationReason;
#else
typedef uint8_t CardwrightRevocationReason;
#endif
#endif
enum CardwrightContentExpirationStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_NONE = 1,
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRING = 2,
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRED = 3,
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_COMMON_CERTIFICATES_EXPIRING = 4,
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_COMMON_CERTIFICATES_EXPIRED = 5,
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_TRACED_CERTIFICATES_EXPIRING = 6,
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_TRACED_CERTIFICATES_EXPIRED = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightContentExpirationStatus CardwrightContentExpirationStatus;
#else
typedef uint8_t CardwrightContentExpirationStatus;
#endif
#endif
enum CardwrightDialect
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_DIALECT_G1 = 1,
  CARDWRIGHT_DIALECT_G2 = 2,
  CARDWRIGHT_DIALECT_G3 = 3,
  CARDWRIGHT_DIALECT_G4 = 4,
  CARDWRIGHT_DIALECT_G5 = 5,
  CARDWRIGHT_DIALECT_G6 = 6,
  CARDWRIGHT_DIALECT_G7 = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightDialect CardwrightDialect;
#else
typedef uint8_t CardwrightDialect;
#endif
#endif
enum CardwrightSure
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_SURE_NOTHING = 1,
  CARDWRIGHT_SURE_SEVERAL = 2,
  CARDWRIGHT_SURE_SHOWN = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSure CardwrightSure;
#else
typedef uint8_t CardwrightSure;
#endif
#endif
enum CardwrightCertificateType
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_CERTIFICATE_TYPE_MANAGED = 1,
  CARDWRIGHT_CERTIFICATE_TYPE_COMMON = 2,
  CARDWRIGHT_CERTIFICATE_TYPE_TRACED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCertificateType CardwrightCertificateType;
#else
typedef uint8_t CardwrightCertificateType;
#endif
#endif
enum CardwrightPrivilege
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_PRIVILEGE_FINDING_USERS = 1,
  CARDWRIGHT_PRIVILEGE_VIEWING_CARD_REPOSITORY = 2,
  CARDWRIGHT_PRIVILEGE_ENABLING_CARD = 3,
  CARDWRIGHT_PRIVILEGE_DISABLING_CARD = 4,
  CARDWRIGHT_PRIVILEGE_UPDATING_CARD = 5,
  CARDWRIGHT_PRIVILEGE_RESETTING_PIN = 6,
  CARDWRIGHT_PRIVILEGE_LOCKING_CARD = 7,
  CARDWRIGHT_PRIVILEGE_REVOKING_CARD = 8,
  CARDWRIGHT_PRIVILEGE_REMOVING_TASKS = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightPrivilege CardwrightPrivilege;
#else
typedef uint8_t CardwrightPrivilege;
#endif
#endif
enum CardwrightRequestKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_REQUEST_KIND_ENROLL = 1,
  CARDWRIGHT_REQUEST_KIND_DUPLICATE = 2,
  CARDWRIGHT_REQUEST_KIND_OFFLINE_UNBLOCK = 3,
  CARDWRIGHT_REQUEST_KIND_ONLINE_UPDATE = 4,
  CARDWRIGHT_REQUEST_KIND_RENEW = 5,
  CARDWRIGHT_REQUEST_KIND_RECOVER = 6,
  CARDWRIGHT_REQUEST_KIND_RECOVER_ON_BEHALF = 7,
  CARDWRIGHT_REQUEST_KIND_REINSTATE = 8,
  CARDWRIGHT_REQUEST_KIND_RETIRE = 9,
  CARDWRIGHT_REQUEST_KIND_REVOKE = 10,
  CARDWRIGHT_REQUEST_KIND_TEMPORARY_CARDS = 11,
  CARDWRIGHT_REQUEST_KIND_UNBLOCK = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightRequestKind CardwrightRequestKind;
#else
typedef uint8_t CardwrightRequestKind;
#endif
#endif
enum CardwrightRequestEnd
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_REQUEST_END_COMPLETED = 1,
  CARDWRIGHT_REQUEST_END_CANCELED = 2,
  CARDWRIGHT_REQUEST_END_ABANDONED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightRequestEnd CardwrightRequestEnd;
#else
typedef uint8_t CardwrightRequestEnd;
#endif
#endif
enum CardwrightRequestType
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_REQUEST_TYPE_NONE = 0,
  CARDWRIGHT_REQUEST_TYPE_ENROLL = 1,
  CARDWRIGHT_REQUEST_TYPE_RECOVER = 2,
  CARDWRIGHT_REQUEST_TYPE_RENEW = 3,
  CARDWRIGHT_REQUEST_TYPE_DISABLE = 4,
  CARDWRIGHT_REQUEST_TYPE_UNBLOCK = 5,
  CARDWRIGHT_REQUEST_TYPE_DUPLICATE = 6,
  CARDWRIGHT_REQUEST_TYPE_RETIRE = 7,
  CARDWRIGHT_REQUEST_TYPE_RECOVER_ON_BEHALF = 8,
  CARDWRIGHT_REQUEST_TYPE_SUSPEND_OR_REINSTATE = 9,
  CARDWRIGHT_REQUEST_TYPE_ONLINE_UPDATE = 10,
  CARDWRIGHT_REQUEST_TYPE_TEMPORARY_CARD_ENROLL = 11,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightRequestType CardwrightRequestType;
#else
typedef uint8_t CardwrightRequestType;
#endif
#endif
enum CardwrightPermission
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_PERMISSION_AUDIT = 1,
  CARDWRIGHT_PERMISSION_ENROLLMENT_AGENT = 2,
  CARDWRIGHT_PERMISSION_REQUEST_ENROLL = 3,
  CARDWRIGHT_PERMISSION_REQUEST_RECOVER = 4,
  CARDWRIGHT_PERMISSION_REQUEST_RENEW = 5,
  CARDWRIGHT_PERMISSION_REQUEST_REVOKE = 6,
  CARDWRIGHT_PERMISSION_REQUEST_UNBLOCK = 7,
  CARDWRIGHT_PERMISSION_REQUEST_RETIRE = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightPermission CardwrightPermission;
#else
typedef uint8_t CardwrightPermission;
#endif
#endif
enum CardwrightRule
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_RULE_LONGER_THAN33 = 1,
  CARDWRIGHT_RULE_T15_IN_TD1 = 2,
  CARDWRIGHT_RULE_TD_ORDER = 3,
  CARDWRIGHT_RULE_RFU_PROTOCOL = 4,
  CARDWRIGHT_RULE_TA2_RFU_BITS = 5,
  CARDWRIGHT_RULE_TA2_T15 = 6,
  CARDWRIGHT_RULE_TA2_RFU_PROTOCOL = 7,
  CARDWRIGHT_RULE_TA2_PROTOCOL_NOT_OFFERED = 8,
  CARDWRIGHT_RULE_TCK_MISSING = 9,
  CARDWRIGHT_RULE_TCK_WRONG = 10,
  CARDWRIGHT_RULE_EXTRA_BYTES = 11,
  CARDWRIGHT_RULE_TCK_UNEXPECTED = 12,
  CARDWRIGHT_RULE_TA1_FI_RFU = 13,
  CARDWRIGHT_RULE_TA1_DI_RFU = 14,
  CARDWRIGHT_RULE_TB1_DEPRECATED = 15,
  CARDWRIGHT_RULE_TB2_DEPRECATED = 16,
  CARDWRIGHT_RULE_TC2_WI_ZERO = 17,
  CARDWRIGHT_RULE_TC2_WITHOUT_T0 = 18,
  CARDWRIGHT_RULE_REPEAT_TA = 19,
  CARDWRIGHT_RULE_REPEAT_TB = 20,
  CARDWRIGHT_RULE_REPEAT_TC = 21,
  CARDWRIGHT_RULE_T1_IFSC_RFU = 22,
  CARDWRIGHT_RULE_T1_BWI_RFU = 23,
  CARDWRIGHT_RULE_T1_EDC_RFU_BITS = 24,
  CARDWRIGHT_RULE_T15_CLASS_RFU = 25,
  CARDWRIGHT_RULE_T15_SPU_RFU = 26,
  CARDWRIGHT_RULE_T15_TC_RFU = 27,
  CARDWRIGHT_RULE_UNDEFINED_TA = 28,
  CARDWRIGHT_RULE_UNDEFINED_TB = 29,
  CARDWRIGHT_RULE_UNDEFINED_TC = 30,
  CARDWRIGHT_RULE_HB_DIR_LENGTH = 31,
  CARDWRIGHT_RULE_HB_STATUS_MISSING = 32,
  CARDWRIGHT_RULE_HB_TLV_OVERRUN = 33,
  CARDWRIGHT_RULE_HB_TAG_LENGTH = 34,
  CARDWRIGHT_RULE_HB_STATUS_NOT_LAST = 35,
  CARDWRIGHT_RULE_HB_STATUS_TLV_IN_CAT00 = 36,
  CARDWRIGHT_RULE_HB_TAG_RFU = 37,
  CARDWRIGHT_RULE_PCSC_LENGTH = 38,
  CARDWRIGHT_RULE_PCSC_LENGTH_NOT12 = 39,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightRule CardwrightRule;
#else
typedef uint8_t CardwrightRule;
#endif
#endif
enum CardwrightConvention
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_CONVENTION_DIRECT = 59,
  CARDWRIGHT_CONVENTION_INVERSE = 63,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightConvention CardwrightConvention;
#else
typedef uint8_t CardwrightConvention;
#endif
#endif
enum CardwrightCategory
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_CATEGORY_COMPACT_TLV_STATUS = 1,
  CARDWRIGHT_CATEGORY_DIR_DATA_REFERENCE = 2,
  CARDWRIGHT_CATEGORY_COMPACT_TLV = 3,
  CARDWRIGHT_CATEGORY_RESERVED = 4,
  CARDWRIGHT_CATEGORY_PROPRIETARY = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCategory CardwrightCategory;
#else
typedef uint8_t CardwrightCategory;
#endif
#endif
enum CardwrightTckState
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_TCK_STATE_NOT_NEEDED = 0,
  CARDWRIGHT_TCK_STATE_RIGHT = 1,
  CARDWRIGHT_TCK_STATE_WRONG = 2,
  CARDWRIGHT_TCK_STATE_MISSING = 3,
  CARDWRIGHT_TCK_STATE_UNEXPECTED = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightTckState CardwrightTckState;
#else
typedef uint8_t CardwrightTckState;
#endif
#endif
enum CardwrightEdc
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_EDC_LRC = 0,
  CARDWRIGHT_EDC_CRC = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightEdc CardwrightEdc;
#else
typedef uint8_t CardwrightEdc;
#endif
#endif
enum CardwrightClockStop
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_CLOCK_STOP_NOT_SUPPORTED = 0,
  CARDWRIGHT_CLOCK_STOP_STATE_L = 1,
  CARDWRIGHT_CLOCK_STOP_STATE_H = 2,
  CARDWRIGHT_CLOCK_STOP_NO_PREFERENCE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightClockStop CardwrightClockStop;
#else
typedef uint8_t CardwrightClockStop;
#endif
#endif
enum CardwrightInterface
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_INTERFACE_UNKNOWN = 0,
  CARDWRIGHT_INTERFACE_CONTACT = 1,
  CARDWRIGHT_INTERFACE_CONTACTLESS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightInterface CardwrightInterface;
#else
typedef uint8_t CardwrightInterface;
#endif
#endif
enum CardwrightSource
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_SOURCE_CARD_ID = 1,
  CARDWRIGHT_SOURCE_CHUID_GUID = 2,
  CARDWRIGHT_SOURCE_FASC_N = 3,
  CARDWRIGHT_SOURCE_CAC_CUID = 4,
  CARDWRIGHT_SOURCE_CPLC = 5,
  CARDWRIGHT_SOURCE_OPEN_PGP_AID = 6,
  CARDWRIGHT_SOURCE_YUBI_KEY = 7,
  CARDWRIGHT_SOURCE_NITROKEY = 8,
  CARDWRIGHT_SOURCE_CARD_OS = 9,
  CARDWRIGHT_SOURCE_MY_EID = 10,
  CARDWRIGHT_SOURCE_SMART_CARD_HSM = 11,
  CARDWRIGHT_SOURCE_E_PASS2003 = 12,
  CARDWRIGHT_SOURCE_RUTOKEN = 13,
  CARDWRIGHT_SOURCE_TOKEN2 = 14,
  CARDWRIGHT_SOURCE_ICCID = 15,
  CARDWRIGHT_SOURCE_ICCSN = 16,
  CARDWRIGHT_SOURCE_CIN = 17,
  CARDWRIGHT_SOURCE_IIN = 18,
  CARDWRIGHT_SOURCE_UID = 19,
  CARDWRIGHT_SOURCE_ATS_HISTORICAL = 20,
  CARDWRIGHT_SOURCE_CNS_ID = 21,
  CARDWRIGHT_SOURCE_JA_CARTA = 22,
  CARDWRIGHT_SOURCE_SOLO = 23,
  CARDWRIGHT_SOURCE_ASEPCOS = 24,
  CARDWRIGHT_SOURCE_EST_EID = 25,
  CARDWRIGHT_SOURCE_FIN_EID = 26,
  CARDWRIGHT_SOURCE_BELGIAN_EID = 27,
  CARDWRIGHT_SOURCE_DNIE = 28,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSource CardwrightSource;
#else
typedef uint8_t CardwrightSource;
#endif
#endif
enum CardwrightTrust
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_TRUST_STABLE = 1,
  CARDWRIGHT_TRUST_RANDOM = 2,
  CARDWRIGHT_TRUST_SHARED = 3,
  CARDWRIGHT_TRUST_HIDDEN = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightTrust CardwrightTrust;
#else
typedef uint8_t CardwrightTrust;
#endif
#endif
enum CardwrightCardKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_CARD_KIND_STORAGE = 1,
  CARDWRIGHT_CARD_KIND_DES_FIRE = 2,
  CARDWRIGHT_CARD_KIND_GERMAN_ID = 3,
  CARDWRIGHT_CARD_KIND_YUBI_KEY = 4,
  CARDWRIGHT_CARD_KIND_PIV = 5,
  CARDWRIGHT_CARD_KIND_NITROKEY = 6,
  CARDWRIGHT_CARD_KIND_GIDS = 7,
  CARDWRIGHT_CARD_KIND_ID_PRIME = 8,
  CARDWRIGHT_CARD_KIND_OPEN_PGP = 9,
  CARDWRIGHT_CARD_KIND_SMART_CARD_HSM = 10,
  CARDWRIGHT_CARD_KIND_MY_EID = 11,
  CARDWRIGHT_CARD_KIND_CARD_OS = 12,
  CARDWRIGHT_CARD_KIND_E_PASS2003 = 13,
  CARDWRIGHT_CARD_KIND_RUTOKEN = 14,
  CARDWRIGHT_CARD_KIND_IAS_ECC = 15,
  CARDWRIGHT_CARD_KIND_E_TOKEN = 16,
  CARDWRIGHT_CARD_KIND_SIM = 17,
  CARDWRIGHT_CARD_KIND_GLOBAL_PLATFORM = 18,
  CARDWRIGHT_CARD_KIND_TOKEN2 = 19,
  CARDWRIGHT_CARD_KIND_CAC = 20,
  CARDWRIGHT_CARD_KIND_CNS = 21,
  CARDWRIGHT_CARD_KIND_JA_CARTA = 22,
  CARDWRIGHT_CARD_KIND_JA_CARTA_LT = 23,
  CARDWRIGHT_CARD_KIND_SOLO = 24,
  CARDWRIGHT_CARD_KIND_ASEPCOS = 25,
  CARDWRIGHT_CARD_KIND_EST_EID = 26,
  CARDWRIGHT_CARD_KIND_FIN_EID = 27,
  CARDWRIGHT_CARD_KIND_BELGIAN_EID = 28,
  CARDWRIGHT_CARD_KIND_DNIE = 29,
  CARDWRIGHT_CARD_KIND_ESMART = 30,
  CARDWRIGHT_CARD_KIND_SAFE_SIGN = 31,
  CARDWRIGHT_CARD_KIND_ACTIV_ID = 32,
  CARDWRIGHT_CARD_KIND_CRYPTO_CERTUM = 33,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCardKind CardwrightCardKind;
#else
typedef uint8_t CardwrightCardKind;
#endif
#endif
enum CardwrightBasis
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_BASIS_ANSWER = 1,
  CARDWRIGHT_BASIS_ATR = 2,
  CARDWRIGHT_BASIS_HINT = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightBasis CardwrightBasis;
#else
typedef uint8_t CardwrightBasis;
#endif
#endif
enum CardwrightFound
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_FOUND_NOTHING = 1,
  CARDWRIGHT_FOUND_RECORD = 2,
  CARDWRIGHT_FOUND_WEAKER = 3,
  CARDWRIGHT_FOUND_SEVERAL = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightFound CardwrightFound;
#else
typedef uint8_t CardwrightFound;
#endif
#endif
enum CardwrightMethod
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_METHOD_GET = 1,
  CARDWRIGHT_METHOD_POST = 2,
  CARDWRIGHT_METHOD_PUT = 3,
  CARDWRIGHT_METHOD_PATCH = 4,
  CARDWRIGHT_METHOD_DELETE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightMethod CardwrightMethod;
#else
typedef uint8_t CardwrightMethod;
#endif
#endif
enum CardwrightEmvRule
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_EMV_RULE_TB1_MISSING = 1,
  CARDWRIGHT_EMV_RULE_TB1_NOT_ZERO = 2,
  CARDWRIGHT_EMV_RULE_TD1_PROTOCOL = 3,
  CARDWRIGHT_EMV_RULE_TA2_IMPLICIT = 4,
  CARDWRIGHT_EMV_RULE_TA1_RATE = 5,
  CARDWRIGHT_EMV_RULE_TB2 = 6,
  CARDWRIGHT_EMV_RULE_TC2_WI = 7,
  CARDWRIGHT_EMV_RULE_TD2_PROTOCOL = 8,
  CARDWRIGHT_EMV_RULE_TA3_IFSC = 9,
  CARDWRIGHT_EMV_RULE_TB3_MISSING = 10,
  CARDWRIGHT_EMV_RULE_TB3_RANGE = 11,
  CARDWRIGHT_EMV_RULE_TB3_GUARD_TIME = 12,
  CARDWRIGHT_EMV_RULE_TC3_EDC = 13,
  CARDWRIGHT_EMV_RULE_TCK = 14,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightEmvRule CardwrightEmvRule;
#else
typedef uint8_t CardwrightEmvRule;
#endif
#endif
enum CardwrightReset
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_RESET_COLD = 1,
  CARDWRIGHT_RESET_WARM = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightReset CardwrightReset;
#else
typedef uint8_t CardwrightReset;
#endif
#endif
enum CardwrightByteOrder
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_BYTE_ORDER_RFC4122 = 1,
  CARDWRIGHT_BYTE_ORDER_WINDOWS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightByteOrder CardwrightByteOrder;
#else
typedef uint8_t CardwrightByteOrder;
#endif
#endif
enum CardwrightMatch
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif
 {
  CARDWRIGHT_MATCH_SAME = 1,
  CARDWRIGHT_MATCH_GUID_BYTES_WINDOWS = 2,
  CARDWRIGHT_MATCH_GUID_BYTES_RFC4122 = 3,
  CARDWRIGHT_MATCH_GUID_FIELDS_SWAPPED = 4,
  CARDWRIGHT_MATCH_TEXT_IGNORING_CASE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightMatch CardwrightMatch;
#else
typedef uint8_t CardwrightMatch;
#endif
#endif
enum CardwrightCheckByte
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_CHECK_BYTE_AS_IT_SHOULD_BE = 0,
  CARDWRIGHT_CHECK_BYTE_GIVEN = 1,
  CARDWRIGHT_CHECK_BYTE_OMITTED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCheckByte CardwrightCheckByte;
#else
typedef uint32_t CardwrightCheckByte;
#endif
#endif
enum CardwrightHex
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_HEX_UPPER = 0,
  CARDWRIGHT_HEX_LOWER = 1,
  CARDWRIGHT_HEX_SPACED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightHex CardwrightHex;
#else
typedef uint32_t CardwrightHex;
#endif
#endif
enum CardwrightSerialForm
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_SERIAL_FORM_PLAIN = 0,
  CARDWRIGHT_SERIAL_FORM_BRACED = 1,
  CARDWRIGHT_SERIAL_FORM_BARE = 2,
  CARDWRIGHT_SERIAL_FORM_HEX = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSerialForm CardwrightSerialForm;
#else
typedef uint32_t CardwrightSerialForm;
#endif
#endif
enum CardwrightEnumeration
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_ENUMERATION_SYSTEM = 1,
  CARDWRIGHT_ENUMERATION_OPERATION = 2,
  CARDWRIGHT_ENUMERATION_STATE = 3,
  CARDWRIGHT_ENUMERATION_CARD_STATE = 4,
  CARDWRIGHT_ENUMERATION_SMARTCARD_STATUS = 5,
  CARDWRIGHT_ENUMERATION_EVIDENCE = 6,
  CARDWRIGHT_ENUMERATION_REVOCATION_REASON = 7,
  CARDWRIGHT_ENUMERATION_CONTENT_EXPIRATION_STATUS = 8,
  CARDWRIGHT_ENUMERATION_DIALECT = 9,
  CARDWRIGHT_ENUMERATION_CERTIFICATE_TYPE = 10,
  CARDWRIGHT_ENUMERATION_PRIVILEGE = 11,
  CARDWRIGHT_ENUMERATION_REQUEST_KIND = 12,
  CARDWRIGHT_ENUMERATION_REQUEST_END = 13,
  CARDWRIGHT_ENUMERATION_REQUEST_STATUS = 14,
  CARDWRIGHT_ENUMERATION_REQUEST_TYPE = 15,
  CARDWRIGHT_ENUMERATION_PERMISSION = 16,
  CARDWRIGHT_ENUMERATION_SOURCE = 17,
  CARDWRIGHT_ENUMERATION_TRUST = 18,
  CARDWRIGHT_ENUMERATION_CARD_KIND = 19,
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_ENUMERATION_SCHEME = 20,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_ENUMERATION_FOUND = 21,
#endif
  CARDWRIGHT_ENUMERATION_BASIS = 22,
  CARDWRIGHT_ENUMERATION_SURE = 23,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightEnumeration CardwrightEnumeration;
#else
typedef uint32_t CardwrightEnumeration;
#endif
#endif
enum CardwrightAnswer
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_ANSWER_ALLOWED = 1,
  CARDWRIGHT_ANSWER_REFUSED = 2,
  CARDWRIGHT_ANSWER_LACKS = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightAnswer CardwrightAnswer;
#else
typedef uint32_t CardwrightAnswer;
#endif
#endif
enum CardwrightCallKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_CALL_KIND_CERTIFLOW_CARDS = 1,
  CARDWRIGHT_CALL_KIND_CERTIFLOW_CARD = 2,
  CARDWRIGHT_CALL_KIND_CERTIFLOW_OPERATE = 3,
  CARDWRIGHT_CALL_KIND_MIM_SMARTCARDS = 16,
  CARDWRIGHT_CALL_KIND_MIM_SMARTCARD_BY_CARD_ID = 17,
  CARDWRIGHT_CALL_KIND_MIM_SMARTCARD = 18,
  CARDWRIGHT_CALL_KIND_MIM_OPERATIONS = 19,
  CARDWRIGHT_CALL_KIND_MIM_ASSIGN_SMARTCARD = 20,
  CARDWRIGHT_CALL_KIND_MIM_UPDATE_SMARTCARD = 21,
  CARDWRIGHT_CALL_KIND_MIM_CREATE_REQUEST = 22,
  CARDWRIGHT_CALL_KIND_MIM_REQUEST = 23,
  CARDWRIGHT_CALL_KIND_MIM_END_REQUEST = 24,
  CARDWRIGHT_CALL_KIND_MIM_REQUESTS = 25,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCallKind CardwrightCallKind;
#else
typedef uint32_t CardwrightCallKind;
#endif
#endif
enum CardwrightReplyPartKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_REPLY_PART_KIND_MORE = 0,
  CARDWRIGHT_REPLY_PART_KIND_STATUS = 1,
  CARDWRIGHT_REPLY_PART_KIND_HEADER = 2,
  CARDWRIGHT_REPLY_PART_KIND_BODY = 3,
  CARDWRIGHT_REPLY_PART_KIND_END = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightReplyPartKind CardwrightReplyPartKind;
#else
typedef uint32_t CardwrightReplyPartKind;
#endif
#endif
enum CardwrightObject
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
  CARDWRIGHT_OBJECT_CARD_INFO = 1,
  CARDWRIGHT_OBJECT_CERTIFICATE = 2,
  CARDWRIGHT_OBJECT_SMARTCARD = 3,
  CARDWRIGHT_OBJECT_REQUEST = 4,
  CARDWRIGHT_OBJECT_DATA_ITEM = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightObject CardwrightObject;
#else
typedef uint32_t CardwrightObject;
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightCheck
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CHECK_WARN = 0,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CHECK_STRICT = 1,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CHECK_OFF = 2,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCheck CardwrightCheck;
#else
typedef uint32_t CardwrightCheck;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightVerify
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_VERIFY_ALWAYS = 0,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_VERIFY_NEVER = 1,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightVerify CardwrightVerify;
#else
typedef uint32_t CardwrightVerify;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightTls
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_TLS_RUSTLS = 0,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_TLS_SYSTEM = 1,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightTls CardwrightTls;
#else
typedef uint32_t CardwrightTls;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightStatusScheme
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_STATUS_SCHEME_B = 0,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_STATUS_SCHEME_A = 1,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightStatusScheme CardwrightStatusScheme;
#else
typedef uint32_t CardwrightStatusScheme;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightScheme
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SCHEME_NEGOTIATE = 1,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SCHEME_NTLM = 2,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SCHEME_BASIC = 3,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SCHEME_BEARER = 4,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightScheme CardwrightScheme;
#else
typedef uint32_t CardwrightScheme;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightMutual
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_MUTUAL_WARN = 0,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_MUTUAL_REQUIRE = 1,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightMutual CardwrightMutual;
#else
typedef uint32_t CardwrightMutual;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightClientAuth
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CLIENT_AUTH_DISCOVER = 0,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CLIENT_AUTH_BASIC = 1,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CLIENT_AUTH_POST = 2,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightClientAuth CardwrightClientAuth;
#else
typedef uint32_t CardwrightClientAuth;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightSignatureScheme
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA256 = 2052,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA384 = 2053,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA512 = 2054,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA256 = 1025,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA384 = 1281,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA512 = 1537,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_ECDSA_P256_SHA256 = 1027,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_ECDSA_P384_SHA384 = 1283,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_SIGNATURE_SCHEME_ED25519 = 2055,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSignatureScheme CardwrightSignatureScheme;
#else
typedef uint32_t CardwrightSignatureScheme;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightCardText
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CARD_TEXT_ID = 1,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER = 2,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CARD_TEXT_ATR = 3,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CARD_TEXT_USER = 4,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_CARD_TEXT_STATE = 5,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightCardText CardwrightCardText;
#else
typedef uint32_t CardwrightCardText;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
enum CardwrightResult
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_RESULT_DONE = 1,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_RESULT_UNKNOWN = 2,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_RESULT_AWAITING_APPROVAL = 3,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_RESULT_REFUSED = 4,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_RESULT_NOT_SENT = 5,
#endif
#if defined(CARDWRIGHT_CLIENT)
  CARDWRIGHT_RESULT_ACCEPTED = 6,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightResult CardwrightResult;
#else
typedef uint32_t CardwrightResult;
#endif
#endif
#endif
#if defined(CARDWRIGHT_HOSTED)
enum CardwrightLogLevel
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_HOSTED)
  CARDWRIGHT_LOG_LEVEL_OFF = 0,
#endif
#if defined(CARDWRIGHT_HOSTED)
  CARDWRIGHT_LOG_LEVEL_ERROR = 1,
#endif
#if defined(CARDWRIGHT_HOSTED)
  CARDWRIGHT_LOG_LEVEL_WARN = 2,
#endif
#if defined(CARDWRIGHT_HOSTED)
  CARDWRIGHT_LOG_LEVEL_INFO = 3,
#endif
#if defined(CARDWRIGHT_HOSTED)
  CARDWRIGHT_LOG_LEVEL_DEBUG = 4,
#endif
#if defined(CARDWRIGHT_HOSTED)
  CARDWRIGHT_LOG_LEVEL_TRACE = 5,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightLogLevel CardwrightLogLevel;
#else
typedef uint32_t CardwrightLogLevel;
#endif
#endif
#endif
#if defined(CARDWRIGHT_READER)
enum CardwrightSlot
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SLOT_EMPTY = 0,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SLOT_CARD = 1,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SLOT_MUTE = 2,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SLOT_UNAVAILABLE = 3,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSlot CardwrightSlot;
#else
typedef uint32_t CardwrightSlot;
#endif
#endif
#endif
#if defined(CARDWRIGHT_READER)
enum CardwrightSharing
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SHARING_FREE = 0,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SHARING_SHARED = 1,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SHARING_EXCLUSIVE = 2,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightSharing CardwrightSharing;
#else
typedef uint32_t CardwrightSharing;
#endif
#endif
#endif
#if defined(CARDWRIGHT_READER)
enum CardwrightEventKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_NONE = 0,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_READER_ADDED = 1,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_READER_REMOVED = 2,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_CARD_INSERTED = 3,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_CARD_REMOVED = 4,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_MISSED = 5,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_SERVICE_LOST = 6,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_EVENT_KIND_SERVICE_BACK = 7,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightEventKind CardwrightEventKind;
#else
typedef uint32_t CardwrightEventKind;
#endif
#endif
#endif
#if defined(CARDWRIGHT_READER)
enum CardwrightShare
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SHARE_SHARED = 0,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_SHARE_EXCLUSIVE = 1,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightShare CardwrightShare;
#else
typedef uint32_t CardwrightShare;
#endif
#endif
#endif
#if defined(CARDWRIGHT_READER)
enum CardwrightProtocol
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif
 {
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_PROTOCOL_ANY = 0,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_PROTOCOL_T0 = 1,
#endif
#if defined(CARDWRIGHT_READER)
  CARDWRIGHT_PROTOCOL_T1 = 2,
#endif
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CardwrightProtocol CardwrightProtocol;
#else
typedef uint32_t CardwrightProtocol;
#endif
#endif
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightCard CardwrightCard;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightCards CardwrightCards;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightClient CardwrightClient;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightOperations CardwrightOperations;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightPlan CardwrightPlan;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightRaw CardwrightRaw;
#endif
#if defined(CARDWRIGHT_READER)
typedef struct CardwrightReaders CardwrightReaders;
#endif
#if defined(CARDWRIGHT_READER)
typedef struct CardwrightSession CardwrightSession;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightSkzi CardwrightSkzi;
#endif
#if defined(CARDWRIGHT_READER)
typedef struct CardwrightWatch CardwrightWatch;
#endif
typedef struct CardwrightAtr {
  uint32_t struct_size;
  uint16_t protocols;
  uint8_t first_offered;
  uint8_t default_protocol;
  uint8_t convention;
  uint8_t indicates_t15;
  uint8_t levels;
  uint8_t k;
  size_t historical_at;
  uint8_t category;
  uint8_t objects;
  uint8_t tck_state;
  uint8_t tck;
  uint8_t tck_right;
  uint8_t specific_mode;
  uint8_t specific_t;
  uint8_t can_change;
  uint8_t implicit;
  uint8_t ta1;
  uint8_t di;
  uint8_t n;
  uint16_t fi;
  uint16_t fmax_khz;
  uint16_t f_after_reset;
  uint8_t d_after_reset;
  uint8_t wi;
  uint8_t has_t1;
  uint8_t ifsc;
  uint8_t bwi;
  uint8_t cwi;
  uint8_t edc;
  uint8_t clock_stop;
  uint8_t classes;
  uint8_t spu;
  uint8_t has_vpp;
  uint8_t vpp_milliamperes;
  uint8_t vpp_volts;
  uint8_t vpp_decivolts;
  size_t tck_at;
  size_t end;
  size_t findings;
  uint64_t broken_rules;
  uint8_t pcsc_protocol;
} CardwrightAtr;
typedef struct CardwrightError {
  uint32_t struct_size;
  int32_t code;
  size_t at;
  const char *what;
  size_t what_length;
} CardwrightError;
typedef struct CardwrightText {
  const char *data;
  size_t length;
} CardwrightText;
typedef struct CardwrightInterfaceByte {
  uint8_t present;
  uint8_t value;
  uint16_t at;
} CardwrightInterfaceByte;
typedef struct CardwrightAtrLevel {
  uint32_t struct_size;
  uint32_t number;
  uint8_t qualified_by;
  struct CardwrightInterfaceByte ta;
  struct CardwrightInterfaceByte tb;
  struct CardwrightInterfaceByte tc;
  struct CardwrightInterfaceByte td;
} CardwrightAtrLevel;
typedef struct CardwrightAtrObject {
  uint32_t struct_size;
  uint8_t tag;
  uint8_t length;
  uint8_t value[15];
} CardwrightAtrObject;
typedef struct CardwrightFinding {
  uint32_t struct_size;
  uint32_t rule;
  size_t at;
  size_t level;
  uint8_t has_value;
  uint8_t value;
  uint8_t qualified_by;
} CardwrightFinding;
typedef struct CardwrightRuleFacts {
  uint32_t struct_size;
  struct CardwrightText name;
  struct CardwrightText text;
  struct CardwrightText standard;
  struct CardwrightText clause;
} CardwrightRuleFacts;
typedef struct CardwrightLevelParts {
  uint8_t has_ta;
  uint8_t ta;
  uint8_t has_tb;
  uint8_t tb;
  uint8_t has_tc;
  uint8_t tc;
  uint8_t has_td;
  uint8_t t;
} CardwrightLevelParts;
typedef struct CardwrightAtrParts {
  uint32_t struct_size;
  uint32_t convention;
  uint32_t check_byte;
  uint32_t check;
  const struct CardwrightLevelParts *levels;
  size_t level_count;
  const uint8_t *historical;
  size_t k;
} CardwrightAtrParts;
typedef struct CardwrightHistorical {
  uint32_t struct_size;
  uint8_t category;
  uint8_t has_life_cycle;
  uint8_t life_cycle;
  uint8_t has_status_word;
  uint16_t status_word;
  uint8_t has_card_service;
  uint8_t card_service;
  uint8_t capabilities;
  uint8_t selection;
  uint8_t data_coding;
  uint8_t command_coding;
  uint8_t channels;
  uint8_t has_initial_access;
  uint8_t initial_access[5];
  uint8_t has_country_code;
  uint16_t country_code;
  uint8_t issuer_length;
  uint8_t issuer[15];
  uint8_t application_length;
  uint8_t application[15];
  uint8_t has_dir_reference;
  uint8_t dir_reference;
  uint8_t is_storage_card;
  uint8_t standard;
  uint16_t card_name;
  struct CardwrightText standard_text;
  struct CardwrightText card_name_text;
  struct CardwrightText life_cycle_text;
} CardwrightHistorical;
typedef struct CardwrightRatio {
  uint64_t cycles;
  uint32_t per;
} CardwrightRatio;
typedef struct CardwrightTiming {
  uint32_t struct_size;
  struct CardwrightRatio etu;
  struct CardwrightRatio gt;
  struct CardwrightRatio wt;
  struct CardwrightRatio cgt;
  struct CardwrightRatio cwt;
  struct CardwrightRatio bgt;
  struct CardwrightRatio bwt;
} CardwrightTiming;
typedef struct CardwrightQuery {
  uint32_t struct_size;
  uint32_t offset;
  uint32_t has_count;
  uint32_t count;
  uint32_t state;
  uint32_t content_expiration_status;
  struct CardwrightText serial_number;
  struct CardwrightText user_name;
  struct CardwrightText card_type_name;
  struct CardwrightText card_model_name;
  struct CardwrightText comment;
  struct CardwrightText policy_name;
  struct CardwrightText time_issued;
  struct CardwrightText time_updated;
  struct CardwrightText time_revoked;
  const struct CardwrightText *tags;
  size_t tag_count;
} CardwrightQuery;
typedef struct CardwrightCall {
  uint32_t struct_size;
  uint32_t kind;
  uint32_t dialect;
  uint32_t operation;
  uint32_t has_reason;
  uint32_t reason;
  uint32_t request_kind;
  uint32_t request_end;
  uint32_t status;
  uint32_t has_priority;
  uint32_t priority;
  struct CardwrightText id;
  struct CardwrightText request;
  struct CardwrightText card_id;
  struct CardwrightText atr;
  struct CardwrightText comment;
  struct CardwrightText data_collection;
  struct CardwrightText profile_template;
  struct CardwrightText target;
  const struct CardwrightQuery *query;
  uint32_t has_request_status;
  uint32_t request_status;
  uint32_t for_caller;
} CardwrightCall;
typedef struct CardwrightSite {
  uint32_t struct_size;
  struct CardwrightText host;
  struct CardwrightText base;
  struct CardwrightText user;
  struct CardwrightText password;
  struct CardwrightText token;
} CardwrightSite;
typedef struct CardwrightSpan {
  uint32_t from;
  uint32_t length;
} CardwrightSpan;
typedef struct CardwrightView {
  uint32_t struct_size;
  uint32_t object;
  const uint8_t *json;
  size_t length;
  struct CardwrightSpan spans[CARDWRIGHT_MAX_FIELDS];
} CardwrightView;
typedef struct CardwrightGeneration {
  uint32_t struct_size;
  uint32_t dialect;
  uint32_t dialects;
  uint32_t sure;
} CardwrightGeneration;
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightSignIn {
  uint32_t struct_size;
  uint32_t schemes;
  uint32_t mutual;
  uint32_t no_channel_bindings;
  uint32_t basic_in_clear;
  struct CardwrightText keytab;
  struct CardwrightText ccache;
  struct CardwrightText service;
} CardwrightSignIn;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightDeviceCode {
  uint32_t struct_size;
  uint32_t lasts;
  struct CardwrightText user_code;
  struct CardwrightText address;
  struct CardwrightText address_with_code;
} CardwrightDeviceCode;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef void (*CardwrightPrompt)(void *context, const struct CardwrightDeviceCode *code);
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightOidc {
  uint32_t struct_size;
  uint32_t client_auth;
  struct CardwrightText issuer;
  struct CardwrightText client_id;
  struct CardwrightText client_secret;
  struct CardwrightText scope;
  struct CardwrightText resource;
  struct CardwrightText audience;
  struct CardwrightText token_endpoint;
  struct CardwrightText device_endpoint;
  struct CardwrightText cache;
  CardwrightPrompt prompt;
  void *context;
} CardwrightOidc;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef int32_t (*CardwrightSign)(void *context,
                                  uint32_t scheme,
                                  const uint8_t *message,
                                  size_t message_length,
                                  uint8_t *signature,
                                  size_t capacity,
                                  size_t *length);
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightClientCertificate {
  uint32_t struct_size;
  uint32_t scheme_count;
  struct CardwrightText certificates;
  struct CardwrightText certificate_file;
  struct CardwrightText key;
  struct CardwrightText key_file;
  CardwrightSign sign;
  void *context;
  const uint32_t *schemes;
  struct CardwrightText key_password;
} CardwrightClientCertificate;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightStatusRow {
  int64_t number;
  uint32_t status;
} CardwrightStatusRow;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightOptions {
  uint32_t struct_size;
  uint32_t system;
  uint32_t dialect;
  uint32_t check;
  uint32_t page_size;
  uint32_t connect_timeout;
  uint32_t answer_timeout;
  uint32_t idle_timeout;
  uint32_t attempts;
  uint32_t longest_wait;
  uint32_t longest_asked;
  uint32_t only_roots;
  uint32_t no_proxy;
  uint32_t status_scheme;
  size_t max_element;
  struct CardwrightText base;
  struct CardwrightText user;
  struct CardwrightText password;
  struct CardwrightText token;
  const struct CardwrightSignIn *sign_in;
  const struct CardwrightOidc *oidc;
  const struct CardwrightClientCertificate *certificate;
  struct CardwrightText roots;
  struct CardwrightText proxy;
  struct CardwrightText user_agent;
  const struct CardwrightStatusRow *statuses;
  size_t status_count;
  uint32_t verify;
  uint32_t settle_limit;
  uint32_t total_timeout;
  struct CardwrightText trust_filters;
  uint32_t tls;
  uint32_t list_timeout;
} CardwrightOptions;
#endif
typedef struct CardwrightVerdict {
  uint32_t struct_size;
  uint32_t answer;
  uint32_t to;
  uint32_t evidence;
  struct CardwrightText source;
} CardwrightVerdict;
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightOutcome {
  uint32_t struct_size;
  uint32_t result;
  uint32_t answer_lost;
  struct CardwrightCard *card;
  uint32_t has_verdict;
  char request[64];
  struct CardwrightVerdict verdict;
} CardwrightOutcome;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightListed {
  uint32_t struct_size;
  uint32_t operation;
  uint32_t by_server;
  uint32_t has_verdict;
  struct CardwrightText word;
  struct CardwrightVerdict verdict;
} CardwrightListed;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightAuditQuery {
  uint32_t struct_size;
  uint32_t limit;
  int64_t after;
  struct CardwrightText card;
  struct CardwrightText account;
  struct CardwrightText issuer;
  struct CardwrightText subject;
  struct CardwrightText since;
  struct CardwrightText until;
} CardwrightAuditQuery;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightAccountChange {
  uint32_t struct_size;
  uint32_t has_disabled;
  uint32_t disabled;
  struct CardwrightText name;
  struct CardwrightText password;
  struct CardwrightText role;
  struct CardwrightText user;
} CardwrightAccountChange;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightPlanned {
  uint32_t struct_size;
  struct CardwrightText method;
  struct CardwrightText address;
  struct CardwrightText body;
} CardwrightPlanned;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightRawFacts {
  uint32_t struct_size;
  uint32_t status;
  struct CardwrightText content_type;
  const uint8_t *body;
  size_t body_length;
} CardwrightRawFacts;
#endif
typedef struct CardwrightIdentity {
  uint64_t storage[72];
} CardwrightIdentity;
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightSearch {
  uint32_t struct_size;
  uint32_t system;
  size_t tried;
  size_t records;
  size_t by;
  size_t passed_over;
  uint32_t found;
} CardwrightSearch;
#endif
#if defined(CARDWRIGHT_CLIENT)
typedef struct CardwrightSkziQuery {
  uint32_t struct_size;
  uint32_t has_offset;
  uint32_t offset;
  uint32_t has_count;
  uint32_t count;
  struct CardwrightText object_type;
  struct CardwrightText skzi_type_id;
  struct CardwrightText serial_number;
  struct CardwrightText instance_number;
  struct CardwrightText state;
  struct CardwrightText user_name;
  struct CardwrightText start_date;
  struct CardwrightText end_date;
} CardwrightSkziQuery;
#endif
#if defined(CARDWRIGHT_HOSTED)
typedef struct CardwrightLogRecord {
  uint32_t struct_size;
  uint32_t level;
  struct CardwrightText target;
  struct CardwrightText message;
} CardwrightLogRecord;
#endif
#if defined(CARDWRIGHT_HOSTED)
typedef void (*CardwrightLog)(void *context, const struct CardwrightLogRecord *record);
#endif
typedef struct CardwrightReply {
  uint64_t storage[48];
} CardwrightReply;
typedef struct CardwrightReplyPart {
  uint32_t struct_size;
  uint32_t kind;
  uint32_t status;
  struct CardwrightText name;
  const uint8_t *data;
  size_t length;
} CardwrightReplyPart;
typedef struct CardwrightKind {
  uint32_t struct_size;
  uint32_t kind;
  uint32_t basis;
  uint32_t count;
  char unread[128];
} CardwrightKind;
typedef struct CardwrightIdentifier {
  uint32_t struct_size;
  uint32_t source;
  uint32_t trust;
  uint32_t length;
  uint8_t bytes[42];
  char spelling[65];
  uint32_t evidence;
  uint32_t personal;
} CardwrightIdentifier;
typedef struct CardwrightGuess {
  uint32_t struct_size;
  uint32_t source;
  uint32_t evidence;
  uint32_t count;
  char spelling[65];
} CardwrightGuess;
typedef struct CardwrightOperationFacts {
  uint32_t struct_size;
  uint8_t takes_reason;
  uint8_t repeatable;
  uint8_t is_final;
  struct CardwrightText name;
  struct CardwrightText about;
  struct CardwrightText certiflow;
  struct CardwrightText mim;
} CardwrightOperationFacts;
typedef struct CardwrightList {
  uint64_t storage[16];
} CardwrightList;
typedef struct CardwrightProbe {
  uint64_t storage[24];
} CardwrightProbe;
#if defined(CARDWRIGHT_READER)
typedef struct CardwrightReader {
  uint32_t struct_size;
  uint32_t slot;
  uint32_t sharing;
  uint32_t events;
  struct CardwrightText name;
  const uint8_t *atr;
  size_t atr_length;
} CardwrightReader;
#endif
#if defined(CARDWRIGHT_READER)
typedef struct CardwrightOpen {
  uint32_t struct_size;
  uint32_t share;
  uint32_t protocol;
  uint32_t limit;
  uint32_t card_time_limit;
  uint32_t card_apdus;
} CardwrightOpen;
#endif
#if defined(CARDWRIGHT_READER)
typedef struct CardwrightSessionFacts {
  uint32_t struct_size;
  uint32_t protocol;
  uint32_t resets;
  uint32_t missed;
  uint32_t in_transaction;
  uint32_t atr_length;
  uint8_t atr[CARDWRIGHT_ATR_MAX];
  uint32_t attempts;
} CardwrightSessionFacts;
#endif
#if defined(CARDWRIGHT_READER)
typedef struct CardwrightEvent {
  uint32_t struct_size;
  uint32_t kind;
  uint32_t events;
  int32_t code;
  struct CardwrightText reader;
  const uint8_t *atr;
  size_t atr_length;
} CardwrightEvent;
#endif
#ifdef __cplusplus
extern "C" {
#endif
int32_t cardwright_atr_parse(const uint8_t *bytes,
                             size_t length,
                             struct CardwrightAtr *atr,
                             struct CardwrightError *error);
int32_t cardwright_atr_from_hex(struct CardwrightText text,
                                uint8_t *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);
int32_t cardwright_atr_level(const uint8_t *bytes,
                             size_t length,
                             size_t index,
                             struct CardwrightAtrLevel *level,
                             struct CardwrightError *error);
int32_t cardwright_atr_object(const uint8_t *bytes,
                              size_t length,
                              size_t index,
                              struct CardwrightAtrObject *object,
                              struct CardwrightError *error);
int32_t cardwright_atr_finding(const uint8_t *bytes,
                               size_t length,
                               size_t index,
                               struct CardwrightFinding *finding,
                               struct CardwrightError *error);
int32_t cardwright_finding_name(const struct CardwrightFinding *finding,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);
int32_t cardwright_rule(uint32_t number, struct CardwrightRuleFacts *facts, struct CardwrightError *error);
int32_t cardwright_atr_build(const struct CardwrightAtrParts *parts,
                             uint8_t *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);
int32_t cardwright_hex(const uint8_t *bytes,
                       size_t bytes_length,
                       uint32_t style,
                       char *buffer,
                       size_t capacity,
                       size_t *length,
                       struct CardwrightError *error);
int32_t cardwright_atr_emv_refusals(const uint8_t *bytes,
                                    size_t length,
                                    uint32_t reset,
                                    uint32_t *refusals,
                                    struct CardwrightError *error);
struct CardwrightText cardwright_emv_rule_name(uint32_t rule);
int32_t cardwright_atr_historical(const uint8_t *bytes,
                                  size_t length,
                                  struct CardwrightHistorical *historical,
                                  struct CardwrightError *error);
int32_t cardwright_atr_timing(const uint8_t *bytes,
                              size_t length,
                              uint16_t f,
                              uint8_t d,
                              struct CardwrightTiming *timing,
                              struct CardwrightError *error);
int32_t cardwright_ratio_nanoseconds(struct CardwrightRatio ratio,
                                     uint32_t clock_hz,
                                     uint64_t *nanoseconds,
                                     struct CardwrightError *error);
int32_t cardwright_rate_bits_per_second(uint16_t f,
                                        uint8_t d,
                                        uint32_t clock_hz,
                                        uint64_t *bits,
                                        struct CardwrightError *error);
int32_t cardwright_call_method(const struct CardwrightCall *call,
                               uint32_t *method,
                               struct CardwrightError *error);
int32_t cardwright_call_target(const struct CardwrightCall *call,
                               char *buffer,
                               size_t capacity,
                               size_t *length,
                               struct CardwrightError *error);
int32_t cardwright_call_body(const struct CardwrightCall *call,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);
int32_t cardwright_call_message(const struct CardwrightCall *call,
                                const struct CardwrightSite *site,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_card_confirm(struct CardwrightCard *card,
                                struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_find(const struct CardwrightClient *client,
                               struct CardwrightText serial,
                               struct CardwrightCard **card,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_card(const struct CardwrightClient *client,
                               struct CardwrightText id,
                               struct CardwrightCard **card,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_card_of(const struct CardwrightClient *client,
                                  struct CardwrightText user,
                                  struct CardwrightText key,
                                  struct CardwrightCard **card,
                                  struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_card_text(const struct CardwrightCard *card,
                             uint32_t what,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_card_state(const struct CardwrightCard *card,
                              uint32_t *system,
                              uint32_t *state,
                              uint32_t *known,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_card_view(const struct CardwrightCard *card,
                             struct CardwrightView *view,
                             struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
void cardwright_card_free(struct CardwrightCard *card);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_cards(const struct CardwrightClient *client,
                                const struct CardwrightQuery *query,
                                struct CardwrightCards **cards,
                                struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_cards_next(struct CardwrightCards *cards,
                              struct CardwrightCard **card,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
void cardwright_cards_free(struct CardwrightCards *cards);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_probe(const struct CardwrightClient *client,
                                struct CardwrightGeneration *generation,
                                struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_found(const struct CardwrightClient *client,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_dialect(const struct CardwrightClient *client,
                                  uint32_t *dialect,
                                  struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_explain(const struct CardwrightClient *client,
                                  char *buffer,
                                  size_t capacity,
                                  size_t *length,
                                  struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
void cardwright_client_free(struct CardwrightClient *client);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_cancel(const struct CardwrightClient *client, struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_new(const struct CardwrightOptions *options,
                              struct CardwrightClient **client,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_operate(const struct CardwrightClient *client,
                                  const struct CardwrightCard *card,
                                  uint32_t operation,
                                  uint32_t has_reason,
                                  uint32_t reason,
                                  struct CardwrightText comment,
                                  struct CardwrightOutcome *outcome,
                                  struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_go_on(const struct CardwrightClient *client,
                                struct CardwrightText request,
                                struct CardwrightOutcome *outcome,
                                struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_cancel_request(const struct CardwrightClient *client,
                                         struct CardwrightText request,
                                         struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_operations(const struct CardwrightClient *client,
                                     const struct CardwrightCard *card,
                                     struct CardwrightOperations **operations,
                                     size_t *count,
                                     struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_operations_at(const struct CardwrightOperations *operations,
                                 size_t index,
                                 struct CardwrightListed *listed,
                                 struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
void cardwright_operations_free(struct CardwrightOperations *operations);
#endif
#if defined(CARDWRIGHT_CLIENT)
struct CardwrightText cardwright_tls_library(uint32_t tls);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_requests(const struct CardwrightClient *client,
                                   uint32_t has_status,
                                   uint32_t status,
                                   uint32_t open,
                                   uint32_t for_caller,
                                   struct CardwrightRaw **raw,
                                   struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_audit(const struct CardwrightClient *client,
                                const struct CardwrightAuditQuery *query,
                                struct CardwrightRaw **raw,
                                int64_t *next,
                                struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_history(const struct CardwrightClient *client,
                                  struct CardwrightText card,
                                  struct CardwrightRaw **raw,
                                  struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_open_requests(const struct CardwrightClient *client,
                                        struct CardwrightText card,
                                        struct CardwrightRaw **raw,
                                        struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_approve(const struct CardwrightClient *client,
                                  struct CardwrightText request,
                                  struct CardwrightRaw **raw,
                                  struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_deny(const struct CardwrightClient *client,
                               struct CardwrightText request,
                               struct CardwrightRaw **raw,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_accounts(const struct CardwrightClient *client,
                                   struct CardwrightRaw **raw,
                                   struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_put_account(const struct CardwrightClient *client,
                                      const struct CardwrightAccountChange *change,
                                      struct CardwrightRaw **raw,
                                      struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_plan(const struct CardwrightClient *client,
                               const struct CardwrightCard *card,
                               uint32_t operation,
                               uint32_t has_reason,
                               uint32_t reason,
                               struct CardwrightText comment,
                               struct CardwrightPlan **plan,
                               size_t *count,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_plan_at(const struct CardwrightPlan *plan,
                           size_t index,
                           struct CardwrightPlanned *planned,
                           struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
void cardwright_plan_free(struct CardwrightPlan *plan);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_raw(const struct CardwrightClient *client,
                              uint32_t method,
                              struct CardwrightText path,
                              struct CardwrightText body,
                              struct CardwrightRaw **raw,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_raw_facts(const struct CardwrightRaw *raw,
                             struct CardwrightRawFacts *facts,
                             struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_raw_header(const struct CardwrightRaw *raw,
                              struct CardwrightText name,
                              size_t index,
                              struct CardwrightText *value,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
void cardwright_raw_free(struct CardwrightRaw *raw);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_records(const struct CardwrightClient *client,
                                  const struct CardwrightIdentity *identity,
                                  struct CardwrightText user,
                                  struct CardwrightCards **cards,
                                  struct CardwrightSearch *search,
                                  struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_client_skzi(const struct CardwrightClient *client,
                               const struct CardwrightSkziQuery *query,
                               struct CardwrightSkzi **skzi,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
int32_t cardwright_skzi_next(struct CardwrightSkzi *skzi,
                             struct CardwrightText *entry,
                             struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_CLIENT)
void cardwright_skzi_free(struct CardwrightSkzi *skzi);
#endif
#if defined(CARDWRIGHT_HOSTED)
int32_t cardwright_last_error(char *buffer,
                              size_t capacity,
                              size_t *length,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_HOSTED)
int32_t cardwright_log_set(CardwrightLog log,
                           void *context,
                           uint32_t level,
                           struct CardwrightError *error);
#endif
int32_t cardwright_reply_init(struct CardwrightReply *reply, struct CardwrightError *error);
int32_t cardwright_reply_next(struct CardwrightReply *reply,
                              const uint8_t **chunk,
                              size_t *length,
                              struct CardwrightReplyPart *part,
                              struct CardwrightError *error);
int32_t cardwright_reply_finish(const struct CardwrightReply *reply, struct CardwrightError *error);
int32_t cardwright_reply_keeps_connection(const struct CardwrightReply *reply,
                                          uint32_t *keeps,
                                          struct CardwrightError *error);
int32_t cardwright_identity_init(struct CardwrightIdentity *identity,
                                 const uint8_t *atr,
                                 size_t atr_length,
                                 uint32_t interface_,
                                 struct CardwrightError *error);
int32_t cardwright_identity_command(const struct CardwrightIdentity *identity,
                                    uint8_t *buffer,
                                    size_t capacity,
                                    size_t *length,
                                    struct CardwrightError *error);
int32_t cardwright_identity_answer(struct CardwrightIdentity *identity,
                                   const uint8_t *response,
                                   size_t response_length,
                                   struct CardwrightError *error);
int32_t cardwright_identity_add(struct CardwrightIdentity *identity,
                                uint32_t kind,
                                uint32_t source,
                                const uint8_t *bytes,
                                size_t length,
                                uint32_t is_text,
                                struct CardwrightError *error);
int32_t cardwright_identity_found(const struct CardwrightIdentity *identity,
                                  uint64_t *kinds,
                                  size_t *identifiers,
                                  struct CardwrightError *error);
int32_t cardwright_identity_kind(const struct CardwrightIdentity *identity,
                                 size_t index,
                                 struct CardwrightKind *kind,
                                 struct CardwrightError *error);
int32_t cardwright_identity_identifier(const struct CardwrightIdentity *identity,
                                       size_t index,
                                       struct CardwrightIdentifier *identifier,
                                       struct CardwrightError *error);
int32_t cardwright_identity_guess(const struct CardwrightIdentity *identity,
                                  uint32_t system,
                                  size_t index,
                                  struct CardwrightGuess *guess,
                                  struct CardwrightError *error);
int32_t cardwright_verdict(uint32_t system,
                           uint32_t state,
                           uint32_t operation,
                           struct CardwrightVerdict *verdict,
                           struct CardwrightError *error);
int32_t cardwright_after(uint32_t system,
                         uint32_t state,
                         uint32_t operation,
                         uint32_t *to,
                         struct CardwrightError *error);
int32_t cardwright_legal(uint32_t system,
                         uint32_t state,
                         uint32_t *operations,
                         uint32_t *documented,
                         struct CardwrightError *error);
int32_t cardwright_neutral_state(uint32_t system,
                                 uint32_t state,
                                 uint32_t *neutral,
                                 struct CardwrightError *error);
int32_t cardwright_native_state(uint32_t neutral,
                                uint32_t system,
                                uint32_t *state,
                                struct CardwrightError *error);
int32_t cardwright_operation(uint32_t operation,
                             struct CardwrightOperationFacts *facts,
                             struct CardwrightError *error);
int32_t cardwright_list_init(struct CardwrightList *list,
                             uint8_t *buffer,
                             size_t capacity,
                             struct CardwrightError *error);
int32_t cardwright_list_next(struct CardwrightList *list,
                             const uint8_t **chunk,
                             size_t *length,
                             const uint8_t **element,
                             size_t *element_length,
                             size_t *at,
                             struct CardwrightError *error);
int32_t cardwright_list_finish(const struct CardwrightList *list, struct CardwrightError *error);
int32_t cardwright_date(struct CardwrightText date, int64_t *seconds, struct CardwrightError *error);
struct CardwrightText cardwright_status_word_text(uint32_t status_word);
const char *cardwright_version(void);
const char *cardwright_code_text(int32_t code);
int32_t cardwright_name(uint32_t enumeration,
                        uint32_t value,
                        char *buffer,
                        size_t capacity,
                        size_t *length,
                        struct CardwrightError *error);
int32_t cardwright_value(uint32_t enumeration,
                         struct CardwrightText name,
                         uint32_t *value,
                         struct CardwrightError *error);
int32_t cardwright_probe_init(struct CardwrightProbe *probe, struct CardwrightError *error);
int32_t cardwright_probe_target(const struct CardwrightProbe *probe,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);
int32_t cardwright_probe_message(const struct CardwrightProbe *probe,
                                 const struct CardwrightSite *site,
                                 char *buffer,
                                 size_t capacity,
                                 size_t *length,
                                 struct CardwrightError *error);
int32_t cardwright_probe_answer(struct CardwrightProbe *probe,
                                uint32_t status,
                                const uint8_t *body,
                                size_t body_length,
                                struct CardwrightError *error);
int32_t cardwright_probe_finding(const struct CardwrightProbe *probe,
                                 struct CardwrightText base,
                                 struct CardwrightGeneration *generation,
                                 struct CardwrightError *error);
int32_t cardwright_probe_text(const struct CardwrightProbe *probe,
                              char *buffer,
                              size_t capacity,
                              size_t *length,
                              struct CardwrightError *error);
#if defined(CARDWRIGHT_READER)
int32_t cardwright_readers_new(struct CardwrightReaders **readers,
                               size_t *count,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_readers_at(const struct CardwrightReaders *readers,
                              size_t index,
                              struct CardwrightReader *reader,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
void cardwright_readers_free(struct CardwrightReaders *readers);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_new(struct CardwrightText reader,
                               const struct CardwrightOpen *open,
                               struct CardwrightSession **session,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_facts(const struct CardwrightSession *session,
                                 struct CardwrightSessionFacts *facts,
                                 struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_transmit(struct CardwrightSession *session,
                                    const uint8_t *command,
                                    size_t command_length,
                                    uint8_t *response,
                                    size_t capacity,
                                    size_t *length,
                                    uint32_t *status_word,
                                    struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_limit(struct CardwrightSession *session,
                                 uint32_t limit,
                                 struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_begin(struct CardwrightSession *session,
                                 uint32_t *was_reset,
                                 struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_end(struct CardwrightSession *session,
                               uint32_t reset,
                               struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_reset(struct CardwrightSession *session, struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_session_identify(struct CardwrightSession *session,
                                    struct CardwrightIdentity *identity,
                                    struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
void cardwright_session_free(struct CardwrightSession *session);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_watch_new(struct CardwrightWatch **watch,
                             struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_watch_next(struct CardwrightWatch *watch,
                              uint32_t limit,
                              struct CardwrightEvent *event,
                              struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
int32_t cardwright_watch_cancel(const struct CardwrightWatch *watch, struct CardwrightError *error);
#endif
#if defined(CARDWRIGHT_READER)
void cardwright_watch_free(struct CardwrightWatch *watch);
#endif
int32_t cardwright_serial_match(struct CardwrightText one,
                                struct CardwrightText other,
                                uint32_t *how,
                                struct CardwrightError *error);
int32_t cardwright_serial_spell(struct CardwrightText serial,
                                uint32_t form,
                                uint32_t order,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);
struct CardwrightText cardwright_text(const char *terminated);
int32_t cardwright_view_parse(uint32_t object,
                              const uint8_t *json,
                              size_t length,
                              struct CardwrightView *view,
                              struct CardwrightError *error);
int32_t cardwright_view_text(const struct CardwrightView *view,
                             uint32_t field,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);
int32_t cardwright_view_number(const struct CardwrightView *view,
                               uint32_t field,
                               int64_t *number,
                               struct CardwrightError *error);
int32_t cardwright_view_raw(const struct CardwrightView *view,
                            uint32_t field,
                            const uint8_t **json,
                            size_t *length,
                            struct CardwrightError *error);
int32_t cardwright_view_item(const struct CardwrightView *view,
                             uint32_t field,
                             size_t index,
                             const uint8_t **json,
                             size_t *length,
                             struct CardwrightError *error);
int32_t cardwright_view_state(const struct CardwrightView *view,
                              uint32_t *state,
                              uint32_t *known,
                              struct CardwrightError *error);
int32_t cardwright_json_text(const uint8_t *json,
                             size_t json_length,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);
int32_t cardwright_json_path(const uint8_t *json,
                             size_t json_length,
                             size_t at,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);
#ifdef __cplusplus
}
#endif
#endif

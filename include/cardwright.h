/**
 * @file
 * cardwright.h - the C interface of Cardwright: smart cards, and their records in Microsoft MIM CM and
 * Axidian CertiFlow.
 *
 * Written by `cargo xtask gen` from the library's sources; do not edit. The conventions that all functions keep come
 * first, then an index of the functions, then what is declared, in the order of use.
 */

/**
 * @mainpage Conventions
 *
 * Codes. A function that can fail returns an int32_t: CARDWRIGHT_OK (0), or a CardwrightCode. The hundreds
 * are the band: 1xx bytes, 2xx card and state, 3xx JSON, 4xx room, 5xx reader, 6xx network, 7xx the server's
 * answer, 9xx ours. A number is never reused for something else. The last parameter receives the details: a
 * CardwrightError whose struct_size is set, or NULL; one with another struct_size is left alone, and the code
 * is returned all the same. cardwright_code_text() gives a code in words, CardwrightError.words the whole error.
 *
 * Outputs are written on success only, but for the *length of a buffer that is too small; the CardwrightError on
 * failure only.
 *
 * Wrong arguments. A NULL pointer where none is allowed, a size that no version of a structure has, a zeroed object
 * before its init function, and an index past the last come back as CARDWRIGHT_CODE_ARGUMENT, and
 * CardwrightError.what is the name of the parameter or of the member, such as "options", "base", "struct_size" and
 * "index" (not on bare metal, where names would take flash); a number that is not a value of its enumeration as
 * CARDWRIGHT_CODE_UNKNOWN_VALUE; a text that is not UTF-8 as CARDWRIGHT_CODE_JSON_UTF8, with the offset. What no
 * function can check is the caller's responsibility: a pointer that is not NULL points to as many bytes as are
 * stated, inputs stay as they are until the function returns, and outputs may be written to.
 *
 * Texts are UTF-8. Inputs are a CardwrightText, pointer and length; cardwright_text() makes one from a
 * `\0`-terminated text. Outputs are written to a buffer with a `\0` after them, which *length does not
 * count; if the buffer is too small the code is CARDWRIGHT_CODE_ROOM, and *length and CardwrightError.at are the
 * capacity that is needed, so NULL and 0 ask for it. That is for texts: a function that acts on a card or a server
 * acts first.
 * Bytes are written without a `\0`. Static texts are marked so.
 *
 * Enumerations. What is always a value of one, or 0 for none or the default, is CARDWRIGHT_ENUM(CardwrightX): the
 * enumeration itself in C, so that gcc and clang find another one's value in its place (-Wenum-conversion), and gcc a
 * comparison with it (-Wenum-compare); uint32_t in C++, and where enumerations are narrower than 4 bytes
 * (-fshort-enums). A uint32_t may be passed everywhere. What depends on something else (a state on its system, a field
 * on its object), what may be a number of the program's own, and where outputs are written (a uint32_t *) is uint32_t;
 * the members of CardwrightAtr and CardwrightHistorical are uint8_t.
 *
 * Structures that the caller allocates begin with uint32_t struct_size, to be set to sizeof. A version that
 * adds members, always at the end, accepts the sizes of the earlier ones too: members that the caller's structure lacks
 * read as zero, and are not written. On bare metal header and library are of one version, and only sizeof is accepted. Objects in storage of the caller's
 * (CardwrightIdentity, CardwrightReply, CardwrightList, CardwrightProbe) have an init function and need no clean-up. Zero them where
 * they are declared: storage that had another use, never zeroed and without its init, may pass for an object.
 * Objects that the library allocates (handles) are opaque: a function that says so writes one, the caller owns it,
 * and frees it with the _free of its type, which accepts NULL too.
 *
 * Threads. A const T * may be used by several threads at once, a T * by one at a time; only canceling
 * (cardwright_client_cancel, cardwright_bulk_cancel, cardwright_watch_cancel) is allowed while another thread is in a
 * call of the same object. Any object may move from one thread to another. There is no state besides the arguments, with two
 * exceptions: the detail of the last error, of which each thread has its own (cardwright_last_error, and
 * CardwrightError.words, which points to it), and the log, which belongs to the process.
 *
 * Log. cardwright_log_set() sets a function that receives the log, on the thread that does what is logged. It may
 * call the library, but not with a T * that a call under way uses (CARDWRIGHT_CODE_ARGUMENT, for sessions, lists,
 * runs and watches), nor free anything in use; canceling is allowed. The log has no password, no token and no data of an APDU.
 * The library writes no file except the token's, if CardwrightOidc.cache names one, and prints nothing except faults
 * of its own, on standard error, before it returns CARDWRIGHT_CODE_INTERNAL.
 *
 * Callbacks are called for the log, for a run of many cards that has one, to tell how far it is (CardwrightProgress),
 * and for a client that has them: to show a person a code (CardwrightPrompt), and to sign with a key that is elsewhere
 * (CardwrightSign). They are called on a thread that is in the library; the caller keeps their context valid.
 *
 * Secrets are copied and the copies wiped: the caller may wipe passwords, tokens and keys as soon as the function
 * that received them returns. None is in an error's detail or in the log.
 *
 * Time. Nothing waits forever: clients and sessions have limits, which are set when they are made, and each call of
 * a watch has a limit, or waits until something happens or the watch is canceled.
 *
 * Readers need PC/SC: libpcsclite on Linux, which is loaded with this library, and pcscd, without which their
 * functions return CARDWRIGHT_CODE_NO_SERVICE. A card is left as it is when a session ends.
 *
 * Features. The library was built with all of them, unless these are defined. CARDWRIGHT_BARE: neither clients nor
 * readers, no operating system and no heap; the library never calls back. CARDWRIGHT_NO_CLIENT and
 * CARDWRIGHT_NO_READER: without one or the other; pkg-config and CMake define them. CARDWRIGHT_NO_CERTIFLOW and
 * CARDWRIGHT_NO_MIM, with CARDWRIGHT_BARE: a library for one system. The calls, objects and enumerations of the other
 * are not declared, and its number is not a known one.
 *
 * Bare metal. All of the above holds there too; the functions declared then neither panic nor allocate, which is
 * proved for each when the library is linked, and keep no state, so they may be called from an interrupt, with other
 * objects. Nothing waits and nothing asks for the time: bytes go in and come out, and the caller moves them: to the
 * card with T=0 or T=1 (whole APDUs, including what follows 61xx), to the server over TLS. No call that was measured
 * takes more than 2 KiB of stack on a Cortex-M; buffers and structures are the caller's, aligned as the types say.
 * The library brings memcpy, memset, memmove, memcmp as weak symbols and needs nothing else, no libc. Its feature
 * `panic-handler` is for a program that has no Rust of its own.
 *
 * Versions. In 0.x a minor version may change anything here, and then the soname changes too; a patch
 * version only adds. Programs linked with libcardwright.so.0.N run with every later 0.N.x.
 */

/*
 * INDEX
 *
 * Texts, errors, versions
 *   cardwright_text                      A `\0`-terminated text, which must outlive its use, as a `CardwrightText`
 *   cardwright_version                   The version of the library, such as `0.1.0`: static, `\0`-terminated
 *   cardwright_code_text                 What a code means, in plain words: static, `\0`-terminated, never `NULL`
 *   cardwright_last_error                Writes the detail of this thread's last error
 *
 * ATR
 *   cardwright_atr_from_hex              Decodes an ATR written in hexadecimal
 *   cardwright_hex_write                 Writes bytes, such as those of an ATR or of a serial number, in hexadecimal
 *   cardwright_atr_parse                 Reads an ATR as a reader reports it, from TS on
 *   cardwright_atr_level                 A level of an ATR by its index, from 0
 *   cardwright_atr_object                A data object of the historical bytes by its index, from 0
 *   cardwright_atr_finding               A finding of an ATR by its index, from 0, in the order of the bytes
 *   cardwright_atr_finding_name          Writes the name of a finding
 *   cardwright_atr_rule                  Facts about a `CardwrightRule`
 *   cardwright_atr_build                 Builds an ATR from its parts and writes it
 *   cardwright_atr_emv_refusals          For what a payment terminal refuses an ATR
 *   cardwright_atr_emv_rule_name         The name of a `CardwrightEmvRule`, such as `tb1-missing`
 *   cardwright_atr_historical            What the historical bytes of an ATR say
 *   cardwright_atr_timing                The times of an ATR if one etu takes f/d cycles of the clock
 *   cardwright_ratio_nanoseconds         A time at a clock of `clock_hz`, in nanoseconds, rounded down
 *   cardwright_rate_bits_per_second      The bits per second of a rate at a clock of `clock_hz`
 *
 * Identity of a card
 *   cardwright_identity_init             Begins a dialogue with a card that has just been reset
 *   cardwright_identity_command          Writes the command APDU to send next
 *   cardwright_identity_answer           Takes the answer to the command: the response APDU with SW1 SW2
 *   cardwright_identity_add              Adds what the program's own dialogue with the card has found
 *   cardwright_identity_found            What has been found so far
 *   cardwright_identity_kind             What the card is by its index, from 0
 *   cardwright_identity_identifier       An identifier by its index, from 0, in the order in which they were found
 *   cardwright_identity_guess            A guess at how a `CardwrightSystem` stored this card's serial, by its index
 *   cardwright_status_word_text          What SW1 SW2 of a card means, in plain words
 *
 * Serial numbers
 *   cardwright_serial_match              In what way two serial numbers are the same
 *   cardwright_serial_spell              Writes a serial number in another form
 *
 * States and operations
 *   cardwright_lifecycle_verdict         What the table of a system says about an operation in a state
 *   cardwright_lifecycle_after           Where an operation leads from a state, in the same system
 *   cardwright_lifecycle_legal           The operations that the table allows in a state, on whatever evidence
 *   cardwright_lifecycle_neutral         The `CardwrightState` that a system's own state means
 *   cardwright_lifecycle_native          The system's own state for a `CardwrightState`
 *   cardwright_lifecycle_operation       Facts about a `CardwrightOperation`
 *
 * Requests to a server
 *   cardwright_call_method               The method of a call: a `CardwrightMethod`
 *   cardwright_call_target               Writes the address of a call below the API's base, percent-encoded
 *   cardwright_call_body                 Writes the body of a call, which is JSON, or nothing if it has none
 *   cardwright_call_message              Writes a call as a whole HTTP/1.1 message
 *
 * Replies of a server
 *   cardwright_reply_init                Begins to read a response
 *   cardwright_reply_next                The next part of a reply
 *   cardwright_reply_finish              Ends a reply, when the connection is closed
 *   cardwright_reply_keeps_connection    Whether the connection can take another request
 *   cardwright_list_init                 Begins to read a list
 *   cardwright_list_next                 The next element of a list
 *   cardwright_list_finish               Ends a list, after its last chunk
 *   cardwright_view_item                 An item of a field that is a list, by its index, from 0, as it was written
 *   cardwright_view_next_item            The next item of a field that is a list, as `cardwright_view_item` gives it
 *   cardwright_view_parse                Finds the fields of one JSON object, strictly
 *   cardwright_view_text                 Writes a field as a text
 *   cardwright_view_number               A field as a whole number, such as an id, a state or a flag
 *   cardwright_view_raw                  A field as it was written, quotes, escapes and all
 *   cardwright_view_state                The state of a card
 *   cardwright_json_text                 Writes a JSON value that is neither a list nor an object as a text
 *   cardwright_json_path                 Writes where in a document the byte at `at` stands
 *   cardwright_date_parse                Reads a date as servers write it, ISO 8601
 *
 * The generation of CertiFlow's API
 *   cardwright_probe_init                Begins to probe a server of which nothing is known
 *   cardwright_probe_target              Writes the address of the next question below the API's base
 *   cardwright_probe_message             Writes the next question as a whole HTTP/1.1 message
 *   cardwright_probe_answer              Takes the result of the question
 *   cardwright_probe_finding             What is known so far
 *   cardwright_probe_text                Writes what is known so far, and from what
 *
 * Names of values
 *   cardwright_enumeration_name          Writes the name of a value
 *   cardwright_enumeration_value         The value with a name, in upper or lower case
 *
 * Clients
 *   cardwright_client_new                Sets up a client; nothing is sent
 *   cardwright_client_free               Frees a client, which must not be in use
 *   cardwright_client_cancel             Stops a client for good, from any thread
 *   cardwright_tls_library               The library behind a `CardwrightTls` in this process
 *   cardwright_client_explain            Writes how the last sign-in of a client went, without secrets
 *   cardwright_client_dialect            The `CardwrightDialect` that is spoken
 *   cardwright_client_probe              Finds out which generation of CertiFlow's API the server speaks
 *   cardwright_client_found              Writes what a probe has told, and from what
 *
 * Cards of a client
 *   cardwright_client_find               The card with a serial number as the system writes it
 *   cardwright_client_card               The card with an id; `*card` is `NULL` if there is none
 *   cardwright_client_card_of            One card of a user of CertiFlow, by its id or its serial number
 *   cardwright_client_records            Looks for the records of an identified card
 *   cardwright_client_cards              Lists cards: those that a query finds, or all for `NULL`
 *   cardwright_cards_next                The next card; `*card` is `NULL` past the last
 *   cardwright_cards_free                Frees a list, which need not have been read to the end
 *   cardwright_card_confirm              Says that a record is that of the card which is meant
 *   cardwright_card_text                 Writes what a card's record says for a `CardwrightCardText`
 *   cardwright_card_state                The state of a card
 *   cardwright_card_view                 The fields of a card
 *   cardwright_card_free                 Frees a card; its views become invalid
 *   cardwright_client_skzi               Lists the register of SKZI of Indeed CM 7.1
 *   cardwright_skzi_next                 The next entry
 *   cardwright_skzi_free                 Frees a list, which need not have been read to the end
 *
 * Operations of a client
 *   cardwright_client_operations         What may be done with a card
 *   cardwright_operations_at             An operation of a list by its index, from 0
 *   cardwright_operations_free           Frees a list of operations; its words become invalid
 *   cardwright_client_plan               What `cardwright_client_operate` would send with the same parameters
 *   cardwright_client_plan_by_id         What `cardwright_client_operate_by_id` would send with the same parameters
 *   cardwright_plan_at                   A request of a plan by its index, from 0
 *   cardwright_plan_free                 Frees a plan; its texts become invalid
 *   cardwright_client_operate            Performs a `CardwrightOperation` on a card
 *   cardwright_client_operate_by_id      Reads the card with an id and performs a `CardwrightOperation` on it
 *   cardwright_client_go_on              Continues a request of MIM CM that waited for approval
 *   cardwright_client_follow             Reads a request of MIM CM by its id, and the card that it is for
 *   cardwright_client_cancel_request     Gives up a request of MIM CM that is not carried out yet
 *
 * Many cards
 *   cardwright_bulk_of_ids               Plans an operation for the `count` cards with these ids
 *   cardwright_bulk_of_query             Plans an operation for the cards that a query finds
 *   cardwright_bulk_resume               Takes up the plan in a journal, whatever ended the run that wrote it
 *   cardwright_bulk_keep                 Writes the plan into a new journal, a file that is not there yet
 *   cardwright_bulk_retry_failed         Puts the cards that failed back among those that are planned
 *   cardwright_bulk_facts                Which operation it is, for how many cards, on which server
 *   cardwright_bulk_counts               How many cards have which fate
 *   cardwright_bulk_row                  A card by its index, from 0, in the order of the ids or of the list
 *   cardwright_bulk_free                 Frees an operation for many cards, which must not be running
 *   cardwright_bulk_run                  Carries out what is planned, reads the cards whose outcome is not known
 *   cardwright_bulk_cancel               Stops a run at once and for good, from any thread
 *
 * Requests, and the server's own API
 *   cardwright_client_requests           Lists the requests of MIM CM that the account may see
 *   cardwright_client_open_requests      Lists the requests of MIM CM that have not ended, with what they wait for
 *   cardwright_client_approve            Approves a request of MIM CM on a server of `cardwright serve`
 *   cardwright_client_deny               Denies a request of MIM CM on a server of `cardwright serve`, which ends it
 *   cardwright_client_history            Reads all rows of the audit log about a card
 *   cardwright_client_audit              Reads rows of the audit log of a server of `cardwright serve`, oldest first
 *   cardwright_client_accounts           Lists the accounts of a server of `cardwright serve`
 *   cardwright_client_put_account        Changes an account of a server of `cardwright serve`, or adds it
 *   cardwright_client_raw                Sends a request for which this library has no function
 *   cardwright_raw_facts                 Status, type and body of an answer
 *   cardwright_raw_header                The value of a header by its name, in upper or lower case, and its index
 *   cardwright_raw_free                  Frees an answer; pointers into it become invalid
 *
 * The doctor
 *   cardwright_doctor_examine            Examines a server without changing anything, and says what is in the way
 *   cardwright_doctor_at                 A check by its index, from 0, in the order in which they were made
 *   cardwright_doctor_free               Frees the checks; their texts become invalid
 *
 * Readers
 *   cardwright_readers_new               Lists the readers, in the system's order; an empty list is not an error
 *   cardwright_readers_at                A reader of a list by its index, from 0
 *   cardwright_readers_free              Frees a list of readers; its names and ATRs become invalid
 *   cardwright_watch_new                 Begins to watch; the readers and cards that are there are reported first
 *   cardwright_watch_next                Waits for the next event, `limit` milliseconds at most
 *   cardwright_watch_cancel              Cancels a watch, from any thread
 *   cardwright_watch_free                Frees a watch, in which nobody may be waiting
 *   cardwright_session_new               Connects to the card in the reader of this name
 *   cardwright_session_facts             Facts about a session, as they are now
 *   cardwright_session_transmit          Sends a command APDU and writes the whole response APDU, data and SW1 SW2
 *   cardwright_session_limit             Sets how long each exchange may take from now on
 *   cardwright_session_begin             Begins a transaction, which keeps other programs from the card until it ends
 *   cardwright_session_end               Ends a transaction, even if this fails
 *   cardwright_session_reset             Resets the card
 *   cardwright_session_identify          Identifies the card, by commands that only read, in a transaction of its own
 *   cardwright_session_free              Frees a session, and ends a transaction in it
 *
 * The log
 *   cardwright_log_set                   Sets the function that receives the log, for the whole process
 */

#ifndef CARDWRIGHT_H
#define CARDWRIGHT_H

#include <stddef.h>
#include <stdint.h>

#if !defined(CARDWRIGHT_BARE) || !defined(CARDWRIGHT_NO_CERTIFLOW)
/**
 * The library has what CertiFlow needs.
 */
#define CARDWRIGHT_CERTIFLOW
#endif
#if !defined(CARDWRIGHT_BARE) || !defined(CARDWRIGHT_NO_MIM)
/**
 * The library has what MIM CM needs.
 */
#define CARDWRIGHT_MIM
#endif
#if !defined(CARDWRIGHT_BARE)
/**
 * There is an operating system.
 */
#define CARDWRIGHT_HOSTED
#if !defined(CARDWRIGHT_NO_CLIENT)
/**
 * The library has clients.
 */
#define CARDWRIGHT_CLIENT
#endif
#if !defined(CARDWRIGHT_NO_READER)
/**
 * The library has readers.
 */
#define CARDWRIGHT_READER
#endif
#endif

/**
 * The type of a parameter or a member that is a value of an enumeration: the enumeration itself in C, so that the
 * compiler finds where another one stands (-Wenum-conversion, -Wenum-compare), and uint32_t in C++ and where
 * enumerations are narrower than that. Both have 4 bytes.
 */
#if !defined(CARDWRIGHT_ENUM)
#if defined(__cplusplus) || (defined(__ARM_SIZEOF_MINIMAL_ENUM) && __ARM_SIZEOF_MINIMAL_ENUM != 4)
#define CARDWRIGHT_ENUM(name) uint32_t
#else
#define CARDWRIGHT_ENUM(name) enum name
#endif
#endif

/**
 * The version of this header. That of the library that the program runs with is cardwright_version().
 */
#define CARDWRIGHT_VERSION_MAJOR 0

/**
 * The second number of the version.
 */
#define CARDWRIGHT_VERSION_MINOR 1

/**
 * The third number of the version.
 */
#define CARDWRIGHT_VERSION_PATCH 0

/**
 * Whether this header is of that version or a later one, for `#if`.
 */
#define CARDWRIGHT_VERSION_AT_LEAST(major, minor, patch) \
  (CARDWRIGHT_VERSION_MAJOR > (major) || \
   (CARDWRIGHT_VERSION_MAJOR == (major) && \
    (CARDWRIGHT_VERSION_MINOR > (minor) || \
     (CARDWRIGHT_VERSION_MINOR == (minor) && CARDWRIGHT_VERSION_PATCH >= (patch)))))

#ifdef __cplusplus
extern "C" {
#endif

/* ============================================================================= Texts, errors, versions */

/**
 * @defgroup base Texts, errors, versions
 * What every other function takes or returns.
 * @{
 */

/**
 * A text of the caller's or of the library's: UTF-8 by pointer and length, not `\0`-terminated. If `data` is
 * `NULL` there is no text, which is not the same as an empty one.
 */
typedef struct CardwrightText {
  /**
   * The first byte, or `NULL`.
   */
  const char *data;
  /**
   * The length in bytes.
   */
  size_t length;
} CardwrightText;

/**
 * A `\0`-terminated text, which must outlive its use, as a `CardwrightText`; `NULL` gives no text.
 *
 * For members of structures: `call.id = cardwright_text("1013")`.
 */
struct CardwrightText cardwright_text(const char *terminated);

/**
 * The version of the library, such as `0.1.0`: static, `\0`-terminated.
 */
const char *cardwright_version(void);

/**
 * What a code means, in plain words: static, `\0`-terminated, never `NULL`. For a number that is no code
 * it is "not a known value".
 */
const char *cardwright_code_text(int32_t code);

/**
 * The numbers of all errors. The hundreds are the band: 1xx bytes, 2xx card and state, 3xx JSON,
 * 4xx room, 5xx reader, 6xx network, 7xx the server's answer, 9xx ours.
 */
typedef enum CardwrightCode
#if defined(__cplusplus)
  : uint16_t
#endif
{
  /**
   * The input ends before what it announces.
   */
  CARDWRIGHT_CODE_SHORT = 101,
  /**
   * A character that is not a hexadecimal digit.
   */
  CARDWRIGHT_CODE_HEX = 102,
  /**
   * A hexadecimal text with half a byte too many.
   */
  CARDWRIGHT_CODE_HEX_ODD = 103,
  /**
   * The first byte of an ATR is neither 3B nor 3F (ISO/IEC 7816-3, 8.1).
   */
  CARDWRIGHT_CODE_TS = 104,
  /**
   * Text that is not a GUID.
   */
  CARDWRIGHT_CODE_GUID = 105,
  /**
   * Text that is not a serial number.
   */
  CARDWRIGHT_CODE_SERIAL = 106,
  /**
   * The system has no such operation.
   */
  CARDWRIGHT_CODE_NO_SUCH_OPERATION = 201,
  /**
   * The dialect of the API has no such call.
   */
  CARDWRIGHT_CODE_NO_SUCH_CALL = 202,
  /**
   * The dialect of the API has no such parameter.
   */
  CARDWRIGHT_CODE_NO_SUCH_PARAMETER = 203,
  /**
   * The operation is not allowed in the card's state.
   */
  CARDWRIGHT_CODE_NOT_ALLOWED = 204,
  /**
   * The operation needs a reason.
   */
  CARDWRIGHT_CODE_REASON_NEEDED = 205,
  /**
   * A state, reason or other value of an enumeration that is unknown.
   */
  CARDWRIGHT_CODE_UNKNOWN_VALUE = 206,
  /**
   * The dialect of the API needs a parameter that is not given.
   */
  CARDWRIGHT_CODE_PARAMETER_NEEDED = 207,
  /**
   * The dialect of the API has no such revocation reason.
   */
  CARDWRIGHT_CODE_NO_SUCH_REASON = 208,
  /**
   * The record may be another card's: a weaker identifier found it, or several were found, and nobody has
   * confirmed that it is this card's.
   */
  CARDWRIGHT_CODE_UNCONFIRMED = 209,
  /**
   * The document ends in the middle of a value.
   */
  CARDWRIGHT_CODE_JSON_END = 301,
  /**
   * A character that cannot stand here.
   */
  CARDWRIGHT_CODE_JSON_SYNTAX = 302,
  /**
   * A wrong escape in a string.
   */
  CARDWRIGHT_CODE_JSON_ESCAPE = 303,
  /**
   * A control character in a string.
   */
  CARDWRIGHT_CODE_JSON_CONTROL = 304,
  /**
   * A wrong number.
   */
  CARDWRIGHT_CODE_JSON_NUMBER = 305,
  /**
   * Lists and objects nested deeper than `MAX_DEPTH`.
   */
  CARDWRIGHT_CODE_JSON_DEPTH = 306,
  /**
   * A value of another type than the field has.
   */
  CARDWRIGHT_CODE_JSON_TYPE = 307,
  /**
   * Bytes that are not UTF-8.
   */
  CARDWRIGHT_CODE_JSON_UTF8 = 308,
  /**
   * Something after the end of the document.
   */
  CARDWRIGHT_CODE_JSON_TRAILING = 309,
  /**
   * A field that must be there is not.
   */
  CARDWRIGHT_CODE_JSON_MISSING = 310,
  /**
   * The caller's buffer is too small, or an element is larger than the buffer.
   */
  CARDWRIGHT_CODE_ROOM = 401,
  /**
   * A value from the caller that cannot be written.
   */
  CARDWRIGHT_CODE_UNWRITABLE = 402,
  /**
   * The system's smart-card service (pcscd, SCardSvr) cannot be reached.
   */
  CARDWRIGHT_CODE_NO_SERVICE = 501,
  /**
   * There is no reader of that name, or it was unplugged.
   */
  CARDWRIGHT_CODE_NO_READER = 502,
  /**
   * No card is in the reader.
   */
  CARDWRIGHT_CODE_NO_CARD = 503,
  /**
   * The card was pulled while it was in use.
   */
  CARDWRIGHT_CODE_CARD_REMOVED = 504,
  /**
   * Another program reset the card: what was selected or verified is lost.
   */
  CARDWRIGHT_CODE_CARD_RESET = 505,
  /**
   * Another program holds the card.
   */
  CARDWRIGHT_CODE_CARD_BUSY = 506,
  /**
   * The card does not answer to reset, or has no power.
   */
  CARDWRIGHT_CODE_CARD_MUTE = 507,
  /**
   * Card and reader have none of the transmission protocols that were asked for.
   */
  CARDWRIGHT_CODE_NO_PROTOCOL = 508,
  /**
   * What came from the card is no response APDU.
   */
  CARDWRIGHT_CODE_CARD_ANSWER = 509,
  /**
   * The reader, its driver or the service failed.
   */
  CARDWRIGHT_CODE_READER_FAILED = 510,
  /**
   * Card or reader gave no answer in time.
   */
  CARDWRIGHT_CODE_CARD_TIMEOUT = 511,
  /**
   * The card goes on for ever: the limit of APDUs was reached.
   */
  CARDWRIGHT_CODE_CARD_ENDLESS = 512,
  /**
   * The server cannot be reached.
   */
  CARDWRIGHT_CODE_UNREACHABLE = 601,
  /**
   * The time is up.
   */
  CARDWRIGHT_CODE_TIMEOUT = 602,
  /**
   * The connection broke.
   */
  CARDWRIGHT_CODE_BROKEN = 603,
  /**
   * No trust in the server's certificate, or no common TLS.
   */
  CARDWRIGHT_CODE_TLS = 604,
  /**
   * The address is wrong.
   */
  CARDWRIGHT_CODE_ADDRESS = 605,
  /**
   * Not done, because the client was told to stop.
   */
  CARDWRIGHT_CODE_CANCELED = 606,
  /**
   * A certificate cannot be used: it cannot be read, or the library that does TLS does not take it.
   */
  CARDWRIGHT_CODE_CERTIFICATE = 611,
  /**
   * The key of the client's certificate cannot be used: it cannot be read, its password is missing or wrong, it does
   * not sign, or it is that of another certificate.
   */
  CARDWRIGHT_CODE_KEY = 612,
  /**
   * The proxy cannot be used: its address or its account is wrong.
   */
  CARDWRIGHT_CODE_PROXY = 613,
  /**
   * A header cannot be sent: it holds what no header can, or the library sets it itself.
   */
  CARDWRIGHT_CODE_HEADER = 614,
  /**
   * Another setting cannot be used, or contradicts one.
   */
  CARDWRIGHT_CODE_SETTING = 615,
  /**
   * The server does not accept the sign-in.
   */
  CARDWRIGHT_CODE_SIGN_IN = 701,
  /**
   * The account may not do this.
   */
  CARDWRIGHT_CODE_FORBIDDEN = 702,
  /**
   * The server has no such card, request or address.
   */
  CARDWRIGHT_CODE_NOT_FOUND = 703,
  /**
   * The server refuses the operation.
   */
  CARDWRIGHT_CODE_REFUSED = 704,
  /**
   * The server finds a fault in the request.
   */
  CARDWRIGHT_CODE_BAD_REQUEST = 705,
  /**
   * The server failed.
   */
  CARDWRIGHT_CODE_SERVER_FAILED = 706,
  /**
   * The server's answer cannot be read.
   */
  CARDWRIGHT_CODE_UNREADABLE = 707,
  /**
   * The server asks to wait.
   */
  CARDWRIGHT_CODE_BUSY = 708,
  /**
   * The request was denied, canceled or failed in the management system.
   */
  CARDWRIGHT_CODE_REQUEST_ENDED = 709,
  /**
   * The server answered more, or other, than was asked for.
   */
  CARDWRIGHT_CODE_UNEXPECTED = 710,
  /**
   * A fault of this library.
   */
  CARDWRIGHT_CODE_INTERNAL = 901,
  /**
   * A function of the C library was called with an invalid argument: a null pointer, a size that no
   * version of the structure has, an object before its initialisation, an index out of range.
   */
  CARDWRIGHT_CODE_ARGUMENT = 902,
  /**
   * The journal of a bulk run cannot be used: it is another run's, is being used, or is damaged.
   */
  CARDWRIGHT_CODE_JOURNAL = 903,
} CardwrightCode;

#if defined(__cplusplus)
static_assert(sizeof(CARDWRIGHT_ENUM(CardwrightCode)) == 4, "define CARDWRIGHT_ENUM(name) as uint32_t");
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
_Static_assert(sizeof(CARDWRIGHT_ENUM(CardwrightCode)) == 4, "define CARDWRIGHT_ENUM(name) as uint32_t");
#endif

/**
 * Success. Every function that returns an `int32_t` returns this or a `CardwrightCode`.
 */
#define CARDWRIGHT_OK 0

/**
 * What is wrong, where, and with what. Written only when a function returns something other than
 * `CARDWRIGHT_OK`; every function accepts `NULL` for it.
 */
typedef struct CardwrightError {
  /**
   * `sizeof(CardwrightError)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The code that the function returned: a `CardwrightCode`.
   */
  int32_t code;
  /**
   * Where, in bytes from the start of the input. With `CARDWRIGHT_CODE_ROOM` from a function that writes
   * into a buffer: the capacity that is needed. For what a dialect lacks: the dialect's number.
   */
  size_t at;
  /**
   * The field, parameter, member or operation concerned; static, never `NULL`, and empty if there is none. Not
   * `\0`-terminated. With `CARDWRIGHT_CODE_ARGUMENT` it is the name of the parameter or member as this header has
   * it, except on bare metal, which has no names of parameters; of what is sent, the name on the wire.
   */
  const char *what;
  /**
   * The length of `what` in bytes.
   */
  size_t what_length;
#if defined(CARDWRIGHT_HOSTED)
  /**
   * The HTTP status with which the server refused; 0 if it did not.
   */
  uint32_t http_status;
  /**
   * All of it in words, the server's own among them: what `cardwright_last_error` writes. Never `NULL`, not
   * `\0`-terminated. It belongs to the thread, and is valid until a function of a client or a reader is called, or
   * any function fails, in this thread.
   */
  const char *words;
  /**
   * The length of `words` in bytes.
   */
  size_t words_length;
#endif
} CardwrightError;

#if defined(CARDWRIGHT_HOSTED)

/**
 * Writes the detail of this thread's last error, of the last code other than `CARDWRIGHT_OK` that a function returned:
 * what was asked, the server's own words, what the layers below said; at least the code and the name of what is wrong in
 * words. Empty after a successful call to a function of a client or a reader, unless that says otherwise.
 */
int32_t cardwright_last_error(char *buffer,
                              size_t capacity,
                              size_t *length,
                              struct CardwrightError *error);

#endif

/** @} */

/* ================================================================================================= ATR */

/**
 * @defgroup atr ATR
 * The answer to reset of a card (ISO/IEC 7816-3): parsed, judged by the standards' rules, written.
 * @{
 */

/**
 * The length of the longest ATR.
 */
#define CARDWRIGHT_ATR_MAX 33

/**
 * Decodes an ATR written in hexadecimal, with spaces or colons between the bytes or without, into
 * `buffer`; `CARDWRIGHT_ATR_MAX` bytes of it are enough. It need not be a correct ATR beyond what
 * `cardwright_atr_parse` demands.
 *
 * The codes of that function, and `CARDWRIGHT_CODE_HEX`, `CARDWRIGHT_CODE_HEX_ODD`, `CARDWRIGHT_CODE_ROOM`.
 */
int32_t cardwright_atr_from_hex(struct CardwrightText text,
                                uint8_t *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);

/**
 * How bytes are written in hexadecimal.
 */
typedef enum CardwrightHex
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * `3B8D01`: CertiFlow.
   */
  CARDWRIGHT_HEX_UPPER = 0,
  /**
   * `3b8d01`: MIM CM.
   */
  CARDWRIGHT_HEX_LOWER = 1,
  /**
   * `3B 8D 01`, for people.
   */
  CARDWRIGHT_HEX_SPACED = 2,
} CardwrightHex;

/**
 * Writes bytes, such as those of an ATR or of a serial number, in hexadecimal. `style` is a `CardwrightHex`.
 */
int32_t cardwright_hex_write(const uint8_t *bytes,
                             size_t bytes_length,
                             CARDWRIGHT_ENUM(CardwrightHex) style,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * The value of a T that is absent.
 */
#define CARDWRIGHT_NO_T 255

/**
 * How bits become bytes on the wire (ISO/IEC 7816-3:2006, 8.1). The numbers are those of TS.
 *
 * A reader has already applied it: the bytes of an ATR are to be read as they are.
 */
typedef enum CardwrightConvention
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Low level is 0, the lowest bit first.
   */
  CARDWRIGHT_CONVENTION_DIRECT = 59,
  /**
   * Low level is 1, the highest bit first.
   */
  CARDWRIGHT_CONVENTION_INVERSE = 63,
} CardwrightConvention;

/**
 * The category of historical bytes (ISO/IEC 7816-4:2005, 8.1.1).
 */
typedef enum CardwrightCategory
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * 00: COMPACT-TLV data objects, if any, then a status indicator of three bytes without a tag.
   */
  CARDWRIGHT_CATEGORY_COMPACT_TLV_STATUS = 1,
  /**
   * 10: the next byte is the DIR data reference. The editions from 2013 on call it proprietary.
   */
  CARDWRIGHT_CATEGORY_DIR_DATA_REFERENCE = 2,
  /**
   * 80: COMPACT-TLV data objects, if any; a status indicator may be the last of them.
   */
  CARDWRIGHT_CATEGORY_COMPACT_TLV = 3,
  /**
   * 81 to 8F: reserved for future use.
   */
  CARDWRIGHT_CATEGORY_RESERVED = 4,
  /**
   * Any other byte: the issuer's or the manufacturer's own coding.
   */
  CARDWRIGHT_CATEGORY_PROPRIETARY = 5,
} CardwrightCategory;

/**
 * Whether a check byte is there, must be, and is right.
 */
typedef enum CardwrightTckState
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Must not be there and is not.
   */
  CARDWRIGHT_TCK_STATE_NOT_NEEDED = 0,
  /**
   * Must be there, is, and is right.
   */
  CARDWRIGHT_TCK_STATE_RIGHT = 1,
  /**
   * Must be there, and another value is.
   */
  CARDWRIGHT_TCK_STATE_WRONG = 2,
  /**
   * Must be there and is not.
   */
  CARDWRIGHT_TCK_STATE_MISSING = 3,
  /**
   * Must not be there, and the only byte too many has its value.
   */
  CARDWRIGHT_TCK_STATE_UNEXPECTED = 4,
} CardwrightTckState;

/**
 * The error detection code of T=1 (11.4.4).
 */
typedef enum CardwrightEdc
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * One byte: the exclusive or.
   */
  CARDWRIGHT_EDC_LRC = 0,
  /**
   * Two bytes: the cyclic redundancy check of ISO/IEC 13239.
   */
  CARDWRIGHT_EDC_CRC = 1,
} CardwrightEdc;

/**
 * X of the first TA for T=15: in what state the clock may be stopped (8.3).
 */
typedef enum CardwrightClockStop
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * It may not be stopped.
   */
  CARDWRIGHT_CLOCK_STOP_NOT_SUPPORTED = 0,
  /**
   * In the low state.
   */
  CARDWRIGHT_CLOCK_STOP_STATE_L = 1,
  /**
   * In the high state.
   */
  CARDWRIGHT_CLOCK_STOP_STATE_H = 2,
  /**
   * In any state.
   */
  CARDWRIGHT_CLOCK_STOP_NO_PREFERENCE = 3,
} CardwrightClockStop;

/**
 * The rules, by numbers that never change their meaning.
 */
typedef enum CardwrightRule
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * More than TS and 32 bytes. The place is that of the first byte too many.
   */
  CARDWRIGHT_RULE_LONGER_THAN33 = 1,
  /**
   * T=15 in TD1, where only a protocol may stand.
   */
  CARDWRIGHT_RULE_T15_IN_TD1 = 2,
  /**
   * A TD with a lower T than the one before. Reported for the first such TD only.
   */
  CARDWRIGHT_RULE_TD_ORDER = 3,
  /**
   * A TD with a T from 2 to 13. Reported once for each T, which is part of the finding's name.
   */
  CARDWRIGHT_RULE_RFU_PROTOCOL = 4,
  /**
   * TA2 has b7 or b6 set.
   */
  CARDWRIGHT_RULE_TA2_RFU_BITS = 5,
  /**
   * TA2 names T=15.
   */
  CARDWRIGHT_RULE_TA2_T15 = 6,
  /**
   * TA2 names a T from 2 to 13.
   */
  CARDWRIGHT_RULE_TA2_RFU_PROTOCOL = 7,
  /**
   * TA2 names a protocol that no TD indicates.
   */
  CARDWRIGHT_RULE_TA2_PROTOCOL_NOT_OFFERED = 8,
  /**
   * No TCK where there must be one.
   */
  CARDWRIGHT_RULE_TCK_MISSING = 9,
  /**
   * T0 to TCK do not give zero by exclusive or.
   */
  CARDWRIGHT_RULE_TCK_WRONG = 10,
  /**
   * Bytes after the end of the ATR. The place is that of the first.
   */
  CARDWRIGHT_RULE_EXTRA_BYTES = 11,
  /**
   * The one extra byte is the right TCK of a card that must not send any. Comes with
   * `Rule::ExtraBytes`.
   */
  CARDWRIGHT_RULE_TCK_UNEXPECTED = 12,
  /**
   * Fi in TA1 is reserved: 7, 8, E or F.
   */
  CARDWRIGHT_RULE_TA1_FI_RFU = 13,
  /**
   * Di in TA1 is reserved: 0 or A to F.
   */
  CARDWRIGHT_RULE_TA1_DI_RFU = 14,
  /**
   * TB1 is there. Deprecated since 2006; EMV wants it all the same.
   */
  CARDWRIGHT_RULE_TB1_DEPRECATED = 15,
  /**
   * TB2 is there. Deprecated since 2006.
   */
  CARDWRIGHT_RULE_TB2_DEPRECATED = 16,
  /**
   * TC2 is 00.
   */
  CARDWRIGHT_RULE_TC2_WI_ZERO = 17,
  /**
   * TC2 is there and T=0 is not offered.
   */
  CARDWRIGHT_RULE_TC2_WITHOUT_T0 = 18,
  /**
   * A TA for a T that has had one, counted from level 3 on. Level and T are part of the finding's name,
   * such as `repeat-ta4-t1`.
   */
  CARDWRIGHT_RULE_REPEAT_TA = 19,
  /**
   * The same of TB.
   */
  CARDWRIGHT_RULE_REPEAT_TB = 20,
  /**
   * The same of TC.
   */
  CARDWRIGHT_RULE_REPEAT_TC = 21,
  /**
   * The first TA for T=1 is 00 or FF.
   */
  CARDWRIGHT_RULE_T1_IFSC_RFU = 22,
  /**
   * The first TB for T=1 has BWI A to F.
   */
  CARDWRIGHT_RULE_T1_BWI_RFU = 23,
  /**
   * The first TC for T=1 has one of b8 to b2 set.
   */
  CARDWRIGHT_RULE_T1_EDC_RFU_BITS = 24,
  /**
   * The first TA for T=15 names classes other than A, B, C, AB, BC and ABC. ETSI TS 102 221 allows
   * more of them.
   */
  CARDWRIGHT_RULE_T15_CLASS_RFU = 25,
  /**
   * The first TB for T=15 is 01 to 7F.
   */
  CARDWRIGHT_RULE_T15_SPU_RFU = 26,
  /**
   * A first TC for T=15.
   */
  CARDWRIGHT_RULE_T15_TC_RFU = 27,
  /**
   * A first TA from level 3 on for a T other than 1 and 15. Level and T are part of the finding's name,
   * such as `ta3-undefined-for-t14`.
   */
  CARDWRIGHT_RULE_UNDEFINED_TA = 28,
  /**
   * The same of TB.
   */
  CARDWRIGHT_RULE_UNDEFINED_TB = 29,
  /**
   * The same of TC.
   */
  CARDWRIGHT_RULE_UNDEFINED_TC = 30,
  /**
   * Category 10 without its one byte, or with more than one.
   */
  CARDWRIGHT_RULE_HB_DIR_LENGTH = 31,
  /**
   * Category 00 with fewer than three bytes after it.
   */
  CARDWRIGHT_RULE_HB_STATUS_MISSING = 32,
  /**
   * A data object that does not fit; the reading of data objects ends there.
   */
  CARDWRIGHT_RULE_HB_TLV_OVERRUN = 33,
  /**
   * A data object 43, 44, 47 or 48 of a length that it cannot have. Tag and length are part of the
   * finding's name, such as `hb-tag3-len0`.
   */
  CARDWRIGHT_RULE_HB_TAG_LENGTH = 34,
  /**
   * Data object 48 with something after it.
   */
  CARDWRIGHT_RULE_HB_STATUS_NOT_LAST = 35,
  /**
   * Data object 48 under category 00.
   */
  CARDWRIGHT_RULE_HB_STATUS_TLV_IN_CAT00 = 36,
  /**
   * A data object 40 or 49 to 4E. The tag is part of the finding's name, such as `hb-tag9-rfu`.
   */
  CARDWRIGHT_RULE_HB_TAG_RFU = 37,
  /**
   * A storage card whose length is not that of what follows.
   */
  CARDWRIGHT_RULE_PCSC_LENGTH = 38,
  /**
   * A storage card whose length is not 12.
   */
  CARDWRIGHT_RULE_PCSC_LENGTH_NOT12 = 39,
} CardwrightRule;

/**
 * What an ATR says. Offsets count from TS.
 */
typedef struct CardwrightAtr {
  /**
   * `sizeof(CardwrightAtr)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * Bit n: T=n is offered (ISO/IEC 7816-3, 8.2.3).
   */
  uint16_t protocols;
  /**
   * The first protocol offered, 0 to 14; `CARDWRIGHT_NO_T` if only T=15 is indicated.
   */
  uint8_t first_offered;
  /**
   * The standard's default: the protocol in use after a reset when nothing is negotiated, 0 to 14.
   */
  uint8_t default_protocol;
  /**
   * A `CardwrightConvention`.
   */
  uint8_t convention;
  /**
   * 1 if a TD indicates T=15.
   */
  uint8_t indicates_t15;
  /**
   * The number of levels of interface bytes, at least 1: `cardwright_atr_level`.
   */
  uint8_t levels;
  /**
   * K, the number of historical bytes, 0 to 15.
   */
  uint8_t k;
  /**
   * The offset of the first historical byte.
   */
  size_t historical_at;
  /**
   * A `CardwrightCategory`; 0 if there are no historical bytes.
   */
  uint8_t category;
  /**
   * The number of COMPACT-TLV data objects in the historical bytes: `cardwright_atr_object`.
   */
  uint8_t objects;
  /**
   * A `CardwrightTckState`.
   */
  uint8_t tck_state;
  /**
   * The byte in the place of TCK; 0 if there is none.
   */
  uint8_t tck;
  /**
   * The value of TCK that is right for the bytes before it.
   */
  uint8_t tck_right;
  /**
   * 1 in specific mode (TA2 is there).
   */
  uint8_t specific_mode;
  /**
   * T of TA2, 0 to 15; `CARDWRIGHT_NO_T` in negotiable mode.
   */
  uint8_t specific_t;
  /**
   * 1 if TA2 says that the card can change to negotiable mode.
   */
  uint8_t can_change;
  /**
   * 1 if TA2 says that the rate is not that of TA1 but known implicitly.
   */
  uint8_t implicit;
  /**
   * TA1, 0x11 if it is absent.
   */
  uint8_t ta1;
  /**
   * Di, 1 to 64; 0 if it is reserved.
   */
  uint8_t di;
  /**
   * N of TC1, the extra guard time integer.
   */
  uint8_t n;
  /**
   * Fi, 372 to 2048; 0 if it is reserved.
   */
  uint16_t fi;
  /**
   * The greatest clock in kHz; 0 if it is reserved.
   */
  uint16_t fmax_khz;
  /**
   * F of the rate after the reset; 0 if it is implicit or reserved.
   */
  uint16_t f_after_reset;
  /**
   * D of the rate after the reset; 0 if it is implicit or reserved.
   */
  uint8_t d_after_reset;
  /**
   * WI, 1 to 255; 0 is reserved, and means here that T=0 is not offered.
   */
  uint8_t wi;
  /**
   * 1 if T=1 is offered, and the four members that follow mean something.
   */
  uint8_t has_t1;
  /**
   * IFSC, 1 to 254.
   */
  uint8_t ifsc;
  /**
   * BWI, 0 to 9.
   */
  uint8_t bwi;
  /**
   * CWI, 0 to 15.
   */
  uint8_t cwi;
  /**
   * A `CardwrightEdc`.
   */
  uint8_t edc;
  /**
   * A `CardwrightClockStop`.
   */
  uint8_t clock_stop;
  /**
   * The classes of operating conditions: 1 is A (5 V), 2 is B (3 V), 4 is C (1.8 V).
   */
  uint8_t classes;
  /**
   * What contact C6 is used for; 0 is nothing.
   */
  uint8_t spu;
  /**
   * 1 if TB1 is there, and the three members that follow mean something. Deprecated in 2006.
   */
  uint8_t has_vpp;
  /**
   * The greatest programming current in mA; 0 if it is reserved.
   */
  uint8_t vpp_milliamperes;
  /**
   * The programming voltage in V.
   */
  uint8_t vpp_volts;
  /**
   * The programming voltage of TB2 in tenths of a volt; 0 if there is no TB2.
   */
  uint8_t vpp_decivolts;
  /**
   * The offset of TCK, or of where it would be.
   */
  size_t tck_at;
  /**
   * The offset of the end of the ATR, where surplus bytes begin.
   */
  size_t end;
  /**
   * How often it breaks the standards: `cardwright_atr_finding`. A strict reader refuses all but 0;
   * most cards in the field break some rule.
   */
  size_t findings;
  /**
   * Bit n: the `CardwrightRule` n is broken.
   */
  uint64_t broken_rules;
  /**
   * The protocol that a PC/SC service negotiates, as pcsc-lite does: T=1 if it is offered. `CARDWRIGHT_NO_T` if it is
   * neither 0 nor 1. A session says which one is in use.
   */
  uint8_t pcsc_protocol;
} CardwrightAtr;

/**
 * Reads an ATR as a reader reports it, from TS on. No ATR that can be parsed is refused.
 *
 * `CARDWRIGHT_CODE_SHORT` if something announced is missing, `CARDWRIGHT_CODE_TS` if the first byte is
 * neither 3B nor 3F.
 */
int32_t cardwright_atr_parse(const uint8_t *bytes,
                             size_t length,
                             struct CardwrightAtr *atr,
                             struct CardwrightError *error);

/**
 * A byte of one level of an ATR.
 */
typedef struct CardwrightInterfaceByte {
  /**
   * 1 if it is there.
   */
  uint8_t present;
  /**
   * The byte.
   */
  uint8_t value;
  /**
   * Its offset from TS.
   */
  uint16_t at;
} CardwrightInterfaceByte;

/**
 * The interface bytes TAi, TBi, TCi, TDi of one i.
 */
typedef struct CardwrightAtrLevel {
  /**
   * `sizeof(CardwrightAtrLevel)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * i, from 1.
   */
  uint32_t number;
  /**
   * T of the TD before it, 0 to 15; `CARDWRIGHT_NO_T` at level 1.
   */
  uint8_t qualified_by;
  /**
   * TAi.
   */
  struct CardwrightInterfaceByte ta;
  /**
   * TBi.
   */
  struct CardwrightInterfaceByte tb;
  /**
   * TCi.
   */
  struct CardwrightInterfaceByte tc;
  /**
   * TDi.
   */
  struct CardwrightInterfaceByte td;
} CardwrightAtrLevel;

/**
 * A level of an ATR by its index, from 0; `CardwrightAtr.levels` is their number.
 */
int32_t cardwright_atr_level(const uint8_t *bytes,
                             size_t length,
                             size_t index,
                             struct CardwrightAtrLevel *level,
                             struct CardwrightError *error);

/**
 * A COMPACT-TLV data object of historical bytes (ISO/IEC 7816-4, 12.1.1).
 */
typedef struct CardwrightAtrObject {
  /**
   * `sizeof(CardwrightAtrObject)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The lower half of its tag, 0 to 15: 7 for 47.
   */
  uint8_t tag;
  /**
   * The length of its content, 0 to 15.
   */
  uint8_t length;
  /**
   * Its content.
   */
  uint8_t value[15];
} CardwrightAtrObject;

/**
 * A data object of the historical bytes by its index, from 0; `CardwrightAtr.objects` is their
 * number.
 */
int32_t cardwright_atr_object(const uint8_t *bytes,
                              size_t length,
                              size_t index,
                              struct CardwrightAtrObject *object,
                              struct CardwrightError *error);

/**
 * One breach of a standard by an ATR.
 */
typedef struct CardwrightFinding {
  /**
   * `sizeof(CardwrightFinding)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The `CardwrightRule` that is broken.
   */
  CARDWRIGHT_ENUM(CardwrightRule) rule;
  /**
   * The offset of the byte concerned; the length of the input for a missing one.
   */
  size_t at;
  /**
   * The number of its level when it is an interface byte, else 0.
   */
  size_t level;
  /**
   * 1 if there is a byte concerned, 0 for a missing one.
   */
  uint8_t has_value;
  /**
   * The byte concerned.
   */
  uint8_t value;
  /**
   * T of the TD before it when it is an interface byte from level 2 on, else `CARDWRIGHT_NO_T`.
   */
  uint8_t qualified_by;
} CardwrightFinding;

/**
 * A finding of an ATR by its index, from 0, in the order of the bytes; `CardwrightAtr.findings` is their
 * number.
 */
int32_t cardwright_atr_finding(const uint8_t *bytes,
                               size_t length,
                               size_t index,
                               struct CardwrightFinding *finding,
                               struct CardwrightError *error);

/**
 * Writes the name of a finding, such as `tck-missing` or `ta3-undefined-for-t14`.
 *
 * `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown rule.
 */
int32_t cardwright_atr_finding_name(const struct CardwrightFinding *finding,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *length,
                                    struct CardwrightError *error);

/**
 * A rule that an ATR can break. The texts are static.
 */
typedef struct CardwrightRuleFacts {
  /**
   * `sizeof(CardwrightRuleFacts)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * Its name, such as `tck-missing`.
   */
  struct CardwrightText name;
  /**
   * One line in plain words.
   */
  struct CardwrightText text;
  /**
   * The standard, such as `ISO/IEC 7816-3:2006`.
   */
  struct CardwrightText standard;
  /**
   * The clause of it.
   */
  struct CardwrightText clause;
} CardwrightRuleFacts;

/**
 * Facts about a `CardwrightRule`; `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown one.
 */
int32_t cardwright_atr_rule(CARDWRIGHT_ENUM(CardwrightRule) number,
                            struct CardwrightRuleFacts *facts,
                            struct CardwrightError *error);

/**
 * The check byte of an ATR that is built.
 */
typedef enum CardwrightCheckByte
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * The right one if the protocols demand one, else none.
   */
  CARDWRIGHT_CHECK_BYTE_AS_IT_SHOULD_BE = 0,
  /**
   * `check`, right or wrong, needed or not.
   */
  CARDWRIGHT_CHECK_BYTE_GIVEN = 1,
  /**
   * None, needed or not.
   */
  CARDWRIGHT_CHECK_BYTE_OMITTED = 2,
} CardwrightCheckByte;

/**
 * The interface bytes of one level. A byte counts if its `has_` is 1.
 */
typedef struct CardwrightLevelParts {
  /**
   * 1 if there is a TA.
   */
  uint8_t has_ta;
  /**
   * TAi.
   */
  uint8_t ta;
  /**
   * 1 if there is a TB.
   */
  uint8_t has_tb;
  /**
   * TBi.
   */
  uint8_t tb;
  /**
   * 1 if there is a TC.
   */
  uint8_t has_tc;
  /**
   * TCi.
   */
  uint8_t tc;
  /**
   * 1 if there is a TD. Every level but the last must have one.
   */
  uint8_t has_td;
  /**
   * T of TDi, 0 to 15; its other half follows from the next level.
   */
  uint8_t t;
} CardwrightLevelParts;

/**
 * The most levels that an ATR of 33 bytes can have.
 */
#define CARDWRIGHT_MAX_LEVELS 31

/**
 * The parts of an ATR. Zero all of it, then set `struct_size` and the parts.
 */
typedef struct CardwrightAtrParts {
  /**
   * `sizeof(CardwrightAtrParts)`.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightConvention`; 0 is direct.
   */
  CARDWRIGHT_ENUM(CardwrightConvention) convention;
  /**
   * A `CardwrightCheckByte`.
   */
  CARDWRIGHT_ENUM(CardwrightCheckByte) check_byte;
  /**
   * The check byte for `CARDWRIGHT_CHECK_BYTE_GIVEN`.
   */
  uint32_t check;
  /**
   * `level_count` levels, from the first on.
   */
  const struct CardwrightLevelParts *levels;
  /**
   * How many levels there are, at most `CARDWRIGHT_MAX_LEVELS`.
   */
  size_t level_count;
  /**
   * `k` historical bytes.
   */
  const uint8_t *historical;
  /**
   * How many historical bytes there are, at most 15.
   */
  size_t k;
} CardwrightAtrParts;

/**
 * Builds an ATR from its parts and writes it; `CARDWRIGHT_ATR_MAX` bytes are enough.
 *
 * `CARDWRIGHT_CODE_UNWRITABLE` for what no ATR can say: more than 15 historical bytes, a T above 15, a level
 * after one without TD, an empty level that is not the first. `CARDWRIGHT_CODE_ROOM` for more than 33 bytes.
 */
int32_t cardwright_atr_build(const struct CardwrightAtrParts *parts,
                             uint8_t *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * Which reset the ATR answered.
 */
typedef enum CardwrightReset
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * The first, with the power.
   */
  CARDWRIGHT_RESET_COLD = 1,
  /**
   * One after that, while the card is under power: TB1 may then be anything.
   */
  CARDWRIGHT_RESET_WARM = 2,
} CardwrightReset;

/**
 * Why a terminal refuses an ATR, by numbers that never change their meaning.
 */
typedef enum CardwrightEmvRule
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * No TB1 after a cold reset.
   */
  CARDWRIGHT_EMV_RULE_TB1_MISSING = 1,
  /**
   * TB1 is not 00 after a cold reset.
   */
  CARDWRIGHT_EMV_RULE_TB1_NOT_ZERO = 2,
  /**
   * TD1 offers neither T=0 nor T=1.
   */
  CARDWRIGHT_EMV_RULE_TD1_PROTOCOL = 3,
  /**
   * In specific mode the rate is implicit (b5 of TA2).
   */
  CARDWRIGHT_EMV_RULE_TA2_IMPLICIT = 4,
  /**
   * In specific mode, TA1 is not 11 to 13; a terminal may support other rates.
   */
  CARDWRIGHT_EMV_RULE_TA1_RATE = 5,
  /**
   * TB2 is there.
   */
  CARDWRIGHT_EMV_RULE_TB2 = 6,
  /**
   * TC2 is not 0A; a terminal may support other values.
   */
  CARDWRIGHT_EMV_RULE_TC2_WI = 7,
  /**
   * TD2 names another T than 1, or 1 and 14 after T=0.
   */
  CARDWRIGHT_EMV_RULE_TD2_PROTOCOL = 8,
  /**
   * TA3 for T=1 is below 10, or FF.
   */
  CARDWRIGHT_EMV_RULE_TA3_IFSC = 9,
  /**
   * No TB3 although TD1 offers T=1.
   */
  CARDWRIGHT_EMV_RULE_TB3_MISSING = 10,
  /**
   * TB3 for T=1 has a BWI above 4 or a CWI above 5.
   */
  CARDWRIGHT_EMV_RULE_TB3_RANGE = 11,
  /**
   * 2 to the power of CWI is not greater than N + 1.
   */
  CARDWRIGHT_EMV_RULE_TB3_GUARD_TIME = 12,
  /**
   * TC3 for T=1 is not 00.
   */
  CARDWRIGHT_EMV_RULE_TC3_EDC = 13,
  /**
   * TCK is wrong, or missing where it must be.
   */
  CARDWRIGHT_EMV_RULE_TCK = 14,
} CardwrightEmvRule;

/**
 * For what a payment terminal refuses an ATR: all reasons (EMV 4.3, Book 1, 8.3), bit n of `*refusals` for the
 * `CardwrightEmvRule` n, and 0 is an ATR that it accepts. `reset` is the `CardwrightReset` that the ATR answered.
 *
 * Most cards that are not payment cards are refused, which is no fault of theirs. The codes of
 * `cardwright_atr_parse`, and `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `reset`.
 */
int32_t cardwright_atr_emv_refusals(const uint8_t *bytes,
                                    size_t length,
                                    CARDWRIGHT_ENUM(CardwrightReset) reset,
                                    uint32_t *refusals,
                                    struct CardwrightError *error);

/**
 * The name of a `CardwrightEmvRule`, such as `tb1-missing`: static; no text for an unknown rule.
 */
struct CardwrightText cardwright_atr_emv_rule_name(CARDWRIGHT_ENUM(CardwrightEmvRule) rule);

/**
 * What historical bytes say (ISO/IEC 7816-4, 12.1.1; PC/SC part 3 for storage cards). A member counts if
 * the `has_` or the length before it is not 0; `cardwright_atr_object` has the objects as they are.
 * The texts are static.
 */
typedef struct CardwrightHistorical {
  /**
   * `sizeof(CardwrightHistorical)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightCategory`; 0 if there are no historical bytes.
   */
  uint8_t category;
  /**
   * 1 if there is a life cycle status.
   */
  uint8_t has_life_cycle;
  /**
   * The life cycle status byte.
   */
  uint8_t life_cycle;
  /**
   * 1 if there is a status word.
   */
  uint8_t has_status_word;
  /**
   * SW1 SW2; 0000 if nothing is indicated.
   */
  uint16_t status_word;
  /**
   * 1 if there is a card service data byte.
   */
  uint8_t has_card_service;
  /**
   * The card service data byte (data object 43): 80 application by full DF name, 40 by partial DF name, 20
   * objects in EF.DIR, 10 objects in EF.ATR, 0E how these are read, 01 no master file.
   */
  uint8_t card_service;
  /**
   * The number of software function tables, 0 to 3.
   */
  uint8_t capabilities;
  /**
   * The first one: how files are selected. Bits from 80 down: full DF name, partial DF name, path, file
   * identifier, implicit, short EF identifier, record number, record identifier.
   */
  uint8_t selection;
  /**
   * The second one: how data are coded.
   */
  uint8_t data_coding;
  /**
   * The third one: 80 command chaining, 40 extended Lc and Le, 20 EF.ATR states the greatest lengths.
   */
  uint8_t command_coding;
  /**
   * The number of logical channels, 1 to 8, where 8 is eight or more; 0 if there is no third table.
   */
  uint8_t channels;
  /**
   * 1 if the card says how its first data are read.
   */
  uint8_t has_initial_access;
  /**
   * The command APDU that reads them.
   */
  uint8_t initial_access[5];
  /**
   * 1 if there is a country code.
   */
  uint8_t has_country_code;
  /**
   * The country code of ISO 3166-1, 0 to 999.
   */
  uint16_t country_code;
  /**
   * The length of the issuer identification number in bytes.
   */
  uint8_t issuer_length;
  /**
   * The issuer identification number, two digits a byte; a last F is padding.
   */
  uint8_t issuer[15];
  /**
   * The length of the application identifier in bytes.
   */
  uint8_t application_length;
  /**
   * The application identifier.
   */
  uint8_t application[15];
  /**
   * 1 if there is a DIR data reference.
   */
  uint8_t has_dir_reference;
  /**
   * The DIR data reference.
   */
  uint8_t dir_reference;
  /**
   * 1 if a contactless reader made the ATR for a storage card, which the next three members describe.
   */
  uint8_t is_storage_card;
  /**
   * SS, the standard of the storage card.
   */
  uint8_t standard;
  /**
   * NN, the number of its name.
   */
  uint16_t card_name;
  /**
   * The standard in words; none if the number is reserved.
   */
  struct CardwrightText standard_text;
  /**
   * The name in words; none if none is documented.
   */
  struct CardwrightText card_name_text;
  /**
   * What the life cycle status means, such as `operational-activated`; none if there is none.
   */
  struct CardwrightText life_cycle_text;
} CardwrightHistorical;

/**
 * What the historical bytes of an ATR say. The codes of `cardwright_atr_parse`.
 */
int32_t cardwright_atr_historical(const uint8_t *bytes,
                                  size_t length,
                                  struct CardwrightHistorical *historical,
                                  struct CardwrightError *error);

/**
 * A time in cycles of the clock, as a fraction that is not reduced.
 */
typedef struct CardwrightRatio {
  /**
   * The dividend; 0 if there is no such time.
   */
  uint64_t cycles;
  /**
   * The divisor, never 0.
   */
  uint32_t per;
} CardwrightRatio;

/**
 * The times of an ATR at a rate (ISO/IEC 7816-3, 7.1, 8.3, 10.2, 11).
 */
typedef struct CardwrightTiming {
  /**
   * `sizeof(CardwrightTiming)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * One elementary time unit.
   */
  struct CardwrightRatio etu;
  /**
   * GT, the guard time from the reader to the card.
   */
  struct CardwrightRatio gt;
  /**
   * WT, the waiting time of T=0; none if T=0 is not offered.
   */
  struct CardwrightRatio wt;
  /**
   * CGT, the character guard time of T=1; this and the next three are none if T=1 is not offered.
   */
  struct CardwrightRatio cgt;
  /**
   * CWT, the character waiting time of T=1.
   */
  struct CardwrightRatio cwt;
  /**
   * BGT, the block guard time of T=1.
   */
  struct CardwrightRatio bgt;
  /**
   * BWT, the block waiting time of T=1.
   */
  struct CardwrightRatio bwt;
} CardwrightTiming;

/**
 * The times of an ATR if one etu takes f/d cycles of the clock; 372 and 1 after a reset.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` if `f` or `d` is 0.
 */
int32_t cardwright_atr_timing(const uint8_t *bytes,
                              size_t length,
                              uint16_t f,
                              uint8_t d,
                              struct CardwrightTiming *timing,
                              struct CardwrightError *error);

/**
 * A time at a clock of `clock_hz`, in nanoseconds, rounded down.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` if `clock_hz` is 0.
 */
int32_t cardwright_ratio_nanoseconds(struct CardwrightRatio ratio,
                                     uint32_t clock_hz,
                                     uint64_t *nanoseconds,
                                     struct CardwrightError *error);

/**
 * The bits per second of a rate at a clock of `clock_hz`: an etu is f/d cycles of the clock.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` if `f` or `d` is 0.
 */
int32_t cardwright_rate_bits_per_second(uint16_t f,
                                        uint8_t d,
                                        uint32_t clock_hz,
                                        uint64_t *bits,
                                        struct CardwrightError *error);

/** @} */

/* ================================================================================== Identity of a card */

/**
 * @defgroup identity Identity of a card
 * Which card it is: the dialogue that reads its serial number, from its ATR on.
 * @{
 */

/**
 * The most commands that one dialogue with a card has.
 */
#define CARDWRIGHT_MAX_COMMANDS 128

/**
 * Room for any answer that a dialogue asks for, in bytes.
 */
#define CARDWRIGHT_RESPONSE_ROOM 4096

/**
 * A dialogue with a card, and what it has found. Storage of the caller's: its content is private, it holds
 * no pointer, may be copied, and needs no clean-up.
 */
typedef struct CardwrightIdentity {
  /**
   * Private.
   */
  uint64_t storage[72];
} CardwrightIdentity;

/**
 * How the card is connected.
 */
typedef enum CardwrightInterface
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * As the ATR looks: by PC/SC part 3 those of contactless cards begin with 3B 8n 80 01.
   */
  CARDWRIGHT_INTERFACE_UNKNOWN = 0,
  /**
   * By contacts: the reader is not asked for a UID.
   */
  CARDWRIGHT_INTERFACE_CONTACT = 1,
  /**
   * Without contacts.
   */
  CARDWRIGHT_INTERFACE_CONTACTLESS = 2,
} CardwrightInterface;

/**
 * Begins a dialogue with a card that has just been reset. An ATR that cannot be read names nothing, and is
 * not an error.
 *
 * `interface_` is a `CardwrightInterface`.
 */
int32_t cardwright_identity_init(struct CardwrightIdentity *identity,
                                 const uint8_t *atr,
                                 size_t atr_length,
                                 CARDWRIGHT_ENUM(CardwrightInterface) interface_,
                                 struct CardwrightError *error);

/**
 * Room for any command of a dialogue, in bytes.
 */
#define CARDWRIGHT_COMMAND_ROOM 64

/**
 * Writes the command APDU to send next; `*length` is 0 at the end of the dialogue. It stays the same until
 * `cardwright_identity_answer`. `CARDWRIGHT_COMMAND_ROOM` bytes are enough. All commands only read: they change
 * nothing on the card.
 */
int32_t cardwright_identity_command(const struct CardwrightIdentity *identity,
                                    uint8_t *buffer,
                                    size_t capacity,
                                    size_t *length,
                                    struct CardwrightError *error);

/**
 * Takes the answer to the command: the response APDU with SW1 SW2. A length of 0 says that there was none; the
 * dialogue continues with what does not need it.
 */
int32_t cardwright_identity_answer(struct CardwrightIdentity *identity,
                                   const uint8_t *response,
                                   size_t response_length,
                                   struct CardwrightError *error);

/**
 * What a card is, or has: one card can be several of these.
 */
typedef enum CardwrightCardKind
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * A storage card that a contactless reader presents by PC/SC part 3 (MIFARE, FeliCa, ICODE).
   */
  CARDWRIGHT_CARD_KIND_STORAGE = 1,
  /**
   * NXP DESFire.
   */
  CARDWRIGHT_CARD_KIND_DES_FIRE = 2,
  /**
   * The German identity card, or another that answers like it.
   */
  CARDWRIGHT_CARD_KIND_GERMAN_ID = 3,
  /**
   * A Yubico YubiKey.
   */
  CARDWRIGHT_CARD_KIND_YUBI_KEY = 4,
  /**
   * A PIV card, or another with the PIV application.
   */
  CARDWRIGHT_CARD_KIND_PIV = 5,
  /**
   * A Nitrokey 3.
   */
  CARDWRIGHT_CARD_KIND_NITROKEY = 6,
  /**
   * A card of the Generic Identity Device Specification, virtual ones of Windows too.
   */
  CARDWRIGHT_CARD_KIND_GIDS = 7,
  /**
   * A Thales (Gemalto) IDPrime, or an eToken with its application.
   */
  CARDWRIGHT_CARD_KIND_ID_PRIME = 8,
  /**
   * An OpenPGP card.
   */
  CARDWRIGHT_CARD_KIND_OPEN_PGP = 9,
  /**
   * A SmartCard-HSM.
   */
  CARDWRIGHT_CARD_KIND_SMART_CARD_HSM = 10,
  /**
   * A MyEID card.
   */
  CARDWRIGHT_CARD_KIND_MY_EID = 11,
  /**
   * A card with CardOS, older eTokens too.
   */
  CARDWRIGHT_CARD_KIND_CARD_OS = 12,
  /**
   * A Feitian ePass2003.
   */
  CARDWRIGHT_CARD_KIND_E_PASS2003 = 13,
  /**
   * An Aktiv Rutoken.
   */
  CARDWRIGHT_CARD_KIND_RUTOKEN = 14,
  /**
   * An IAS ECC card.
   */
  CARDWRIGHT_CARD_KIND_IAS_ECC = 15,
  /**
   * A Java-based eToken (PRO 72K, 5100, 5110).
   */
  CARDWRIGHT_CARD_KIND_E_TOKEN = 16,
  /**
   * A SIM or UICC.
   */
  CARDWRIGHT_CARD_KIND_SIM = 17,
  /**
   * A card whose issuer's domain answers, as GlobalPlatform has it.
   */
  CARDWRIGHT_CARD_KIND_GLOBAL_PLATFORM = 18,
  /**
   * A Token2 key.
   */
  CARDWRIGHT_CARD_KIND_TOKEN2 = 19,
  /**
   * A Common Access Card of the US Department of Defense with a GSC-IS container.
   */
  CARDWRIGHT_CARD_KIND_CAC = 20,
  /**
   * An Italian CNS.
   */
  CARDWRIGHT_CARD_KIND_CNS = 21,
  /**
   * A card or token with the LASER application of Athena IDProtect: JaCarta PKI, PKI/BIO and -2 PKI.
   */
  CARDWRIGHT_CARD_KIND_JA_CARTA = 22,
  /**
   * An Aladdin JaCarta LT.
   */
  CARDWRIGHT_CARD_KIND_JA_CARTA_LT = 23,
  /**
   * A SoloKeys Solo 2.
   */
  CARDWRIGHT_CARD_KIND_SOLO = 24,
  /**
   * A card with Athena's ASEPCOS.
   */
  CARDWRIGHT_CARD_KIND_ASEPCOS = 25,
  /**
   * An Estonian identity card, from 2018 on.
   */
  CARDWRIGHT_CARD_KIND_EST_EID = 26,
  /**
   * A Finnish identity or organisation card.
   */
  CARDWRIGHT_CARD_KIND_FIN_EID = 27,
  /**
   * A Belgian identity card.
   */
  CARDWRIGHT_CARD_KIND_BELGIAN_EID = 28,
  /**
   * A Spanish identity card (DNI electrónico).
   */
  CARDWRIGHT_CARD_KIND_DNIE = 29,
  /**
   * An ISBC ESMART Token.
   */
  CARDWRIGHT_CARD_KIND_ESMART = 30,
  /**
   * A card or token for SafeSign: Giesecke+Devrient StarSign, and SafeSign's own.
   */
  CARDWRIGHT_CARD_KIND_SAFE_SIGN = 31,
  /**
   * A HID Crescendo with ActivID applications and without PIV (C1100, C700).
   */
  CARDWRIGHT_CARD_KIND_ACTIV_ID = 32,
  /**
   * An Asseco cryptoCertum.
   */
  CARDWRIGHT_CARD_KIND_CRYPTO_CERTUM = 33,
} CardwrightCardKind;

/**
 * Where an identifier comes from.
 */
typedef enum CardwrightSource
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * The file `cardid` of a minidriver card (GIDS, IDPrime): 16 bytes, a GUID as Windows keeps
   * it.
   */
  CARDWRIGHT_SOURCE_CARD_ID = 1,
  /**
   * The GUID in the CHUID of a PIV card (tag 34): 16 bytes in the order of RFC 4122.
   */
  CARDWRIGHT_SOURCE_CHUID_GUID = 2,
  /**
   * The FASC-N in the CHUID of a PIV card (tag 30): 25 bytes.
   */
  CARDWRIGHT_SOURCE_FASC_N = 3,
  /**
   * The card's identifier in its capability container (CAC, tag F0): 21 bytes.
   */
  CARDWRIGHT_SOURCE_CAC_CUID = 4,
  /**
   * Card production life cycle data: 42 bytes.
   */
  CARDWRIGHT_SOURCE_CPLC = 5,
  /**
   * The application identifier of an OpenPGP card: 16 bytes.
   */
  CARDWRIGHT_SOURCE_OPEN_PGP_AID = 6,
  /**
   * The serial number of a YubiKey: 4 bytes, big-endian. None when the key hides it.
   */
  CARDWRIGHT_SOURCE_YUBI_KEY = 7,
  /**
   * The UUID of a Nitrokey 3: 16 bytes.
   */
  CARDWRIGHT_SOURCE_NITROKEY = 8,
  /**
   * The serial number of CardOS: 8 bytes (5.x) or 6 (4.x).
   */
  CARDWRIGHT_SOURCE_CARD_OS = 9,
  /**
   * The serial number of MyEID: 10 bytes.
   */
  CARDWRIGHT_SOURCE_MY_EID = 10,
  /**
   * The serial number of a SmartCard-HSM: up to 11 characters.
   */
  CARDWRIGHT_SOURCE_SMART_CARD_HSM = 11,
  /**
   * The serial number of an ePass2003: 8 bytes.
   */
  CARDWRIGHT_SOURCE_E_PASS2003 = 12,
  /**
   * The serial number of a Rutoken: 4 bytes, big-endian (the token gives them the other way).
   */
  CARDWRIGHT_SOURCE_RUTOKEN = 13,
  /**
   * The serial number of a Token2 key: 8 to 16 characters, of which an older key tells the last 8 only.
   */
  CARDWRIGHT_SOURCE_TOKEN2 = 14,
  /**
   * The number of a SIM (EF 2FE2): 10 bytes of decimal digits with the nibbles swapped.
   */
  CARDWRIGHT_SOURCE_ICCID = 15,
  /**
   * The card's number in EF.GDO or EF.SN (tag 5A): up to 10 bytes of decimal digits.
   */
  CARDWRIGHT_SOURCE_ICCSN = 16,
  /**
   * The card image number of GlobalPlatform (tag 45), the issuer's own count.
   */
  CARDWRIGHT_SOURCE_CIN = 17,
  /**
   * The issuer identification number of GlobalPlatform (tag 42): of the issuer, not of the card.
   */
  CARDWRIGHT_SOURCE_IIN = 18,
  /**
   * The UID, PUPI or IDm by which a contactless reader tells cards apart: 4 to 10 bytes. Four
   * bytes are not unique (ISO/IEC 14443-3:2018, 6.5.4; NXP AN10927), and a PUPI of four may be another
   * one each time.
   */
  CARDWRIGHT_SOURCE_UID = 19,
  /**
   * The historical bytes of the ATS of a contactless card: of the model, not of the card. Of a
   * card of type B, which its ATR does not tell apart, they are the application data instead.
   */
  CARDWRIGHT_SOURCE_ATS_HISTORICAL = 20,
  /**
   * The number of an Italian CNS (EF.ID_Carta): 16 characters.
   */
  CARDWRIGHT_SOURCE_CNS_ID = 21,
  /**
   * The serial number of the LASER application: 8 bytes, two and the chip's serial number and batch.
   */
  CARDWRIGHT_SOURCE_JA_CARTA = 22,
  /**
   * The UUID of a Solo 2: 16 bytes.
   */
  CARDWRIGHT_SOURCE_SOLO = 23,
  /**
   * The serial number of ASEPCOS: 8 bytes.
   */
  CARDWRIGHT_SOURCE_ASEPCOS = 24,
  /**
   * The document number of an Estonian identity card: letters and digits.
   */
  CARDWRIGHT_SOURCE_EST_EID = 25,
  /**
   * The number of a Finnish card in its token information: letters and digits.
   */
  CARDWRIGHT_SOURCE_FIN_EID = 26,
  /**
   * The chip's number of a Belgian identity card: 16 bytes.
   */
  CARDWRIGHT_SOURCE_BELGIAN_EID = 27,
  /**
   * The serial number of a Spanish identity card: 7 bytes.
   */
  CARDWRIGHT_SOURCE_DNIE = 28,
} CardwrightSource;

/**
 * The first number of a `CardwrightCardKind` or `CardwrightSource` of the program's own: `CARDWRIGHT_OTHER + n` is its
 * n, up to 65535. The library has none of these.
 */
#define CARDWRIGHT_OTHER 65536

/**
 * Adds what the program's own dialogue with the card has found, and ends the library's: that the card is of `kind`, 0
 * for none, and that it gave an identifier of `source`, `CARDWRIGHT_OTHER` and more; one of the same source
 * is replaced. `is_text` is 1 for printable ASCII of 32 characters at most, which is written as it is, 0 for up to 42
 * bytes, which are written in hexadecimal.
 *
 * `CARDWRIGHT_CODE_ROOM` for the fifth kind or the ninth identifier, `CARDWRIGHT_CODE_ARGUMENT` for bytes that are no
 * identifier: none, or all 00 or FF.
 */
int32_t cardwright_identity_add(struct CardwrightIdentity *identity,
                                CARDWRIGHT_ENUM(CardwrightCardKind) kind,
                                CARDWRIGHT_ENUM(CardwrightSource) source,
                                const uint8_t *bytes,
                                size_t length,
                                uint32_t is_text,
                                struct CardwrightError *error);

/**
 * What has been found so far: `kinds` has bit n for the `CardwrightCardKind` n, but none for those of the program's
 * own, which `cardwright_identity_kind` tells; `identifiers` is the number of identifiers.
 */
int32_t cardwright_identity_found(const struct CardwrightIdentity *identity,
                                  uint64_t *kinds,
                                  size_t *identifiers,
                                  struct CardwrightError *error);

/**
 * What it rests on that a card is one of a kind. A status word alone is no evidence.
 */
typedef enum CardwrightBasis
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * The card's own answer: the application gave its name, or an object of the shape that it has.
   */
  CARDWRIGHT_BASIS_ANSWER = 1,
  /**
   * An ATR that belongs to cards of this kind alone.
   */
  CARDWRIGHT_BASIS_ATR = 2,
  /**
   * A hint: historical bytes that other products have too, and no more.
   */
  CARDWRIGHT_BASIS_HINT = 3,
} CardwrightBasis;

/**
 * What a card is, and what that rests on.
 */
typedef struct CardwrightKind {
  /**
   * `sizeof(CardwrightKind)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightCardKind`, or `CARDWRIGHT_OTHER` and more for the program's own.
   */
  uint32_t kind;
  /**
   * What it rests on: a `CardwrightBasis`.
   */
  CARDWRIGHT_ENUM(CardwrightBasis) basis;
  /**
   * The number of kinds that the card is of, this one included.
   */
  uint32_t count;
  /**
   * Why the number of such a card is not read, `\0`-terminated; empty where it is.
   */
  char unread[128];
} CardwrightKind;

/**
 * What the card is by its index, from 0, in the order of the numbers of `CardwrightCardKind`.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` past the last; there is none if nothing is known.
 */
int32_t cardwright_identity_kind(const struct CardwrightIdentity *identity,
                                 size_t index,
                                 struct CardwrightKind *kind,
                                 struct CardwrightError *error);

/**
 * How far an identifier distinguishes one card from all others.
 */
typedef enum CardwrightTrust
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * The same each time, and unique to this card if its maker keeps the rules.
   */
  CARDWRIGHT_TRUST_STABLE = 1,
  /**
   * A different one each time.
   */
  CARDWRIGHT_TRUST_RANDOM = 2,
  /**
   * The same on other cards too, or not known to be unique to this card.
   */
  CARDWRIGHT_TRUST_SHARED = 3,
  /**
   * The card has one and does not reveal it: there are no bytes.
   */
  CARDWRIGHT_TRUST_HIDDEN = 4,
} CardwrightTrust;

/**
 * The evidence for a row of a table.
 */
typedef enum CardwrightEvidence
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * The vendor says so.
   */
  CARDWRIGHT_EVIDENCE_DOCUMENTED = 1,
  /**
   * Inferred from what the vendor says, or from how such systems work.
   */
  CARDWRIGHT_EVIDENCE_ASSUMED = 2,
} CardwrightEvidence;

/**
 * A number by which a card identifies itself.
 */
typedef struct CardwrightIdentifier {
  /**
   * `sizeof(CardwrightIdentifier)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * Where it comes from: a `CardwrightSource`, or `CARDWRIGHT_OTHER` and more for the program's own.
   */
  uint32_t source;
  /**
   * How reliably it tells one card from all others: a `CardwrightTrust`.
   */
  CARDWRIGHT_ENUM(CardwrightTrust) trust;
  /**
   * Its length in bytes; 0 if the card hides it.
   */
  uint32_t length;
  /**
   * Its bytes as the card gave them.
   */
  uint8_t bytes[42];
  /**
   * As its makers print it, `\0`-terminated; empty if the card hides it.
   */
  char spelling[65];
  /**
   * How sure it is that this is the card's number: a `CardwrightEvidence`, documented or assumed.
   */
  CARDWRIGHT_ENUM(CardwrightEvidence) evidence;
  /**
   * 1 if it stands for a person, as a document number does; 0 otherwise. Logs should not have it.
   */
  uint32_t personal;
} CardwrightIdentifier;

/**
 * An identifier by its index, from 0, in the order in which they were found.
 */
int32_t cardwright_identity_identifier(const struct CardwrightIdentity *identity,
                                       size_t index,
                                       struct CardwrightIdentifier *identifier,
                                       struct CardwrightError *error);

/**
 * A card management system.
 */
typedef enum CardwrightSystem
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Microsoft Identity Manager Certificate Management (also FIM CM).
   */
  CARDWRIGHT_SYSTEM_MIM = 1,
  /**
   * Axidian CertiFlow (also Indeed CM, Rutoken KeyBox).
   */
  CARDWRIGHT_SYSTEM_CERTIFLOW = 2,
} CardwrightSystem;

/**
 * One way in which a system may have stored the serial of a card.
 */
typedef struct CardwrightGuess {
  /**
   * `sizeof(CardwrightGuess)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The identifier that it was made from: a `CardwrightSource`.
   */
  CARDWRIGHT_ENUM(CardwrightSource) source;
  /**
   * Whether the system's vendor documents it, or it is assumed: a `CardwrightEvidence`.
   */
  CARDWRIGHT_ENUM(CardwrightEvidence) evidence;
  /**
   * The number of guesses for the system, this one included.
   */
  uint32_t count;
  /**
   * The serial as the system would write it, `\0`-terminated.
   */
  char spelling[65];
} CardwrightGuess;

/**
 * A guess at how a `CardwrightSystem` stored this card's serial, by its index, from 0: the strongest identifier comes
 * first, and of each identifier the best guess. Those of one `source` stand together.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` past the last; there is none if nothing is known that is this card's alone.
 */
int32_t cardwright_identity_guess(const struct CardwrightIdentity *identity,
                                  CARDWRIGHT_ENUM(CardwrightSystem) system,
                                  size_t index,
                                  struct CardwrightGuess *guess,
                                  struct CardwrightError *error);

/**
 * What SW1 SW2 of a card means, in plain words: static, and `data` is never `NULL`.
 */
struct CardwrightText cardwright_status_word_text(uint32_t status_word);

/** @} */

/* ====================================================================================== Serial numbers */

/**
 * @defgroup serial Serial numbers
 * The spellings of a serial number, compared and written.
 * @{
 */

/**
 * How two serials are the same number.
 */
typedef enum CardwrightMatch
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * The same kind and the same bytes: they are equal.
   */
  CARDWRIGHT_MATCH_SAME = 1,
  /**
   * One is a GUID, the other its bytes as Windows keeps them. Also where both orders would do.
   */
  CARDWRIGHT_MATCH_GUID_BYTES_WINDOWS = 2,
  /**
   * One is a GUID, the other its bytes as RFC 4122 has them.
   */
  CARDWRIGHT_MATCH_GUID_BYTES_RFC4122 = 3,
  /**
   * Both are GUIDs, or both sixteen bytes, and one is the other with the first three fields
   * reversed: the bytes were read in the wrong order.
   */
  CARDWRIGHT_MATCH_GUID_FIELDS_SWAPPED = 4,
  /**
   * Both are texts which differ in upper and lower case of ASCII letters only.
   */
  CARDWRIGHT_MATCH_TEXT_IGNORING_CASE = 5,
} CardwrightMatch;

/**
 * In what way two serial numbers are the same: `*how` is a `CardwrightMatch`, or 0 if they differ.
 *
 * Numbers that are equal only under an assumption, such as the byte order of a GUID, are never
 * `CARDWRIGHT_MATCH_SAME`. `CARDWRIGHT_CODE_SERIAL` for a text that is not a serial number: empty, or with control
 * characters.
 */
int32_t cardwright_serial_match(struct CardwrightText one,
                                struct CardwrightText other,
                                uint32_t *how,
                                struct CardwrightError *error);

/**
 * How a serial number is written.
 */
typedef enum CardwrightSerialForm
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * As it is: a GUID without braces, upper-case hexadecimal, or the text.
   */
  CARDWRIGHT_SERIAL_FORM_PLAIN = 0,
  /**
   * A GUID in braces, in lower case: what MIM CM takes.
   */
  CARDWRIGHT_SERIAL_FORM_BRACED = 1,
  /**
   * A GUID without braces, in lower case.
   */
  CARDWRIGHT_SERIAL_FORM_BARE = 2,
  /**
   * Upper-case hexadecimal without separators: what CertiFlow takes.
   */
  CARDWRIGHT_SERIAL_FORM_HEX = 3,
} CardwrightSerialForm;

/**
 * How sixteen bytes stand for the text of a GUID.
 */
typedef enum CardwrightByteOrder
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * As written (RFC 4122, 4.1.2): PIV.
   */
  CARDWRIGHT_BYTE_ORDER_RFC4122 = 1,
  /**
   * The first three fields little-endian, as Windows keeps a `struct GUID` in memory: the file
   * `cardid` of a GIDS or other minidriver card.
   */
  CARDWRIGHT_BYTE_ORDER_WINDOWS = 2,
} CardwrightByteOrder;

/**
 * Writes a serial number in another form. `form` is a `CardwrightSerialForm`; `order` is the `CardwrightByteOrder`
 * in which sixteen bytes are read as a GUID, or a GUID is written as bytes.
 *
 * `CARDWRIGHT_CODE_SERIAL` for a text that is not a serial number, `CARDWRIGHT_CODE_GUID` for one that has no such
 * form, `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `form` or `order`.
 */
int32_t cardwright_serial_spell(struct CardwrightText serial,
                                CARDWRIGHT_ENUM(CardwrightSerialForm) form,
                                CARDWRIGHT_ENUM(CardwrightByteOrder) order,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);

/** @} */

/* =============================================================================== States and operations */

/**
 * @defgroup lifecycle States and operations
 * The states of a card in both systems, and what each operation does in each of them.
 * @{
 */

/**
 * A card's state, in neutral terms.
 */
typedef enum CardwrightState
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Registered; nobody has it.
   */
  CARDWRIGHT_STATE_STOCK = 1,
  /**
   * Given to a user, not yet issued.
   */
  CARDWRIGHT_STATE_ASSIGNED = 2,
  /**
   * An issue or update waits for approval.
   */
  CARDWRIGHT_STATE_PENDING = 3,
  /**
   * In use.
   */
  CARDWRIGHT_STATE_ACTIVE = 4,
  /**
   * On hold.
   */
  CARDWRIGHT_STATE_SUSPENDED = 5,
  /**
   * Ended for good; the record is still with the user.
   */
  CARDWRIGHT_STATE_REVOKED = 6,
  /**
   * Out of use; the record's life is over.
   */
  CARDWRIGHT_STATE_RETIRED = 7,
} CardwrightState;

/**
 * The state of a card (API, Cards). The numbers are ours: the vendor publishes only the names.
 */
typedef enum CardwrightCardState
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * In the repository, with no user and no content.
   */
  CARDWRIGHT_CARD_STATE_CLEAN = 1,
  /**
   * Tied to a user, not issued.
   */
  CARDWRIGHT_CARD_STATE_ASSIGNED = 2,
  /**
   * An issue or update was started and waits.
   */
  CARDWRIGHT_CARD_STATE_PENDING = 3,
  /**
   * In use.
   */
  CARDWRIGHT_CARD_STATE_ISSUED = 4,
  /**
   * Temporarily off. Not what MIM CM calls Disabled.
   */
  CARDWRIGHT_CARD_STATE_DISABLED = 5,
  /**
   * Finally off, still with the user until it is withdrawn.
   */
  CARDWRIGHT_CARD_STATE_REVOKED = 6,
} CardwrightCardState;

/**
 * `SmartcardStatus` (SDK). The names are documented, the numbers are not: see `StatusScheme`.
 * The numbers here are ours.
 */
typedef enum CardwrightSmartcardStatus
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * No information.
   */
  CARDWRIGHT_SMARTCARD_STATUS_NONE = 0,
  /**
   * Being made.
   */
  CARDWRIGHT_SMARTCARD_STATUS_NEW = 1,
  /**
   * Given to a user as a part of being made.
   */
  CARDWRIGHT_SMARTCARD_STATUS_ASSIGNED = 2,
  /**
   * In use.
   */
  CARDWRIGHT_SMARTCARD_STATUS_ACTIVE = 3,
  /**
   * Temporarily off.
   */
  CARDWRIGHT_SMARTCARD_STATUS_SUSPENDED = 4,
  /**
   * All certificates are revoked. Not what CertiFlow calls Disabled.
   */
  CARDWRIGHT_SMARTCARD_STATUS_DISABLED = 5,
  /**
   * The life cycle is over.
   */
  CARDWRIGHT_SMARTCARD_STATUS_RETIRED = 6,
} CardwrightSmartcardStatus;

/**
 * An operation on a card, in neutral terms.
 */
typedef enum CardwrightOperation
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Puts the card on hold.
   */
  CARDWRIGHT_OPERATION_SUSPEND = 1,
  /**
   * Lifts the hold.
   */
  CARDWRIGHT_OPERATION_RESUME = 2,
  /**
   * Ends the card and its certificates for good; the record stays with the user.
   */
  CARDWRIGHT_OPERATION_REVOKE = 3,
  /**
   * Takes a card out of use for good.
   */
  CARDWRIGHT_OPERATION_RETIRE = 4,
  /**
   * Tells the server to drop certificates that a new policy no longer has.
   */
  CARDWRIGHT_OPERATION_PRE_UPDATE = 5,
} CardwrightOperation;

/**
 * What the table of a system says about an operation in a state.
 */
typedef enum CardwrightAnswer
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * The operation is allowed.
   */
  CARDWRIGHT_ANSWER_ALLOWED = 1,
  /**
   * The system has the operation, but not in this state.
   */
  CARDWRIGHT_ANSWER_REFUSED = 2,
  /**
   * The system has no such operation.
   */
  CARDWRIGHT_ANSWER_LACKS = 3,
} CardwrightAnswer;

/**
 * What the table of a system says about an operation in a state, and how certain that is.
 */
typedef struct CardwrightVerdict {
  /**
   * `sizeof(CardwrightVerdict)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightAnswer`.
   */
  CARDWRIGHT_ENUM(CardwrightAnswer) answer;
  /**
   * The state to which it leads, in the same system; 0 unless `answer` is `CARDWRIGHT_ANSWER_ALLOWED`.
   */
  uint32_t to;
  /**
   * A `CardwrightEvidence`. What is only assumed should stop nobody.
   */
  CARDWRIGHT_ENUM(CardwrightEvidence) evidence;
  /**
   * The clause that says so: static, and empty if the system lacks the operation.
   */
  struct CardwrightText source;
} CardwrightVerdict;

/**
 * What the table of a system says about an operation in a state.
 *
 * `system` is a `CardwrightSystem`, `state` a `CardwrightCardState` of CertiFlow or a
 * `CardwrightSmartcardStatus` of MIM CM, `operation` a `CardwrightOperation`.
 * `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown one.
 */
int32_t cardwright_lifecycle_verdict(CARDWRIGHT_ENUM(CardwrightSystem) system,
                                     uint32_t state,
                                     CARDWRIGHT_ENUM(CardwrightOperation) operation,
                                     struct CardwrightVerdict *verdict,
                                     struct CardwrightError *error);

/**
 * Where an operation leads from a state, in the same system; the parameters are those of
 * `cardwright_lifecycle_verdict`.
 *
 * `CARDWRIGHT_CODE_NOT_ALLOWED` if the table refuses it, on whatever evidence;
 * `CARDWRIGHT_CODE_NO_SUCH_OPERATION` if the system lacks it.
 */
int32_t cardwright_lifecycle_after(CARDWRIGHT_ENUM(CardwrightSystem) system,
                                   uint32_t state,
                                   CARDWRIGHT_ENUM(CardwrightOperation) operation,
                                   uint32_t *to,
                                   struct CardwrightError *error);

/**
 * The operations that the table allows in a state, on whatever evidence: bit n of `*operations` is the
 * `CardwrightOperation` n, and `*documented` has those of them that the vendor documents.
 */
int32_t cardwright_lifecycle_legal(CARDWRIGHT_ENUM(CardwrightSystem) system,
                                   uint32_t state,
                                   uint32_t *operations,
                                   uint32_t *documented,
                                   struct CardwrightError *error);

/**
 * The `CardwrightState` that a system's own state means; 0 for MIM CM's None, which says nothing.
 */
int32_t cardwright_lifecycle_neutral(CARDWRIGHT_ENUM(CardwrightSystem) system,
                                     uint32_t state,
                                     uint32_t *neutral,
                                     struct CardwrightError *error);

/**
 * The system's own state for a `CardwrightState`.
 *
 * `CARDWRIGHT_CODE_UNKNOWN_VALUE` also if the system has none for it.
 */
int32_t cardwright_lifecycle_native(CARDWRIGHT_ENUM(CardwrightSystem) system,
                                    CARDWRIGHT_ENUM(CardwrightState) neutral,
                                    uint32_t *state,
                                    struct CardwrightError *error);

/**
 * Facts about an operation. The texts are static.
 */
typedef struct CardwrightOperationFacts {
  /**
   * `sizeof(CardwrightOperationFacts)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * 1 if CertiFlow takes a revocation reason for it.
   */
  uint8_t takes_reason;
  /**
   * 1 if doing it twice is the same as doing it once.
   */
  uint8_t repeatable;
  /**
   * 1 if no operation undoes it: somebody should confirm it first.
   */
  uint8_t is_final;
  /**
   * The neutral name.
   */
  struct CardwrightText name;
  /**
   * One line on what it does.
   */
  struct CardwrightText about;
  /**
   * What CertiFlow calls it; none if it lacks it.
   */
  struct CardwrightText certiflow;
  /**
   * What MIM CM calls it; none if it lacks it.
   */
  struct CardwrightText mim;
} CardwrightOperationFacts;

/**
 * Facts about a `CardwrightOperation`.
 */
int32_t cardwright_lifecycle_operation(CARDWRIGHT_ENUM(CardwrightOperation) operation,
                                       struct CardwrightOperationFacts *facts,
                                       struct CardwrightError *error);

/** @} */

/* ================================================================================ Requests to a server */

/**
 * @defgroup call Requests to a server
 * The requests of both systems, written for a program that has a connection of its own.
 * @{
 */

/**
 * A call of one of the APIs.
 */
typedef enum CardwrightCallKind
#if defined(__cplusplus)
  : uint32_t
#endif
{
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * CertiFlow: list cards, by `query` or all of them. Takes `dialect`.
   */
  CARDWRIGHT_CALL_KIND_CERTIFLOW_CARDS = 1,
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * CertiFlow: the card `id`. Takes `dialect`.
   */
  CARDWRIGHT_CALL_KIND_CERTIFLOW_CARD = 2,
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * CertiFlow: `operation` on the card `id`, with `reason` if the operation takes one. Takes `dialect`.
   */
  CARDWRIGHT_CALL_KIND_CERTIFLOW_OPERATE = 3,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: the caller's cards.
   */
  CARDWRIGHT_CALL_KIND_MIM_SMARTCARDS = 16,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: the card that carries `card_id`.
   */
  CARDWRIGHT_CALL_KIND_MIM_SMARTCARD_BY_CARD_ID = 17,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: the card `id`, by its id in the database.
   */
  CARDWRIGHT_CALL_KIND_MIM_SMARTCARD = 18,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: what the caller may do with the card `id`.
   */
  CARDWRIGHT_CALL_KIND_MIM_OPERATIONS = 19,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: give the card `card_id` with `atr` to `request`.
   */
  CARDWRIGHT_CALL_KIND_MIM_ASSIGN_SMARTCARD = 20,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: set the card `id` to `status` in the course of `request`.
   */
  CARDWRIGHT_CALL_KIND_MIM_UPDATE_SMARTCARD = 21,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: make a request of `request_kind`, or if that is 0 one for `operation`, with `id` as the
   * card, `profile_template`, `target`, `data_collection`, `comment` and `priority`.
   */
  CARDWRIGHT_CALL_KIND_MIM_CREATE_REQUEST = 22,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: the request `request`.
   */
  CARDWRIGHT_CALL_KIND_MIM_REQUEST = 23,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: end `request` by `request_end`.
   */
  CARDWRIGHT_CALL_KIND_MIM_END_REQUEST = 24,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * MIM CM: the requests that the caller may see: those with `request_status` if `has_request_status` is 1, and
   * those for the caller if `for_caller` is 1.
   */
  CARDWRIGHT_CALL_KIND_MIM_REQUESTS = 25,
#endif
} CardwrightCallKind;

/**
 * A generation of the API. Their numbers grow with time.
 */
typedef enum CardwrightDialect
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Indeed CM up to 5.7, base `/icmapi`: the cards of one user, with six fields, and four
   * operations with the id as a parameter. There is no other way to look a card up.
   */
  CARDWRIGHT_DIALECT_G1 = 1,
  /**
   * Indeed CM after 5.7: also all cards (`Card/GetAllCards`), page by page and without filters.
   */
  CARDWRIGHT_DIALECT_G2 = 2,
  /**
   * Indeed CM before 2022: also four filters, such as `filter.serialNumber`.
   */
  CARDWRIGHT_DIALECT_G3 = 3,
  /**
   * Indeed CM of 2022, the last at `/icmapi`: `Cards` with seven filters, and operations by the card's path.
   */
  CARDWRIGHT_DIALECT_G4 = 4,
  /**
   * Indeed CM 6.x and Rutoken KeyBox, base `/cm/api`: the calls of G4.
   */
  CARDWRIGHT_DIALECT_G5 = 5,
  /**
   * CertiFlow before 7.1, Indeed CM 7.0, newer Rutoken KeyBox: filters without a prefix, the reason as a parameter.
   */
  CARDWRIGHT_DIALECT_G6 = 6,
  /**
   * CertiFlow 7.1 and later: also one card by its id, Withdraw, and more filters.
   */
  CARDWRIGHT_DIALECT_G7 = 7,
} CardwrightDialect;

/**
 * Why a card is revoked (API, Revoke). Names and numbers are the vendor's.
 *
 * These are not CRL reasons: 7 means nothing in RFC 5280. `RevocationReason::crl_reason` maps them.
 */
typedef enum CardwrightRevocationReason
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * No reason given.
   */
  CARDWRIGHT_REVOCATION_REASON_NONE = 0,
  /**
   * Out of order or destroyed.
   */
  CARDWRIGHT_REVOCATION_REASON_CARD_BROKEN = 1,
  /**
   * Lost, or cannot be found.
   */
  CARDWRIGHT_REVOCATION_REASON_CARD_LOST = 2,
  /**
   * To be replaced by a new one.
   */
  CARDWRIGHT_REVOCATION_REASON_CARD_UPGRADE = 3,
  /**
   * At the end of its life.
   */
  CARDWRIGHT_REVOCATION_REASON_CARD_EXPIRED = 4,
  /**
   * Taken back, as the user leaves. Not the operation Withdraw.
   */
  CARDWRIGHT_REVOCATION_REASON_CARD_WITHDRAW = 5,
  /**
   * The user is gone from the directory.
   */
  CARDWRIGHT_REVOCATION_REASON_USER_REMOVED = 6,
  /**
   * The key may be known to others though the card is here.
   */
  CARDWRIGHT_REVOCATION_REASON_CARD_COMPROMISED = 7,
} CardwrightRevocationReason;

/**
 * What a request is made for: the words of "Create request".
 */
typedef enum CardwrightRequestKind
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * A new card.
   */
  CARDWRIGHT_REQUEST_KIND_ENROLL = 1,
  /**
   * A copy.
   */
  CARDWRIGHT_REQUEST_KIND_DUPLICATE = 2,
  /**
   * The PIN, with no connection to the server.
   */
  CARDWRIGHT_REQUEST_KIND_OFFLINE_UNBLOCK = 3,
  /**
   * New content.
   */
  CARDWRIGHT_REQUEST_KIND_ONLINE_UPDATE = 4,
  /**
   * New certificates.
   */
  CARDWRIGHT_REQUEST_KIND_RENEW = 5,
  /**
   * A replacement.
   */
  CARDWRIGHT_REQUEST_KIND_RECOVER = 6,
  /**
   * A replacement for somebody else.
   */
  CARDWRIGHT_REQUEST_KIND_RECOVER_ON_BEHALF = 7,
  /**
   * Off hold.
   */
  CARDWRIGHT_REQUEST_KIND_REINSTATE = 8,
  /**
   * The end of a card.
   */
  CARDWRIGHT_REQUEST_KIND_RETIRE = 9,
  /**
   * The end of its certificates.
   */
  CARDWRIGHT_REQUEST_KIND_REVOKE = 10,
  /**
   * A temporary card.
   */
  CARDWRIGHT_REQUEST_KIND_TEMPORARY_CARDS = 11,
  /**
   * The PIN.
   */
  CARDWRIGHT_REQUEST_KIND_UNBLOCK = 12,
} CardwrightRequestKind;

/**
 * How a request is ended ("Cancel, abandon, complete request").
 */
typedef enum CardwrightRequestEnd
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Carried out.
   */
  CARDWRIGHT_REQUEST_END_COMPLETED = 1,
  /**
   * Given up; it cannot be resumed.
   */
  CARDWRIGHT_REQUEST_END_CANCELED = 2,
  /**
   * Given up after approval.
   */
  CARDWRIGHT_REQUEST_END_ABANDONED = 3,
} CardwrightRequestEnd;

/**
 * Whether the certificates of a card expire (API, Cards). A filter only: replies do not carry it.
 */
typedef enum CardwrightContentExpirationStatus
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Nothing expires.
   */
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_NONE = 1,
  /**
   * A managed certificate expires soon.
   */
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRING = 2,
  /**
   * A managed certificate has expired.
   */
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRED = 3,
  /**
   * A common certificate expires soon.
   */
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_COMMON_CERTIFICATES_EXPIRING = 4,
  /**
   * A common certificate has expired.
   */
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_COMMON_CERTIFICATES_EXPIRED = 5,
  /**
   * A traced certificate expires soon.
   */
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_TRACED_CERTIFICATES_EXPIRING = 6,
  /**
   * A traced certificate has expired.
   */
  CARDWRIGHT_CONTENT_EXPIRATION_STATUS_TRACED_CERTIFICATES_EXPIRED = 7,
} CardwrightContentExpirationStatus;

/**
 * The most tags of a query.
 */
#define CARDWRIGHT_MAX_TAGS 16

/**
 * Which cards of CertiFlow to list. Zero all of it, then set `struct_size` and the filters; an absent text is
 * no filter, an empty one is refused.
 */
typedef struct CardwrightQuery {
  /**
   * `sizeof(CardwrightQuery)`.
   */
  uint32_t struct_size;
  /**
   * How many cards to skip.
   */
  uint32_t offset;
  /**
   * 1 if `count` counts.
   */
  uint32_t has_count;
  /**
   * How many cards to return at most. Default: all.
   */
  uint32_t count;
  /**
   * A `CardwrightCardState`, or 0.
   */
  CARDWRIGHT_ENUM(CardwrightCardState) state;
  /**
   * A `CardwrightContentExpirationStatus`, or 0.
   */
  CARDWRIGHT_ENUM(CardwrightContentExpirationStatus) content_expiration_status;
  /**
   * The card's serial number.
   */
  struct CardwrightText serial_number;
  /**
   * The user: `DOMAIN\LogonName` or a UPN. G1 lists the cards of one user only.
   */
  struct CardwrightText user_name;
  /**
   * The name of the card's type.
   */
  struct CardwrightText card_type_name;
  /**
   * The model. Since G7.
   */
  struct CardwrightText card_model_name;
  /**
   * A note on the card.
   */
  struct CardwrightText comment;
  /**
   * The usage policy's name. Since G7.
   */
  struct CardwrightText policy_name;
  /**
   * ISO 8601. Since G7.
   */
  struct CardwrightText time_issued;
  /**
   * ISO 8601. Since G7.
   */
  struct CardwrightText time_updated;
  /**
   * ISO 8601. Since G7.
   */
  struct CardwrightText time_revoked;
  /**
   * `tag_count` tags.
   */
  const struct CardwrightText *tags;
  /**
   * The number of tags, at most `CARDWRIGHT_MAX_TAGS`.
   */
  size_t tag_count;
} CardwrightQuery;

/**
 * `RequestStatus` (SQL API, `externalGetStatus`; the REST examples agree).
 */
typedef enum CardwrightRequestStatus
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Not looked at yet.
   */
  CARDWRIGHT_REQUEST_STATUS_NOT_PROCESSED = 0,
  /**
   * It can be carried out.
   */
  CARDWRIGHT_REQUEST_STATUS_APPROVED = 3,
  /**
   * Somebody said no.
   */
  CARDWRIGHT_REQUEST_STATUS_DENIED = 4,
  /**
   * Carried out.
   */
  CARDWRIGHT_REQUEST_STATUS_COMPLETED = 8,
  /**
   * Tried, and failed.
   */
  CARDWRIGHT_REQUEST_STATUS_FAILED = 9,
  /**
   * Waits for approval.
   */
  CARDWRIGHT_REQUEST_STATUS_PENDING = 16,
  /**
   * Given up.
   */
  CARDWRIGHT_REQUEST_STATUS_CANCELED = 17,
  /**
   * Being carried out.
   */
  CARDWRIGHT_REQUEST_STATUS_EXECUTING = 18,
} CardwrightRequestStatus;

/**
 * What to ask. Zero all of it, then set `struct_size`, `kind`, and what the kind takes; the rest is
 * ignored.
 */
typedef struct CardwrightCall {
  /**
   * `sizeof(CardwrightCall)`.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightCallKind`.
   */
  CARDWRIGHT_ENUM(CardwrightCallKind) kind;
  /**
   * A `CardwrightDialect` of CertiFlow.
   */
  CARDWRIGHT_ENUM(CardwrightDialect) dialect;
  /**
   * A `CardwrightOperation`.
   */
  CARDWRIGHT_ENUM(CardwrightOperation) operation;
  /**
   * 1 if `reason` counts: 0 is one of its values.
   */
  uint32_t has_reason;
  /**
   * A `CardwrightRevocationReason` of CertiFlow.
   */
  CARDWRIGHT_ENUM(CardwrightRevocationReason) reason;
  /**
   * A `CardwrightRequestKind` of MIM CM, or 0.
   */
  CARDWRIGHT_ENUM(CardwrightRequestKind) request_kind;
  /**
   * A `CardwrightRequestEnd` of MIM CM.
   */
  CARDWRIGHT_ENUM(CardwrightRequestEnd) request_end;
  /**
   * A `CardwrightSmartcardStatus` of MIM CM.
   */
  CARDWRIGHT_ENUM(CardwrightSmartcardStatus) status;
  /**
   * 1 if `priority` counts: 0 is one of its values, the highest.
   */
  uint32_t has_priority;
  /**
   * The priority of a request of MIM CM, 0 to 255.
   */
  uint32_t priority;
  /**
   * The card's id, as the server wrote it.
   */
  struct CardwrightText id;
  /**
   * The id of a request of MIM CM.
   */
  struct CardwrightText request;
  /**
   * The card's own GUID, without braces.
   */
  struct CardwrightText card_id;
  /**
   * The ATR in hexadecimal digits.
   */
  struct CardwrightText atr;
  /**
   * A comment. Default: an empty one.
   */
  struct CardwrightText comment;
  /**
   * The answers to the policy's questions, as JSON. Default: `[]`.
   */
  struct CardwrightText data_collection;
  /**
   * The profile template of a request of MIM CM.
   */
  struct CardwrightText profile_template;
  /**
   * The user that a request of MIM CM is for.
   */
  struct CardwrightText target;
  /**
   * Which cards of CertiFlow to list; `NULL` for all.
   */
  const struct CardwrightQuery *query;
  /**
   * 1 if `request_status` counts: 0 is one of its values.
   */
  uint32_t has_request_status;
  /**
   * A `CardwrightRequestStatus` of MIM CM.
   */
  CARDWRIGHT_ENUM(CardwrightRequestStatus) request_status;
  /**
   * 1 for requests of MIM CM that are for the caller.
   */
  uint32_t for_caller;
} CardwrightCall;

/**
 * The methods that the two APIs use.
 */
typedef enum CardwrightMethod
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Reads, and changes nothing.
   */
  CARDWRIGHT_METHOD_GET = 1,
  /**
   * Creates or operates. Without a body it still says `Content-Length: 0`: IIS insists.
   */
  CARDWRIGHT_METHOD_POST = 2,
  /**
   * Changes what exists.
   */
  CARDWRIGHT_METHOD_PUT = 3,
  /**
   * Changes a part of what exists. Neither of the two systems uses it.
   */
  CARDWRIGHT_METHOD_PATCH = 4,
  /**
   * Removes what exists. Neither of the two systems uses it.
   */
  CARDWRIGHT_METHOD_DELETE = 5,
} CardwrightMethod;

/**
 * The method of a call: a `CardwrightMethod`.
 *
 * Codes of this and the next three functions, for what cannot be asked:
 * `CARDWRIGHT_CODE_NO_SUCH_CALL`, `NO_SUCH_PARAMETER`, `NO_SUCH_REASON`, `PARAMETER_NEEDED` for what the
 * dialect lacks or needs, `REASON_NEEDED`, `NO_SUCH_OPERATION`, `UNWRITABLE` for an id that cannot stand in
 * a path, `UNKNOWN_VALUE` for an unknown number, `ARGUMENT` for a missing text.
 */
int32_t cardwright_call_method(const struct CardwrightCall *call,
                               uint32_t *method,
                               struct CardwrightError *error);

/**
 * Writes the address of a call below the API's base, percent-encoded, with its parameters:
 * `Cards/1013/Revoke?reason=CardLost`.
 */
int32_t cardwright_call_target(const struct CardwrightCall *call,
                               char *buffer,
                               size_t capacity,
                               size_t *length,
                               struct CardwrightError *error);

/**
 * Writes the body of a call, which is JSON, or nothing if it has none.
 */
int32_t cardwright_call_body(const struct CardwrightCall *call,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * Where an API is served, and how to sign in. Zero all of it, then set `struct_size` and `host`.
 */
typedef struct CardwrightSite {
  /**
   * `sizeof(CardwrightSite)`.
   */
  uint32_t struct_size;
  /**
   * The name or address, with the port if it is not the default one: `cm.example`, `10.0.0.5:8080`.
   */
  struct CardwrightText host;
  /**
   * The path of the API, such as `/certiflow/api`. Default: an empty one.
   */
  struct CardwrightText base;
  /**
   * The user, for HTTP Basic together with `password`.
   */
  struct CardwrightText user;
  /**
   * The password.
   */
  struct CardwrightText password;
  /**
   * A bearer token, instead of user and password.
   */
  struct CardwrightText token;
} CardwrightSite;

/**
 * Writes a call as a whole HTTP/1.1 message: request line, headers, empty line, body.
 *
 * Besides the codes of `cardwright_call_method`: `CARDWRIGHT_CODE_ADDRESS` for an impossible host or
 * base, `CARDWRIGHT_CODE_UNWRITABLE` for a user, password or token that cannot stand in a header.
 */
int32_t cardwright_call_message(const struct CardwrightCall *call,
                                const struct CardwrightSite *site,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);

/** @} */

/* ================================================================================= Replies of a server */

/**
 * @defgroup reply Replies of a server
 * HTTP replies, and the objects in them, read piece by piece from a connection of the program's own.
 * @{
 */

/**
 * The length of the longest header line, in bytes; longer ones are skipped.
 */
#define CARDWRIGHT_LINE_ROOM 256

/**
 * A reader of one HTTP/1.x response. Storage of the caller's: its content is private, it holds no
 * pointer, and needs no clean-up.
 */
typedef struct CardwrightReply {
  /**
   * Private.
   */
  uint64_t storage[48];
} CardwrightReply;

/**
 * Begins to read a response; call it again for the next one on the same connection.
 */
int32_t cardwright_reply_init(struct CardwrightReply *reply, struct CardwrightError *error);

/**
 * What a part of a response is.
 */
typedef enum CardwrightReplyPartKind
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * The chunk is used up; the next one is wanted.
   */
  CARDWRIGHT_REPLY_PART_KIND_MORE = 0,
  /**
   * The status. Comes first.
   */
  CARDWRIGHT_REPLY_PART_KIND_STATUS = 1,
  /**
   * A header: `name` and `data`.
   */
  CARDWRIGHT_REPLY_PART_KIND_HEADER = 2,
  /**
   * Bytes of the body: `data`, never none. They lie in the caller's chunk.
   */
  CARDWRIGHT_REPLY_PART_KIND_BODY = 3,
  /**
   * The end. What is left of the chunk does not belong to this response.
   */
  CARDWRIGHT_REPLY_PART_KIND_END = 4,
} CardwrightReplyPartKind;

/**
 * A part of a response.
 */
typedef struct CardwrightReplyPart {
  /**
   * `sizeof(CardwrightReplyPart)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightReplyPartKind`.
   */
  CARDWRIGHT_ENUM(CardwrightReplyPartKind) kind;
  /**
   * The HTTP status, 200 to 999, with `CARDWRIGHT_REPLY_PART_KIND_STATUS`.
   */
  uint32_t status;
  /**
   * The name of a header, as it was written. It lies in the reader until the next call.
   */
  struct CardwrightText name;
  /**
   * The value of a header, which lies in the reader until the next call, or bytes of the body, which lie
   * in the caller's chunk.
   */
  const uint8_t *data;
  /**
   * How many bytes of `data` there are.
   */
  size_t length;
} CardwrightReplyPart;

/**
 * The next part of a reply, taken from the front of the chunk at `*chunk` of `*length` bytes, both of which are
 * moved past it.
 *
 * These come with the offset in the stream, and from every later call too: `CARDWRIGHT_CODE_UNREADABLE` for what is
 * not an HTTP/1.x response, or has more than 64 KiB of headers; `CARDWRIGHT_CODE_ROOM` for a length of the body
 * that does not fit in a line.
 */
int32_t cardwright_reply_next(struct CardwrightReply *reply,
                              const uint8_t **chunk,
                              size_t *length,
                              struct CardwrightReplyPart *part,
                              struct CardwrightError *error);

/**
 * Ends a reply, when the connection is closed: `CARDWRIGHT_CODE_BROKEN` if the response is incomplete.
 */
int32_t cardwright_reply_finish(const struct CardwrightReply *reply, struct CardwrightError *error);

/**
 * Whether the connection can take another request: `*keeps` is 1 or 0, after the end of this response.
 */
int32_t cardwright_reply_keeps_connection(const struct CardwrightReply *reply,
                                          uint32_t *keeps,
                                          struct CardwrightError *error);

/**
 * Finds the elements of a top-level JSON list in chunks of any size. Storage of the caller's: its content is
 * private and points to the buffer that it was given; it must not be copied, and needs no clean-up.
 */
typedef struct CardwrightList {
  /**
   * Private.
   */
  uint64_t storage[16];
} CardwrightList;

/**
 * Begins to read a list. The buffer belongs to it until the caller is done with the list: an element that
 * crosses the edge of a chunk is put together there and must fit, so its capacity is the largest such
 * element. No buffer at all (`NULL`, 0) is allowed if every element lies within one chunk.
 */
int32_t cardwright_list_init(struct CardwrightList *list,
                             uint8_t *buffer,
                             size_t capacity,
                             struct CardwrightError *error);

/**
 * The next element of a list, taken from the front of the chunk at `*chunk` of `*length` bytes, both of which
 * are moved past it. `*element_length` is 0 if the next chunk is wanted. The element lies in the chunk or in the
 * buffer, until the next call; `*at` is its offset in the stream.
 *
 * `CARDWRIGHT_CODE_ROOM` for an element larger than the buffer and `CARDWRIGHT_CODE_JSON_SYNTAX` for an empty
 * one, after which the next one can be asked for; `CARDWRIGHT_CODE_JSON_TYPE` and
 * `CARDWRIGHT_CODE_JSON_TRAILING` for what is not a list, after which there are no elements. The element itself is
 * checked when it is read.
 */
int32_t cardwright_list_next(struct CardwrightList *list,
                             const uint8_t **chunk,
                             size_t *length,
                             const uint8_t **element,
                             size_t *element_length,
                             size_t *at,
                             struct CardwrightError *error);

/**
 * Ends a list, after its last chunk: `CARDWRIGHT_CODE_JSON_END` if the list is incomplete.
 */
int32_t cardwright_list_finish(const struct CardwrightList *list, struct CardwrightError *error);

/**
 * The fields of CardInfo, for the functions `cardwright_view_…`.
 */
typedef enum CardwrightCardInfoField {
  /**
   * `id`, a text, a number, true or false. Opaque; the documents show a number, older ones a text.
   */
  CARDWRIGHT_CARD_INFO_ID = 0x10000,
  /**
   * `serialNumber`, a text. The card's serial number, as its middleware writes it.
   */
  CARDWRIGHT_CARD_INFO_SERIAL_NUMBER = 0x10001,
  /**
   * `cardTypeName`, a text. The name of the card's type.
   */
  CARDWRIGHT_CARD_INFO_CARD_TYPE_NAME = 0x10002,
  /**
   * `cardModelName`, a text. The model, where the type is split into models.
   */
  CARDWRIGHT_CARD_INFO_CARD_MODEL_NAME = 0x10003,
  /**
   * `atr`, a text. The ATR in hexadecimal digits.
   */
  CARDWRIGHT_CARD_INFO_ATR = 0x10004,
  /**
   * `label`, a text. The name of the card.
   */
  CARDWRIGHT_CARD_INFO_LABEL = 0x10005,
  /**
   * `comment`, a text. A note.
   */
  CARDWRIGHT_CARD_INFO_COMMENT = 0x10006,
  /**
   * `tags`, a list. Tags.
   */
  CARDWRIGHT_CARD_INFO_TAGS = 0x10007,
  /**
   * `state`, a text, a number, true or false. The state.
   */
  CARDWRIGHT_CARD_INFO_STATE = 0x10008,
  /**
   * `formFactor`, a text, a number, true or false. The form: the values are not documented.
   */
  CARDWRIGHT_CARD_INFO_FORM_FACTOR = 0x10009,
  /**
   * `pacNumber`, a text, a number, true or false. The number for physical access ("HID label").
   */
  CARDWRIGHT_CARD_INFO_PAC_NUMBER = 0x1000A,
  /**
   * `expirationDate`, a text. When the card expires, ISO 8601.
   */
  CARDWRIGHT_CARD_INFO_EXPIRATION_DATE = 0x1000B,
  /**
   * `timeIssued`, a text. When the card was issued, ISO 8601.
   */
  CARDWRIGHT_CARD_INFO_TIME_ISSUED = 0x1000C,
  /**
   * `timeDisabled`, a text. When the card was put on hold, ISO 8601.
   */
  CARDWRIGHT_CARD_INFO_TIME_DISABLED = 0x1000D,
  /**
   * `timeUpdated`, a text. When the card was updated, ISO 8601.
   */
  CARDWRIGHT_CARD_INFO_TIME_UPDATED = 0x1000E,
  /**
   * `timeRevoked`, a text. When the card was revoked, ISO 8601.
   */
  CARDWRIGHT_CARD_INFO_TIME_REVOKED = 0x1000F,
  /**
   * `userId`, a text, a number, true or false. The user's id, opaque.
   */
  CARDWRIGHT_CARD_INFO_USER_ID = 0x10010,
  /**
   * `userName`, a text. The user, `DOMAIN\LogonName`.
   */
  CARDWRIGHT_CARD_INFO_USER_NAME = 0x10011,
  /**
   * `policyId`, a text, a number, true or false. The policy's id, opaque.
   */
  CARDWRIGHT_CARD_INFO_POLICY_ID = 0x10012,
  /**
   * `policyName`, a text. The policy's name.
   */
  CARDWRIGHT_CARD_INFO_POLICY_NAME = 0x10013,
  /**
   * `certificates`, a list. The certificates on the card.
   */
  CARDWRIGHT_CARD_INFO_CERTIFICATES = 0x10014,
} CardwrightCardInfoField;

/**
 * The fields of Certificate, for the functions `cardwright_view_…`.
 */
typedef enum CardwrightCertificateField {
  /**
   * `type`, a text, a number, true or false. Where it comes from.
   */
  CARDWRIGHT_CERTIFICATE_TYPE = 0x20000,
  /**
   * `serialNumber`, a text. Its serial number in hexadecimal digits.
   */
  CARDWRIGHT_CERTIFICATE_SERIAL_NUMBER = 0x20001,
  /**
   * `thumbprint`, a text. Its SHA-1 thumbprint in hexadecimal digits.
   */
  CARDWRIGHT_CERTIFICATE_THUMBPRINT = 0x20002,
  /**
   * `subject`, a text. The common name of its subject.
   */
  CARDWRIGHT_CERTIFICATE_SUBJECT = 0x20003,
  /**
   * `issuer`, a text. The common name of its issuer.
   */
  CARDWRIGHT_CERTIFICATE_ISSUER = 0x20004,
  /**
   * `validTo`, a text. When it expires, ISO 8601.
   */
  CARDWRIGHT_CERTIFICATE_VALID_TO = 0x20005,
} CardwrightCertificateField;

/**
 * The fields of Smartcard, for the functions `cardwright_view_…`.
 */
typedef enum CardwrightSmartcardField {
  /**
   * `Uuid`, a text. Its id in the database. Not the card's own id: see `serial_number`.
   */
  CARDWRIGHT_SMARTCARD_UUID = 0x30000,
  /**
   * `Status`, a text, a number, true or false. The status, as a number; `StatusScheme` reads it.
   */
  CARDWRIGHT_SMARTCARD_STATUS = 0x30001,
  /**
   * `Flags`, a text, a number, true or false. Its relation to other cards: bits, of which only 1 (Primary) is known.
   */
  CARDWRIGHT_SMARTCARD_FLAGS = 0x30002,
  /**
   * `ParentSmartcardUuid`, a text. The card that this one replaces.
   */
  CARDWRIGHT_SMARTCARD_PARENT_SMARTCARD_UUID = 0x30003,
  /**
   * `PrimarySmartcardUuid`, a text. The card that this one is a duplicate of.
   */
  CARDWRIGHT_SMARTCARD_PRIMARY_SMARTCARD_UUID = 0x30004,
  /**
   * `PermanentSmartcardUuid`, a text. The permanent card of this temporary one.
   */
  CARDWRIGHT_SMARTCARD_PERMANENT_SMARTCARD_UUID = 0x30005,
  /**
   * `AssignedUserUuid`, a text. The user.
   */
  CARDWRIGHT_SMARTCARD_ASSIGNED_USER_UUID = 0x30006,
  /**
   * `ProfileTemplateUuid`, a text. The profile template.
   */
  CARDWRIGHT_SMARTCARD_PROFILE_TEMPLATE_UUID = 0x30007,
  /**
   * `ProfileTemplateVersion`, a text, a number, true or false. The template's version when the profile was made.
   */
  CARDWRIGHT_SMARTCARD_PROFILE_TEMPLATE_VERSION = 0x30008,
  /**
   * `Comment`, a text. A comment; `""` if there is none.
   */
  CARDWRIGHT_SMARTCARD_COMMENT = 0x30009,
  /**
   * `SerialNumber`, a text. The serial number; for a Base CSP card its `cardid` in braces.
   */
  CARDWRIGHT_SMARTCARD_SERIAL_NUMBER = 0x3000A,
  /**
   * `Middleware`, a text. The middleware, such as `MSBaseCSP`.
   */
  CARDWRIGHT_SMARTCARD_MIDDLEWARE = 0x3000B,
  /**
   * `Atr`, a text. The ATR in lower-case hexadecimal digits.
   */
  CARDWRIGHT_SMARTCARD_ATR = 0x3000C,
} CardwrightSmartcardField;

/**
 * The fields of Request, for the functions `cardwright_view_…`.
 */
typedef enum CardwrightRequestField {
  /**
   * `Uuid`, a text. Its id.
   */
  CARDWRIGHT_REQUEST_UUID = 0x40000,
  /**
   * `RequestType`, a text, a number, true or false. What it is for.
   */
  CARDWRIGHT_REQUEST_REQUEST_TYPE = 0x40001,
  /**
   * `Status`, a text, a number, true or false. How far it is.
   */
  CARDWRIGHT_REQUEST_STATUS = 0x40002,
  /**
   * `Flags`, a text, a number, true or false. Options: bits, not published.
   */
  CARDWRIGHT_REQUEST_FLAGS = 0x40003,
  /**
   * `DataCollection`, a list. The answers to the policy's questions.
   */
  CARDWRIGHT_REQUEST_DATA_COLLECTION = 0x40004,
  /**
   * `DataCollectionFlags`, a text, a number, true or false. Options of the data collection: bits, not published.
   */
  CARDWRIGHT_REQUEST_DATA_COLLECTION_FLAGS = 0x40005,
  /**
   * `OriginatorUserUuid`, a text. The user who made it.
   */
  CARDWRIGHT_REQUEST_ORIGINATOR_USER_UUID = 0x40006,
  /**
   * `TargetUserUuid`, a text. The user that it is for.
   */
  CARDWRIGHT_REQUEST_TARGET_USER_UUID = 0x40007,
  /**
   * `Submitted`, a text. When it was made, ISO 8601.
   */
  CARDWRIGHT_REQUEST_SUBMITTED = 0x40008,
  /**
   * `Completed`, a text. When it was completed, ISO 8601; `0001-01-01T00:00:00` until then.
   */
  CARDWRIGHT_REQUEST_COMPLETED = 0x40009,
  /**
   * `NewProfileUuid`, a text. The profile that it makes.
   */
  CARDWRIGHT_REQUEST_NEW_PROFILE_UUID = 0x4000A,
  /**
   * `OldProfileUuid`, a text. The profile that it is about.
   */
  CARDWRIGHT_REQUEST_OLD_PROFILE_UUID = 0x4000B,
  /**
   * `NewSmartcardUuid`, a text. The card that it gives; the empty GUID until one is assigned.
   */
  CARDWRIGHT_REQUEST_NEW_SMARTCARD_UUID = 0x4000C,
  /**
   * `OldSmartcardUuid`, a text. The card that it is about.
   */
  CARDWRIGHT_REQUEST_OLD_SMARTCARD_UUID = 0x4000D,
  /**
   * `Priority`, a text, a number, true or false. 0 to 255; 0 is the highest.
   */
  CARDWRIGHT_REQUEST_PRIORITY = 0x4000E,
  /**
   * `Comment`, a text. A comment; `""` if there is none.
   */
  CARDWRIGHT_REQUEST_COMMENT = 0x4000F,
  /**
   * `ProfileTemplateUuid`, a text. The profile template.
   */
  CARDWRIGHT_REQUEST_PROFILE_TEMPLATE_UUID = 0x40010,
  /**
   * `SecurityDescriptor`, a text. The access rights, in SDDL. Servers send it with NUL characters at its end.
   */
  CARDWRIGHT_REQUEST_SECURITY_DESCRIPTOR = 0x40011,
  /**
   * `IsSmartcard`, a text, a number, true or false. Whether it is about a smart card.
   */
  CARDWRIGHT_REQUEST_IS_SMARTCARD = 0x40012,
  /**
   * `IsEnrollmentAgent`, a text, a number, true or false. Whether an enrollment agent must carry it out.
   */
  CARDWRIGHT_REQUEST_IS_ENROLLMENT_AGENT = 0x40013,
  /**
   * `IsDataCollectionComplete`, a text, a number, true or false. Whether all questions are answered.
   */
  CARDWRIGHT_REQUEST_IS_DATA_COLLECTION_COMPLETE = 0x40014,
} CardwrightRequestField;

/**
 * The fields of DataItem, for the functions `cardwright_view_…`.
 */
typedef enum CardwrightDataItemField {
  /**
   * `Name`, a text. The question.
   */
  CARDWRIGHT_DATA_ITEM_NAME = 0x50000,
  /**
   * `Value`, a text. The answer.
   */
  CARDWRIGHT_DATA_ITEM_VALUE = 0x50001,
} CardwrightDataItemField;

/**
 * An object that servers send. The fields of each are an enumeration of its own.
 */
typedef enum CardwrightObject
#if defined(__cplusplus)
  : uint32_t
#endif
{
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * A card's record of CertiFlow: `CardwrightCardInfoField`.
   */
  CARDWRIGHT_OBJECT_CARD_INFO = 1,
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * A certificate on a card of CertiFlow: `CardwrightCertificateField`.
   */
  CARDWRIGHT_OBJECT_CERTIFICATE = 2,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * A card's record of MIM CM: `CardwrightSmartcardField`.
   */
  CARDWRIGHT_OBJECT_SMARTCARD = 3,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * A request of MIM CM: `CardwrightRequestField`.
   */
  CARDWRIGHT_OBJECT_REQUEST = 4,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * An answer to a question of a policy of MIM CM: `CardwrightDataItemField`.
   */
  CARDWRIGHT_OBJECT_DATA_ITEM = 5,
#endif
} CardwrightObject;

/**
 * Where a field's value stands in its object. Private.
 */
typedef struct CardwrightSpan {
  /**
   * The offset.
   */
  uint32_t from;
  /**
   * The length; 0 if there is no such field.
   */
  uint32_t length;
} CardwrightSpan;

/**
 * The most fields of an object, with room for fields that a vendor adds.
 */
#define CARDWRIGHT_MAX_FIELDS 24

/**
 * A row of a site's own scheme: what a number of `Smartcard.Status` of MIM CM means there.
 */
typedef struct CardwrightStatusRow {
  /**
   * The number.
   */
  int64_t number;
  /**
   * A `CardwrightSmartcardStatus`.
   */
  CARDWRIGHT_ENUM(CardwrightSmartcardStatus) status;
} CardwrightStatusRow;

#if defined(CARDWRIGHT_CLIENT)

/**
 * What the numbers of `Smartcard.Status` of MIM CM mean. Microsoft has not published it, so both are assumed: a
 * status explains a card, but never decides what may be done with it.
 */
typedef enum CardwrightStatusScheme
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * The scheme that agrees with every example of the REST documents: None, New, Assigned, Active, Disabled, Suspended
   * and Retired are 0 to 6.
   */
  CARDWRIGHT_STATUS_SCHEME_B = 0,
  /**
   * The column `sc_status` of the SQL API: New, Assigned, Active and Disabled are 0 to 3.
   */
  CARDWRIGHT_STATUS_SCHEME_A = 1,
} CardwrightStatusScheme;

#endif

/**
 * An object of a reply: where it and its fields stand in the caller's bytes, which must stay as they are for
 * as long as the view is used. May be copied, and needs no clean-up.
 */
typedef struct CardwrightView {
  /**
   * `sizeof(CardwrightView)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightObject`.
   */
  CARDWRIGHT_ENUM(CardwrightObject) object;
  /**
   * The object as it was written; unknown fields are in it too.
   */
  const uint8_t *json;
  /**
   * Its length in bytes.
   */
  size_t length;
  /**
   * Private.
   */
  struct CardwrightSpan spans[CARDWRIGHT_MAX_FIELDS];
  /**
   * What the numbers of a card's state of MIM CM mean, for `cardwright_view_state`: `status_count` rows, which must
   * outlive the view. `NULL` for `CARDWRIGHT_STATUS_SCHEME_B`, which is the usual one; `cardwright_view_parse` leaves
   * `NULL`, so set both members afterwards if the site has numbers of its own. `cardwright_card_view` sets them to
   * those of the client that the card came from.
   */
  const struct CardwrightStatusRow *statuses;
  /**
   * The number of rows of `statuses`.
   */
  size_t status_count;
#if defined(CARDWRIGHT_HOSTED)
  /**
   * Private.
   */
  uint64_t mark;
#endif
} CardwrightView;

/**
 * An item of a field that is a list, by its index, from 0, as it was written: `*json` points into the bytes
 * of the view, and `*length` is 0 past the last. A lone value is a list of one, `null` an empty one.
 *
 * An item is for `cardwright_json_text` or `cardwright_view_parse`. All items one after the other take one pass over the
 * list, except on bare metal, where each is looked for from the first on: there, use `cardwright_view_next_item`.
 */
int32_t cardwright_view_item(const struct CardwrightView *view,
                             uint32_t field,
                             size_t index,
                             const uint8_t **json,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * The next item of a field that is a list, as `cardwright_view_item` gives it. `*json` and `*length` are the item
 * before, as this function wrote it, or `NULL` and 0 for the first; `*length` becomes 0 past the last. All items take
 * one pass over the list.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` for a `*json` that lies outside of the field.
 */
int32_t cardwright_view_next_item(const struct CardwrightView *view,
                                  uint32_t field,
                                  const uint8_t **json,
                                  size_t *length,
                                  struct CardwrightError *error);

/**
 * Finds the fields of one JSON object, strictly. `object` is a `CardwrightObject`.
 *
 * A code from 301 on, with the offset of the byte that is wrong; `CARDWRIGHT_CODE_JSON_MISSING` names the missing
 * field; `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `object`.
 */
int32_t cardwright_view_parse(CARDWRIGHT_ENUM(CardwrightObject) object,
                              const uint8_t *json,
                              size_t length,
                              struct CardwrightView *view,
                              struct CardwrightError *error);

/**
 * Writes a field as a text: a string decoded, the digits of a number, `true` or `false`; nothing for `null`
 * and for an absent field.
 *
 * `field` is a value of the object's own enumeration of fields: `CARDWRIGHT_CODE_UNKNOWN_VALUE` for any other, also for
 * another object's.
 * `CARDWRIGHT_CODE_JSON_TYPE` for a list.
 */
int32_t cardwright_view_text(const struct CardwrightView *view,
                             uint32_t field,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * A field as a whole number, such as an id, a state or a flag.
 *
 * `CARDWRIGHT_CODE_JSON_MISSING` if it is `null` or absent, `CARDWRIGHT_CODE_JSON_TYPE` if it is not a whole number
 * of 64 bits.
 */
int32_t cardwright_view_number(const struct CardwrightView *view,
                               uint32_t field,
                               int64_t *number,
                               struct CardwrightError *error);

/**
 * A field as it was written, quotes, escapes and all: `*json` points into the bytes of the view, and
 * `*length` is 0 if there is no such field.
 */
int32_t cardwright_view_raw(const struct CardwrightView *view,
                            uint32_t field,
                            const uint8_t **json,
                            size_t *length,
                            struct CardwrightError *error);

/**
 * The state of a card, as a `CardwrightCardState` of CertiFlow or a `CardwrightSmartcardStatus` of MIM CM, whose
 * numbers mean what `statuses` of the view says. `*known` is 0 if the server says something unknown: then read the
 * field itself.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` if the view is not of a card.
 */
int32_t cardwright_view_state(const struct CardwrightView *view,
                              uint32_t *state,
                              uint32_t *known,
                              struct CardwrightError *error);

/**
 * Writes a JSON value that is neither a list nor an object as a text, as `cardwright_view_text` does.
 */
int32_t cardwright_json_text(const uint8_t *json,
                             size_t json_length,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * Writes where in a document the byte at `at` stands, such as `$[3].certificates[0].validTo`, for an error
 * message.
 */
int32_t cardwright_json_path(const uint8_t *json,
                             size_t json_length,
                             size_t at,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * Reads a date as servers write it, ISO 8601: `*seconds` since 1970-01-01T00:00:00Z, rounded down,
 * for comparison with the terminal's own clock.
 *
 * `CARDWRIGHT_CODE_UNKNOWN_VALUE` for text that is not a date, and for 0001-01-01, with which servers
 * say "not yet".
 */
int32_t cardwright_date_parse(struct CardwrightText date, int64_t *seconds, struct CardwrightError *error);

/** @} */

/* =================================================================== The generation of CertiFlow's API */

/**
 * @defgroup probe The generation of CertiFlow's API
 * Which generation a server speaks, found out over a connection of the program's own.
 * @{
 */

#if defined(CARDWRIGHT_CERTIFLOW)

/**
 * The questions to one server, and what they have shown. Storage of the caller's: its content is private, it holds no
 * pointer, may be copied, and needs no clean-up.
 */
typedef struct CardwrightProbe {
  /**
   * Private.
   */
  uint64_t storage[24];
} CardwrightProbe;

/**
 * Begins to probe a server of which nothing is known.
 */
int32_t cardwright_probe_init(struct CardwrightProbe *probe, struct CardwrightError *error);

/**
 * The most questions that one probe of a server has.
 */
#define CARDWRIGHT_MAX_QUESTIONS 6

/**
 * Writes the address of the next question below the API's base, percent-encoded, with its parameters:
 * `Cards?offset=0&count=1`. It is to be sent by GET, and changes nothing on the server. Nothing is written (`*length` is 0) at
 * the end, after `CARDWRIGHT_MAX_QUESTIONS` at most. It stays the same until `cardwright_probe_answer`.
 */
int32_t cardwright_probe_target(const struct CardwrightProbe *probe,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);

/**
 * Writes the next question as a whole HTTP/1.1 message, as `cardwright_call_message` does a call; nothing at the end.
 */
int32_t cardwright_probe_message(const struct CardwrightProbe *probe,
                                 const struct CardwrightSite *site,
                                 char *buffer,
                                 size_t capacity,
                                 size_t *length,
                                 struct CardwrightError *error);

/**
 * Takes the result of the question: the HTTP status, and the body; of a list, the beginning with the whole first card is
 * enough. A status of 0 says that there was no answer; the probe goes on with what does not need it. At the end nothing
 * is taken.
 */
int32_t cardwright_probe_answer(struct CardwrightProbe *probe,
                                uint32_t status,
                                const uint8_t *body,
                                size_t body_length,
                                struct CardwrightError *error);

#endif

/**
 * How sure a `Finding` is.
 */
typedef enum CardwrightSure
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Nothing was learned.
   */
  CARDWRIGHT_SURE_NOTHING = 1,
  /**
   * Several generations would answer so.
   */
  CARDWRIGHT_SURE_SEVERAL = 2,
  /**
   * Only this generation answers so, or only two with the same calls.
   */
  CARDWRIGHT_SURE_SHOWN = 3,
} CardwrightSure;

#if defined(CARDWRIGHT_CERTIFLOW)

/**
 * Which generation of CertiFlow's API a server was found to speak.
 */
typedef struct CardwrightGeneration {
  /**
   * `sizeof(CardwrightGeneration)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The `CardwrightDialect` to speak: of several that answer so, one whose calls they all have. 0 if nothing was
   * learned.
   */
  uint32_t dialect;
  /**
   * All that answer so: bit n for the `CardwrightDialect` n.
   */
  uint32_t dialects;
  /**
   * How sure that is: a `CardwrightSure`.
   */
  CARDWRIGHT_ENUM(CardwrightSure) sure;
} CardwrightGeneration;

/**
 * What is known so far. `base` is the base of the API, such as `/icmapi` or an address that ends so: of two generations
 * with the same calls the one that is usual there is chosen. It may be no text.
 */
int32_t cardwright_probe_finding(const struct CardwrightProbe *probe,
                                 struct CardwrightText base,
                                 struct CardwrightGeneration *generation,
                                 struct CardwrightError *error);

/**
 * Writes what is known so far, and from what: `G6: Cards answers, Cards/{id} is missing, …`.
 */
int32_t cardwright_probe_text(const struct CardwrightProbe *probe,
                              char *buffer,
                              size_t capacity,
                              size_t *length,
                              struct CardwrightError *error);

#endif

/** @} */

/* ===================================================================================== Names of values */

/**
 * @defgroup enumeration Names of values
 * The values of enumerations by the names that servers, settings and the command use.
 * @{
 */

/**
 * Where a certificate on a card comes from. The words are those of the guide; that replies carry
 * them is assumed.
 */
typedef enum CardwrightCertificateType
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * Issued through the system: it can be renewed, held and revoked.
   */
  CARDWRIGHT_CERTIFICATE_TYPE_MANAGED = 1,
  /**
   * One for many users, made elsewhere: never held or revoked.
   */
  CARDWRIGHT_CERTIFICATE_TYPE_COMMON = 2,
  /**
   * Found on the card, and only watched.
   */
  CARDWRIGHT_CERTIFICATE_TYPE_TRACED = 3,
} CardwrightCertificateType;

/**
 * What a service role may be allowed (API, first section).
 */
typedef enum CardwrightPrivilege
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * To look for a user.
   */
  CARDWRIGHT_PRIVILEGE_FINDING_USERS = 1,
  /**
   * To read cards.
   */
  CARDWRIGHT_PRIVILEGE_VIEWING_CARD_REPOSITORY = 2,
  /**
   * Enable.
   */
  CARDWRIGHT_PRIVILEGE_ENABLING_CARD = 3,
  /**
   * Disable.
   */
  CARDWRIGHT_PRIVILEGE_DISABLING_CARD = 4,
  /**
   * PreUpdate.
   */
  CARDWRIGHT_PRIVILEGE_UPDATING_CARD = 5,
  /**
   * No documented call needs it.
   */
  CARDWRIGHT_PRIVILEGE_RESETTING_PIN = 6,
  /**
   * No documented call needs it.
   */
  CARDWRIGHT_PRIVILEGE_LOCKING_CARD = 7,
  /**
   * Revoke; that Withdraw needs it too is assumed.
   */
  CARDWRIGHT_PRIVILEGE_REVOKING_CARD = 8,
  /**
   * No documented call needs it.
   */
  CARDWRIGHT_PRIVILEGE_REMOVING_TASKS = 9,
} CardwrightPrivilege;

/**
 * `RequestType` (SDK; the numbers by published reports over the database).
 */
typedef enum CardwrightRequestType
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * No type.
   */
  CARDWRIGHT_REQUEST_TYPE_NONE = 0,
  /**
   * A new card.
   */
  CARDWRIGHT_REQUEST_TYPE_ENROLL = 1,
  /**
   * For a card: its replacement.
   */
  CARDWRIGHT_REQUEST_TYPE_RECOVER = 2,
  /**
   * New certificates.
   */
  CARDWRIGHT_REQUEST_TYPE_RENEW = 3,
  /**
   * What the API calls Revoke.
   */
  CARDWRIGHT_REQUEST_TYPE_DISABLE = 4,
  /**
   * The PIN.
   */
  CARDWRIGHT_REQUEST_TYPE_UNBLOCK = 5,
  /**
   * A copy.
   */
  CARDWRIGHT_REQUEST_TYPE_DUPLICATE = 6,
  /**
   * The end of a card.
   */
  CARDWRIGHT_REQUEST_TYPE_RETIRE = 7,
  /**
   * For somebody else.
   */
  CARDWRIGHT_REQUEST_TYPE_RECOVER_ON_BEHALF = 8,
  /**
   * Suspend and reinstate share one number.
   */
  CARDWRIGHT_REQUEST_TYPE_SUSPEND_OR_REINSTATE = 9,
  /**
   * New content.
   */
  CARDWRIGHT_REQUEST_TYPE_ONLINE_UPDATE = 10,
  /**
   * A temporary card.
   */
  CARDWRIGHT_REQUEST_TYPE_TEMPORARY_CARD_ENROLL = 11,
} CardwrightRequestType;

/**
 * What a caller may be allowed: the extended rights that set-up adds to the directory, and the
 * SDK's `UserPermission`.
 */
typedef enum CardwrightPermission
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * To see what belongs to others.
   */
  CARDWRIGHT_PERMISSION_AUDIT = 1,
  /**
   * To act as an enrollment agent.
   */
  CARDWRIGHT_PERMISSION_ENROLLMENT_AGENT = 2,
  /**
   * To ask for a card.
   */
  CARDWRIGHT_PERMISSION_REQUEST_ENROLL = 3,
  /**
   * To ask for a replacement.
   */
  CARDWRIGHT_PERMISSION_REQUEST_RECOVER = 4,
  /**
   * To ask for new certificates.
   */
  CARDWRIGHT_PERMISSION_REQUEST_RENEW = 5,
  /**
   * To ask for a revocation; that Reinstate needs it too is assumed.
   */
  CARDWRIGHT_PERMISSION_REQUEST_REVOKE = 6,
  /**
   * To ask for the PIN to be unblocked.
   */
  CARDWRIGHT_PERMISSION_REQUEST_UNBLOCK = 7,
  /**
   * To ask for the end of a card.
   */
  CARDWRIGHT_PERMISSION_REQUEST_RETIRE = 8,
} CardwrightPermission;

/**
 * What a search for the record of a card found, and what may be done with it.
 */
typedef enum CardwrightFound
#if defined(__cplusplus)
  : uint8_t
#endif
{
  /**
   * No record: the system does not know the card, or not by anything that the card reveals.
   */
  CARDWRIGHT_FOUND_NOTHING = 1,
  /**
   * The record of the card: its strongest identifier found this one and no other.
   */
  CARDWRIGHT_FOUND_RECORD = 2,
  /**
   * A record that may be another card's: a weaker identifier found it, after a stronger one had found
   * nothing. Nothing may be done with it until somebody who knows has said that it is this card's.
   */
  CARDWRIGHT_FOUND_WEAKER = 3,
  /**
   * Several records, and nothing to tell which is the card's.
   */
  CARDWRIGHT_FOUND_SEVERAL = 4,
} CardwrightFound;

#if defined(CARDWRIGHT_CLIENT)

/**
 * Whether a card is read again after an operation.
 */
typedef enum CardwrightVerify
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Always: `CARDWRIGHT_RESULT_DONE` means that the card was seen so.
   */
  CARDWRIGHT_VERIFY_ALWAYS = 0,
  /**
   * Not after a success: the server's word is taken, and the result is `CARDWRIGHT_RESULT_ACCEPTED`.
   */
  CARDWRIGHT_VERIFY_NEVER = 1,
} CardwrightVerify;

/**
 * What has become of a card of a bulk operation.
 */
typedef enum CardwrightFate
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Nothing was done yet.
   */
  CARDWRIGHT_FATE_PLANNED = 1,
  /**
   * Nothing will be done: the tables do not allow it.
   */
  CARDWRIGHT_FATE_SKIPPED = 2,
  /**
   * It was carried out: the card was read again, and is as the operation leaves it.
   */
  CARDWRIGHT_FATE_DONE = 3,
  /**
   * MIM CM took the request; somebody must approve it. The next run carries it out if that was done.
   */
  CARDWRIGHT_FATE_AWAITING_APPROVAL = 4,
  /**
   * It was refused, or could not be begun.
   */
  CARDWRIGHT_FATE_FAILED = 5,
  /**
   * It is not known whether it was carried out, or not yet. The next run reads the card.
   */
  CARDWRIGHT_FATE_UNKNOWN = 6,
  /**
   * The server said yes, and the card was not read again, as `CARDWRIGHT_VERIFY_NEVER` asks.
   */
  CARDWRIGHT_FATE_ACCEPTED = 7,
} CardwrightFate;

/**
 * Why a run ended before every card was looked at. The cards that are left stay as they are, for the next run.
 */
typedef enum CardwrightStopped
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Somebody asked for it.
   */
  CARDWRIGHT_STOPPED_CANCELED = 1,
  /**
   * One of the first cards was not done.
   */
  CARDWRIGHT_STOPPED_CANARY = 2,
  /**
   * Too many cards failed or are unknown.
   */
  CARDWRIGHT_STOPPED_FAILURES = 3,
  /**
   * The server cannot be reached.
   */
  CARDWRIGHT_STOPPED_UNREACHABLE = 4,
  /**
   * The server does not accept the sign-in, or the issuer gives no token: more attempts could lock the account.
   */
  CARDWRIGHT_STOPPED_SIGN_IN = 5,
  /**
   * The server asks for a longer wait than `longest_wait`.
   */
  CARDWRIGHT_STOPPED_BUSY = 6,
  /**
   * The journal cannot be written.
   */
  CARDWRIGHT_STOPPED_JOURNAL = 7,
} CardwrightStopped;

#endif

/**
 * An enumeration of this header whose values have names.
 */
typedef enum CardwrightEnumeration
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * `CardwrightSystem`.
   */
  CARDWRIGHT_ENUMERATION_SYSTEM = 1,
  /**
   * `CardwrightOperation`, by its neutral names.
   */
  CARDWRIGHT_ENUMERATION_OPERATION = 2,
  /**
   * `CardwrightState`.
   */
  CARDWRIGHT_ENUMERATION_STATE = 3,
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * `CardwrightCardState`.
   */
  CARDWRIGHT_ENUMERATION_CARD_STATE = 4,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * `CardwrightSmartcardStatus`.
   */
  CARDWRIGHT_ENUMERATION_SMARTCARD_STATUS = 5,
#endif
  /**
   * `CardwrightEvidence`.
   */
  CARDWRIGHT_ENUMERATION_EVIDENCE = 6,
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * `CardwrightRevocationReason`.
   */
  CARDWRIGHT_ENUMERATION_REVOCATION_REASON = 7,
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * `CardwrightContentExpirationStatus`.
   */
  CARDWRIGHT_ENUMERATION_CONTENT_EXPIRATION_STATUS = 8,
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * `CardwrightDialect`.
   */
  CARDWRIGHT_ENUMERATION_DIALECT = 9,
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * `CardwrightCertificateType`.
   */
  CARDWRIGHT_ENUMERATION_CERTIFICATE_TYPE = 10,
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * `CardwrightPrivilege`.
   */
  CARDWRIGHT_ENUMERATION_PRIVILEGE = 11,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * `CardwrightRequestKind`.
   */
  CARDWRIGHT_ENUMERATION_REQUEST_KIND = 12,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * `CardwrightRequestEnd`.
   */
  CARDWRIGHT_ENUMERATION_REQUEST_END = 13,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * `CardwrightRequestStatus`.
   */
  CARDWRIGHT_ENUMERATION_REQUEST_STATUS = 14,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * `CardwrightRequestType`.
   */
  CARDWRIGHT_ENUMERATION_REQUEST_TYPE = 15,
#endif
#if defined(CARDWRIGHT_MIM)
  /**
   * `CardwrightPermission`.
   */
  CARDWRIGHT_ENUMERATION_PERMISSION = 16,
#endif
  /**
   * `CardwrightSource`.
   */
  CARDWRIGHT_ENUMERATION_SOURCE = 17,
  /**
   * `CardwrightTrust`.
   */
  CARDWRIGHT_ENUMERATION_TRUST = 18,
  /**
   * `CardwrightCardKind`.
   */
  CARDWRIGHT_ENUMERATION_CARD_KIND = 19,
#if defined(CARDWRIGHT_CLIENT)
  /**
   * `CardwrightScheme`.
   */
  CARDWRIGHT_ENUMERATION_SCHEME = 20,
#endif
#if defined(CARDWRIGHT_CLIENT)
  /**
   * `CardwrightFound`.
   */
  CARDWRIGHT_ENUMERATION_FOUND = 21,
#endif
  /**
   * `CardwrightBasis`.
   */
  CARDWRIGHT_ENUMERATION_BASIS = 22,
#if defined(CARDWRIGHT_CERTIFLOW)
  /**
   * `CardwrightSure`.
   */
  CARDWRIGHT_ENUMERATION_SURE = 23,
#endif
#if defined(CARDWRIGHT_CLIENT)
  /**
   * `CardwrightFate`.
   */
  CARDWRIGHT_ENUMERATION_FATE = 24,
#endif
#if defined(CARDWRIGHT_CLIENT)
  /**
   * `CardwrightStopped`.
   */
  CARDWRIGHT_ENUMERATION_STOPPED = 25,
#endif
} CardwrightEnumeration;

/**
 * Writes the name of a value, such as `Revoked` for 6 of `CARDWRIGHT_ENUMERATION_CARD_STATE`.
 *
 * `enumeration` is a `CardwrightEnumeration`. `CARDWRIGHT_CODE_UNKNOWN_VALUE` if it is none, or has
 * no such value.
 */
int32_t cardwright_enumeration_name(CARDWRIGHT_ENUM(CardwrightEnumeration) enumeration,
                                    uint32_t value,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *length,
                                    struct CardwrightError *error);

/**
 * The value with a name, in upper or lower case.
 *
 * `CARDWRIGHT_CODE_UNKNOWN_VALUE` if `enumeration` is none, or has no such name.
 */
int32_t cardwright_enumeration_value(CARDWRIGHT_ENUM(CardwrightEnumeration) enumeration,
                                     struct CardwrightText name,
                                     uint32_t *value,
                                     struct CardwrightError *error);

/** @} */

/* ============================================================================================= Clients */

/**
 * @defgroup client Clients
 * A connection to a server: its options, how it signs in, and what it has found out.
 * @{
 */

#if defined(CARDWRIGHT_CLIENT)

/**
 * A client of one of the APIs. It may be shared between threads. After a fork, a child that goes on with it makes
 * connections of its own, and signs in by itself; what the parent does is not disturbed.
 */
typedef struct CardwrightClient CardwrightClient;

/**
 * A scheme of HTTP authentication, strongest first.
 */
typedef enum CardwrightScheme
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Kerberos by SPNEGO (RFC 4559); on Windows also what else the system's Negotiate takes.
   */
  CARDWRIGHT_SCHEME_NEGOTIATE = 1,
  /**
   * NTLMv2 (MS-NLMP).
   */
  CARDWRIGHT_SCHEME_NTLM = 2,
  /**
   * Name and password (RFC 7617).
   */
  CARDWRIGHT_SCHEME_BASIC = 3,
  /**
   * A token (RFC 6750): `token` or `oidc` of `CardwrightOptions`.
   */
  CARDWRIGHT_SCHEME_BEARER = 4,
} CardwrightScheme;

/**
 * What to do about an operation that the tables do not allow.
 */
typedef enum CardwrightCheck
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Stop it if the vendor documents that it is not allowed; send it if that is only assumed.
   */
  CARDWRIGHT_CHECK_WARN = 0,
  /**
   * Stop it even if that is only assumed.
   */
  CARDWRIGHT_CHECK_STRICT = 1,
  /**
   * Never stop it.
   */
  CARDWRIGHT_CHECK_OFF = 2,
} CardwrightCheck;

/**
 * Whether the server must prove its identity when Kerberos signs in.
 */
typedef enum CardwrightMutual
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * A wrong proof is an error; a missing one is reported in the log and by `cardwright_client_explain`.
   */
  CARDWRIGHT_MUTUAL_WARN = 0,
  /**
   * A missing proof is an error too.
   */
  CARDWRIGHT_MUTUAL_REQUIRE = 1,
} CardwrightMutual;

/**
 * How a user signs in: the server is asked what it accepts, and the strongest scheme of those that are allowed is
 * used. With `user` and `password` of `CardwrightOptions`, it is that user: `DOMAIN\name`, `name@REALM` or `name`, of
 * which Kerberos accepts only the second, except on Windows. Without a password it is the user that the system
 * knows already, by the Kerberos ticket of `kinit` or the keytab, on Windows the one who is logged on; `user`
 * (`name@REALM`) then chooses among several tickets or keys. A password that was refused is not tried again.
 *
 * Zero all of it, then set `struct_size`.
 */
typedef struct CardwrightSignIn {
  /**
   * `sizeof(CardwrightSignIn)`.
   */
  uint32_t struct_size;
  /**
   * The set of schemes that may be used, bit n for the `CardwrightScheme` n: of Negotiate, NTLM and Basic. 0
   * for all of them.
   */
  uint32_t schemes;
  /**
   * A `CardwrightMutual`.
   */
  CARDWRIGHT_ENUM(CardwrightMutual) mutual;
  /**
   * 1 not to bind the sign-in to the TLS connection (RFC 5929 `tls-server-end-point`, "Extended Protection"):
   * behind a proxy that ends TLS.
   */
  uint32_t no_channel_bindings;
  /**
   * 1 to let Basic send the password over plain HTTP to another machine, where anyone on the way can read
   * it.
   */
  uint32_t basic_in_clear;
  /**
   * The keytab file with the key of the account, for a batch job with nobody to type a password.
   */
  struct CardwrightText keytab;
  /**
   * The file with the tickets. Default: as the environment says (`KRB5CCNAME`).
   */
  struct CardwrightText ccache;
  /**
   * The name of the service, `HTTP@host`. Default: that of the base's host.
   */
  struct CardwrightText service;
} CardwrightSignIn;

/**
 * How a client authenticates to the issuer (RFC 6749, 2.3.1).
 */
typedef enum CardwrightClientAuth
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * As the issuer's document says, preferably `client_secret_basic`.
   */
  CARDWRIGHT_CLIENT_AUTH_DISCOVER = 0,
  /**
   * `client_secret_basic`: in the header.
   */
  CARDWRIGHT_CLIENT_AUTH_BASIC = 1,
  /**
   * `client_secret_post`: in the form.
   */
  CARDWRIGHT_CLIENT_AUTH_POST = 2,
} CardwrightClientAuth;

/**
 * What a person needs to sign in. Its texts stay valid until the function that it was passed to returns, and have no
 * control characters.
 */
typedef struct CardwrightDeviceCode {
  /**
   * `sizeof(CardwrightDeviceCode)` of the library.
   */
  uint32_t struct_size;
  /**
   * How long the code is valid, in seconds.
   */
  uint32_t lasts;
  /**
   * What to type.
   */
  struct CardwrightText user_code;
  /**
   * Where, in any browser on any device.
   */
  struct CardwrightText address;
  /**
   * The same with the code in it, if the issuer has such an address.
   */
  struct CardwrightText address_with_code;
} CardwrightDeviceCode;

/**
 * A function of the program that shows a person a code. It is called, with no lock held, on the thread that first
 * needs a token, which then waits until the code has been typed or has expired. A call of the same client from it
 * would wait for itself, except `cardwright_client_cancel`. It must return, and not by `longjmp` or an exception.
 */
typedef void (*CardwrightPrompt)(void *context, const struct CardwrightDeviceCode *code);

/**
 * Tokens of an OpenID Connect or OAuth 2.0 issuer, such as AD FS: the program's own, by its secret, or, if there is
 * a `prompt`, those of a person who types a code on any device (RFC 8628). The first is requested when it is
 * needed, and tokens are renewed before they expire. Certificates and proxy are those of `CardwrightOptions`; a connection may
 * take 10 seconds, an answer 30.
 *
 * Zero all of it, then set `struct_size`, `issuer`, `client_id`, and `client_secret` or `prompt`.
 */
typedef struct CardwrightOidc {
  /**
   * `sizeof(CardwrightOidc)`.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightClientAuth`.
   */
  CARDWRIGHT_ENUM(CardwrightClientAuth) client_auth;
  /**
   * The address of the issuer, such as `https://adfs.example/adfs`: below it is
   * `/.well-known/openid-configuration`. It is `https`, except on this machine.
   */
  struct CardwrightText issuer;
  /**
   * The id by which the issuer knows the client.
   */
  struct CardwrightText client_id;
  /**
   * The client's secret. It is copied, and the copy wiped at the end.
   */
  struct CardwrightText client_secret;
  /**
   * The scopes of the token, separated by spaces.
   */
  struct CardwrightText scope;
  /**
   * The server that the token is for (RFC 8707); AD FS requires it: the relying party's identifier.
   */
  struct CardwrightText resource;
  /**
   * The same for issuers that call it `audience`.
   */
  struct CardwrightText audience;
  /**
   * The token endpoint, for an issuer whose document does not name it.
   */
  struct CardwrightText token_endpoint;
  /**
   * The device authorization endpoint, for an issuer whose document does not name it.
   */
  struct CardwrightText device_endpoint;
  /**
   * The file that keeps the token for the next process too. Only its owner can read the file. Treat it as a
   * password: a copy of it signs in until the token expires. Default: none, tokens are kept in memory only.
   */
  struct CardwrightText cache;
  /**
   * The function that shows a person the code, or `NULL`.
   */
  CardwrightPrompt prompt;
  /**
   * What `prompt` is passed; it must stay valid until the client and the lists that came from it are freed.
   */
  void *context;
} CardwrightOidc;

/**
 * A function of the program that signs a message, by one of the `schemes` of `CardwrightClientCertificate`; it
 * computes the scheme's hash itself. It writes the signature to `signature`, which has room for
 * `capacity` bytes, and its length to `*length`, and returns `CARDWRIGHT_OK`; anything else ends the request, and
 * `cardwright_last_error` has the number.
 *
 * It is called on any thread that opens a connection, one at a time for each client, and must not use that
 * client. The server waits for it, so a PIN is better typed beforehand. It must return, and
 * not by `longjmp` or an exception.
 */
typedef int32_t (*CardwrightSign)(void *context,
                                  uint32_t scheme,
                                  const uint8_t *message,
                                  size_t message_length,
                                  uint8_t *signature,
                                  size_t capacity,
                                  size_t *length);

/**
 * How a key signs, by the numbers of TLS (RFC 8446, 4.2.3).
 */
typedef enum CardwrightSignatureScheme
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * RSASSA-PSS with SHA-256, its salt as long as the hash.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA256 = 2052,
  /**
   * The same with SHA-384.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA384 = 2053,
  /**
   * The same with SHA-512.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA512 = 2054,
  /**
   * RSASSA-PKCS1-v1_5 with SHA-256. Servers take it in TLS 1.2 alone.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA256 = 1025,
  /**
   * The same with SHA-384.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA384 = 1281,
  /**
   * The same with SHA-512.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA512 = 1537,
  /**
   * ECDSA on P-256 with SHA-256; the signature is in DER, a sequence of r and s.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_ECDSA_P256_SHA256 = 1027,
  /**
   * ECDSA on P-384 with SHA-384, in DER.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_ECDSA_P384_SHA384 = 1283,
  /**
   * Ed25519.
   */
  CARDWRIGHT_SIGNATURE_SCHEME_ED25519 = 2055,
} CardwrightSignatureScheme;

/**
 * The certificate that a client presents if the server asks for one, and its key: as a text, in a file, or
 * elsewhere, such as on a card, where a function of the program signs with it. That the key belongs to the
 * certificate is checked when the client is set up; a key that is elsewhere signs once for that.
 *
 * Zero all of it, then set `struct_size`, `certificates` or `certificate_file`, and at most one of `key`,
 * `key_file` and `sign`. Default: the key is with the certificates.
 */
typedef struct CardwrightClientCertificate {
  /**
   * `sizeof(CardwrightClientCertificate)`.
   */
  uint32_t struct_size;
  /**
   * The number of `schemes`.
   */
  uint32_t scheme_count;
  /**
   * Certificates in PEM, the client's own first. A file may also be PKCS #12, with its key.
   */
  struct CardwrightText certificates;
  /**
   * The file with them.
   */
  struct CardwrightText certificate_file;
  /**
   * The key in PEM: PKCS #8, PKCS #1 or SEC 1. It is not kept as text.
   */
  struct CardwrightText key;
  /**
   * The file with it.
   */
  struct CardwrightText key_file;
  /**
   * The function that signs with a key that is elsewhere, or `NULL`.
   */
  CardwrightSign sign;
  /**
   * What `sign` is passed; it must stay valid until the client and the lists that came from it are freed.
   */
  void *context;
  /**
   * How the key can sign: each a `CardwrightSignatureScheme`, in order of preference, all for the same kind of key.
   */
  const uint32_t *schemes;
  /**
   * The password of an encrypted key, or of a PKCS #12 file. Both are read by the system's OpenSSL.
   */
  struct CardwrightText key_password;
} CardwrightClientCertificate;

/**
 * The library that does TLS.
 */
typedef enum CardwrightTls
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * rustls, which is built in.
   */
  CARDWRIGHT_TLS_RUSTLS = 0,
  /**
   * The system's OpenSSL, which must be installed, on Windows SChannel: for older servers (CBC, RSA key exchange, P-521,
   * client certificates that are asked for after the handshake). An error on macOS.
   */
  CARDWRIGHT_TLS_SYSTEM = 1,
} CardwrightTls;

/**
 * How a client is set up. Zero all of it, then set `struct_size`, `system` and `base`; a number that is 0 and
 * an absent text leave the default.
 */
typedef struct CardwrightOptions {
  /**
   * `sizeof(CardwrightOptions)`.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightSystem`.
   */
  CARDWRIGHT_ENUM(CardwrightSystem) system;
  /**
   * A `CardwrightDialect`: the generation of CertiFlow's API that the server speaks. Default: it is found out.
   */
  CARDWRIGHT_ENUM(CardwrightDialect) dialect;
  /**
   * A `CardwrightCheck`.
   */
  CARDWRIGHT_ENUM(CardwrightCheck) check;
  /**
   * How many cards to ask for at a time. Default: as many as the server delivers in a second.
   */
  uint32_t page_size;
  /**
   * How long a connection may take, in milliseconds, TLS included. Default: 10 seconds.
   */
  uint32_t connect_timeout;
  /**
   * How long an answer may take to begin, in milliseconds. Default: 60 seconds.
   */
  uint32_t answer_timeout;
  /**
   * How long the next piece of an answer may take, in milliseconds. Default: 30 seconds.
   */
  uint32_t idle_timeout;
  /**
   * How often a request that may be repeated is sent at most, the first time included. Default: 3; 1 sends
   * each once.
   */
  uint32_t attempts;
  /**
   * The longest wait between two attempts that the client chooses itself, in milliseconds. Default: 5 seconds.
   */
  uint32_t longest_wait;
  /**
   * The longest wait that a server may ask for by `Retry-After`, in milliseconds. Default: 60 seconds; a longer
   * one is an error at once.
   */
  uint32_t longest_asked;
  /**
   * 1 to trust only `roots`, and not what the operating system trusts.
   */
  uint32_t only_roots;
  /**
   * 1 to use no proxy, whatever the environment says.
   */
  uint32_t no_proxy;
  /**
   * A `CardwrightStatusScheme` of MIM CM; ignored if there are `statuses`.
   */
  CARDWRIGHT_ENUM(CardwrightStatusScheme) status_scheme;
  /**
   * The largest single card or reply, in bytes. Default: 16 MiB.
   */
  size_t max_element;
  /**
   * The address of the API's base, such as `https://cm.example/certiflow/api`.
   */
  struct CardwrightText base;
  /**
   * The user. Without `sign_in` it needs a password, and both are sent by HTTP Basic with the first request: over
   * plain HTTP to this machine only.
   */
  struct CardwrightText user;
  /**
   * The password. It is copied, and the copy wiped at the end.
   */
  struct CardwrightText password;
  /**
   * A bearer token, instead of all other ways to sign in.
   */
  struct CardwrightText token;
  /**
   * How the user with a password, or the user that the system knows, signs in: Kerberos, NTLM or Basic, as the
   * server accepts. `NULL` for Basic.
   */
  const struct CardwrightSignIn *sign_in;
  /**
   * Where tokens come from, instead of all other ways to sign in, or `NULL`.
   */
  const struct CardwrightOidc *oidc;
  /**
   * What the client presents if the server asks for a certificate, besides signing in, or `NULL`.
   */
  const struct CardwrightClientCertificate *certificate;
  /**
   * Certificates to trust, in PEM, besides those that the operating system trusts.
   */
  struct CardwrightText roots;
  /**
   * The proxy: a URL of the scheme `http`, with its host and port. Default: as `HTTPS_PROXY`, `HTTP_PROXY`,
   * `ALL_PROXY` and `NO_PROXY` of the environment say.
   */
  struct CardwrightText proxy;
  /**
   * What to put before the library's own name in the header `User-Agent`, such as `Kiosk/2.1`.
   */
  struct CardwrightText user_agent;
  /**
   * `status_count` rows of the site's own scheme of MIM CM.
   */
  const struct CardwrightStatusRow *statuses;
  /**
   * The number of rows of `statuses`.
   */
  size_t status_count;
  /**
   * A `CardwrightVerify`: whether a card is read again after an operation.
   */
  CARDWRIGHT_ENUM(CardwrightVerify) verify;
  /**
   * How long a card is read again after an operation that it does not show yet, in milliseconds. Default: 5 seconds.
   */
  uint32_t settle_limit;
  /**
   * How long a call may take in total, in milliseconds, repetitions included; each page of a list is a call.
   * Default: 5 minutes, or the sum of the three limits above if all of them are set, or if it is longer.
   */
  uint32_t total_timeout;
  /**
   * Filters that are trusted although the server's answers contradict them, by their names in CertiFlow with commas
   * between, such as `userName`. Default: none.
   */
  struct CardwrightText trust_filters;
  /**
   * A `CardwrightTls`: the library that does TLS.
   */
  CARDWRIGHT_ENUM(CardwrightTls) tls;
  /**
   * How long the server may be waited for over a whole list, in milliseconds; what the program does between its
   * cards does not count. Default: one hour.
   */
  uint32_t list_timeout;
} CardwrightOptions;

/**
 * Sets up a client; nothing is sent. Free `*client` with `cardwright_client_free`.
 *
 * What cannot be used has its own code, and `CardwrightError.what` is the member: `CARDWRIGHT_CODE_ADDRESS` for the base and the issuer,
 * `CARDWRIGHT_CODE_CERTIFICATE` for `roots` and certificates that cannot be read, `CARDWRIGHT_CODE_KEY` for a key
 * that cannot be read or does not belong to the certificate, `CARDWRIGHT_CODE_PROXY`, `CARDWRIGHT_CODE_HEADER` for
 * what no header can carry, such as a user with a colon or a control character where HTTP Basic may be used,
 * `CARDWRIGHT_CODE_SETTING` for all else; `CARDWRIGHT_CODE_ARGUMENT` for two ways to sign in.
 */
int32_t cardwright_client_new(const struct CardwrightOptions *options,
                              struct CardwrightClient **client,
                              struct CardwrightError *error);

/**
 * Frees a client, which must not be in use; lists and cards that came from it stay valid. `NULL` is allowed.
 */
void cardwright_client_free(struct CardwrightClient *client);

/**
 * Stops a client for good, from any thread: calls under way fail at once with `CARDWRIGHT_CODE_CANCELED`, in all
 * threads, as do all later ones that would send something or read on in a list; and nothing more is sent.
 */
int32_t cardwright_client_cancel(const struct CardwrightClient *client,
                                 struct CardwrightError *error);

/**
 * The library behind a `CardwrightTls` in this process, such as `OpenSSL 3.0.22 5 Aug 2026`: static; no text where it is
 * not there. The system's is looked for by this.
 */
struct CardwrightText cardwright_tls_library(CARDWRIGHT_ENUM(CardwrightTls) tls);

/**
 * Writes how the last sign-in of a client went, without secrets: what the server offered, what was tried, and with
 * what result.
 */
int32_t cardwright_client_explain(const struct CardwrightClient *client,
                                  char *buffer,
                                  size_t capacity,
                                  size_t *length,
                                  struct CardwrightError *error);

/**
 * The `CardwrightDialect` that is spoken: the one of the options, else what is known of the server by now, or is usual
 * at its base. 0 for MIM CM. Nothing is sent.
 */
int32_t cardwright_client_dialect(const struct CardwrightClient *client,
                                  uint32_t *dialect,
                                  struct CardwrightError *error);

/**
 * Finds out which generation of CertiFlow's API the server speaks, by at most `CARDWRIGHT_MAX_QUESTIONS` questions that
 * change nothing. If the client was set up without a dialect, it is spoken from then on.
 *
 * `CARDWRIGHT_CODE_NO_SUCH_CALL` for MIM CM; a code from 601 on if no answer came to the first question. Any other
 * answer is part of what is found.
 */
int32_t cardwright_client_probe(const struct CardwrightClient *client,
                                struct CardwrightGeneration *generation,
                                struct CardwrightError *error);

/**
 * Writes what a probe has told, and from what: `G6: Cards answers, Cards/{id} is missing, …`. A client that was set up
 * without a dialect may also have asked by itself. Empty if nothing was asked. Nothing is sent.
 */
int32_t cardwright_client_found(const struct CardwrightClient *client,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                struct CardwrightError *error);

#endif

/** @} */

/* =================================================================================== Cards of a client */

/**
 * @defgroup cards Cards of a client
 * Cards by their number, by their user, by what a reader says, or listed; and what is known of each.
 * @{
 */

#if defined(CARDWRIGHT_CLIENT)

/**
 * A card's record, as the server sent it. It may be shared between threads.
 */
typedef struct CardwrightCard CardwrightCard;

/**
 * Cards, one by one as they arrive. For one thread at a time; it keeps the client that it came from alive.
 */
typedef struct CardwrightCards CardwrightCards;

/**
 * The card with a serial number as the system writes it, or in another spelling that means the same; `*card` is
 * `NULL` if there is none. Free it with `cardwright_card_free`.
 *
 * `CARDWRIGHT_CODE_UNEXPECTED` if the server has several of them; codes from 601 on for failures of the network and
 * the server.
 */
int32_t cardwright_client_find(const struct CardwrightClient *client,
                               struct CardwrightText serial,
                               struct CardwrightCard **card,
                               struct CardwrightError *error);

/**
 * The card with an id; `*card` is `NULL` if there is none. Free it with `cardwright_card_free`.
 */
int32_t cardwright_client_card(const struct CardwrightClient *client,
                               struct CardwrightText id,
                               struct CardwrightCard **card,
                               struct CardwrightError *error);

/**
 * One card of a user of CertiFlow, by its id or its serial number; the only way in G1. `*card` is `NULL`
 * if there is none. Free it with `cardwright_card_free`.
 *
 * `CARDWRIGHT_CODE_NO_SUCH_CALL` in MIM CM, which cannot find a card by its user; otherwise as `cardwright_client_find`.
 */
int32_t cardwright_client_card_of(const struct CardwrightClient *client,
                                  struct CardwrightText user,
                                  struct CardwrightText key,
                                  struct CardwrightCard **card,
                                  struct CardwrightError *error);

/**
 * How a search for a card's record went.
 */
typedef struct CardwrightSearch {
  /**
   * `sizeof(CardwrightSearch)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The client's system, a `CardwrightSystem`: for `cardwright_identity_guess`.
   */
  CARDWRIGHT_ENUM(CardwrightSystem) system;
  /**
   * How many guesses were tried, those with the indices 0 to `tried - 1`; 0 if the card says nothing by which the
   * system could know it.
   */
  size_t tried;
  /**
   * How many records were found, each counted once.
   */
  size_t records;
  /**
   * The index of the guess that found something first; only if there are records.
   */
  size_t by;
  /**
   * How many guesses, those with the indices 0 to `passed_over - 1`, are of stronger identifiers, which found
   * nothing.
   */
  size_t passed_over;
  /**
   * What may be done with the records: a `CardwrightFound`.
   */
  CARDWRIGHT_ENUM(CardwrightFound) found;
} CardwrightSearch;

/**
 * What both systems know about a card, whatever they call it.
 */
typedef enum CardwrightCardText
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * The id that the system looks the record up by: `id` of CertiFlow, `Uuid` of MIM CM.
   */
  CARDWRIGHT_CARD_TEXT_ID = 1,
  /**
   * The serial number, as the system writes it.
   */
  CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER = 2,
  /**
   * The ATR in hexadecimal digits, as the system writes it.
   */
  CARDWRIGHT_CARD_TEXT_ATR = 3,
  /**
   * The user: `userName` of CertiFlow, `AssignedUserUuid` of MIM CM.
   */
  CARDWRIGHT_CARD_TEXT_USER = 4,
  /**
   * The state, in the system's word; if it is unknown, what the server sent.
   */
  CARDWRIGHT_CARD_TEXT_STATE = 5,
} CardwrightCardText;

/**
 * Looks for the records of an identified card, by `cardwright_session_identify` or by a dialogue that has ended: with
 * one identifier after another, the strongest first, in each spelling in which the system may have written it, until
 * one finds something. `user` limits the search to that user's cards, which G1 requires; otherwise none. `*cards` has
 * the records found; without any it is empty, which is not an error. Free it with `cardwright_cards_free`.
 *
 * `search->found` says what may be done: `CARDWRIGHT_FOUND_RECORD` is the card's record. One that only a weaker
 * identifier found, and each of several, may be another card's: `cardwright_client_operate` sends nothing for them
 * until `cardwright_card_confirm`. Show a person which identifiers found nothing (`passed_over`), which one did (`by`),
 * and whose record it is, and ask.
 *
 * A record belongs to the card by its serial number alone: before doing anything with it, compare its ATR
 * (`CARDWRIGHT_CARD_TEXT_ATR`) with the card's, and ask.
 */
int32_t cardwright_client_records(const struct CardwrightClient *client,
                                  const struct CardwrightIdentity *identity,
                                  struct CardwrightText user,
                                  struct CardwrightCards **cards,
                                  struct CardwrightSearch *search,
                                  struct CardwrightError *error);

/**
 * Lists cards: those that a query finds, or all for `NULL`. MIM CM has no filters, and lists the caller's own
 * cards. Free `*cards` with `cardwright_cards_free`.
 *
 * The codes of `cardwright_call_method` for what the dialect lacks, and those from 601 on for failures of the
 * network and the server.
 */
int32_t cardwright_client_cards(const struct CardwrightClient *client,
                                const struct CardwrightQuery *query,
                                struct CardwrightCards **cards,
                                struct CardwrightError *error);

/**
 * The next card; `*card` is `NULL` past the last. Free it with `cardwright_card_free`.
 *
 * A card that cannot be read gives a code from 301 on, after which the next one can be asked for. After a code
 * from 601 on there are no more. After a fork the list stays with the parent: in the child this is
 * `CARDWRIGHT_CODE_ARGUMENT`, and the child asks for a list of its own.
 */
int32_t cardwright_cards_next(struct CardwrightCards *cards,
                              struct CardwrightCard **card,
                              struct CardwrightError *error);

/**
 * Frees a list, which need not have been read to the end. `NULL` is allowed.
 */
void cardwright_cards_free(struct CardwrightCards *cards);

/**
 * Says that a record is that of the card which is meant, though `cardwright_client_records` found it by a weaker
 * identifier only, or found several: for a program that has asked a person, or knows. Until then
 * `cardwright_client_operate` sends nothing for it. Any other record needs no confirmation.
 */
int32_t cardwright_card_confirm(struct CardwrightCard *card,
                                struct CardwrightError *error);

/**
 * Writes what a card's record says for a `CardwrightCardText`; an empty text if it says nothing.
 */
int32_t cardwright_card_text(const struct CardwrightCard *card,
                             CARDWRIGHT_ENUM(CardwrightCardText) what,
                             char *buffer,
                             size_t capacity,
                             size_t *length,
                             struct CardwrightError *error);

/**
 * The state of a card: `*system` is a `CardwrightSystem`, `*state` a `CardwrightCardState` of CertiFlow or a
 * `CardwrightSmartcardStatus` of MIM CM, by the client's scheme. `*known` is 0 if the server says something
 * unknown.
 */
int32_t cardwright_card_state(const struct CardwrightCard *card,
                              uint32_t *system,
                              uint32_t *state,
                              uint32_t *known,
                              struct CardwrightError *error);

/**
 * The fields of a card: a view of its bytes, which stay valid until `cardwright_card_free`, after the client is freed
 * too. Its `object` says which system the card belongs to, and its `statuses` what the client was told that the
 * system's numbers mean.
 */
int32_t cardwright_card_view(const struct CardwrightCard *card,
                             struct CardwrightView *view,
                             struct CardwrightError *error);

/**
 * Frees a card; its views become invalid. `NULL` is allowed.
 */
void cardwright_card_free(struct CardwrightCard *card);

/**
 * Which entries of the register of SKZI, cryptographic information protection tools. Zero all of it, then set
 * `struct_size`, and what they are to be chosen by. All values are texts, as the lists of them are open.
 */
typedef struct CardwrightSkziQuery {
  /**
   * `sizeof(CardwrightSkziQuery)`.
   */
  uint32_t struct_size;
  /**
   * 1 if `offset` counts.
   */
  uint32_t has_offset;
  /**
   * How many entries to pass over.
   */
  uint32_t offset;
  /**
   * 1 if `count` counts.
   */
  uint32_t has_count;
  /**
   * How many entries to return at most.
   */
  uint32_t count;
  /**
   * The kind of entry: `Distributive`, `License`, `Documentation`, `KeyDocument`, `Card` or `Custom`.
   */
  struct CardwrightText object_type;
  /**
   * The id of the type of SKZI.
   */
  struct CardwrightText skzi_type_id;
  /**
   * The serial number.
   */
  struct CardwrightText serial_number;
  /**
   * The number of the instance.
   */
  struct CardwrightText instance_number;
  /**
   * The state, such as `Issued`.
   */
  struct CardwrightText state;
  /**
   * The user, by the Common Name.
   */
  struct CardwrightText user_name;
  /**
   * The first day or time, ISO 8601; of what is not documented.
   */
  struct CardwrightText start_date;
  /**
   * The last day or time.
   */
  struct CardwrightText end_date;
} CardwrightSkziQuery;

/**
 * Entries of the register, one by one as they arrive. For one thread at a time; it keeps the client that it came from
 * alive.
 */
typedef struct CardwrightSkzi CardwrightSkzi;

/**
 * Lists the register of SKZI of Indeed CM 7.1: the entries that a query finds, or all for `NULL`. Nothing is sent before
 * the first is asked for. Free `*skzi` with `cardwright_skzi_free`.
 *
 * `CARDWRIGHT_CODE_NO_SUCH_CALL` for an older generation than G7, and for MIM CM.
 */
int32_t cardwright_client_skzi(const struct CardwrightClient *client,
                               const struct CardwrightSkziQuery *query,
                               struct CardwrightSkzi **skzi,
                               struct CardwrightError *error);

/**
 * The next entry: a JSON object as the server sent it, of which the vendor documents no field. It belongs to the list
 * until the next call; its `data` is `NULL` past the last.
 *
 * An entry that cannot be read gives a code from 301 on, after which the next one can be asked for. After a code from
 * 601 on there are no more; `CARDWRIGHT_CODE_NOT_FOUND` if the server keeps no register.
 */
int32_t cardwright_skzi_next(struct CardwrightSkzi *skzi,
                             struct CardwrightText *entry,
                             struct CardwrightError *error);

/**
 * Frees a list, which need not have been read to the end. `NULL` is allowed.
 */
void cardwright_skzi_free(struct CardwrightSkzi *skzi);

#endif

/** @} */

/* ============================================================================== Operations of a client */

/**
 * @defgroup operate Operations of a client
 * What may be done with a card, what it would come to, and doing it.
 * @{
 */

#if defined(CARDWRIGHT_CLIENT)

/**
 * The result of an operation.
 */
typedef enum CardwrightResult
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * It was carried out: the card was read again, and is as the operation leaves it. `cardwright_last_error` has what
   * a person should know all the same, or nothing.
   */
  CARDWRIGHT_RESULT_DONE = 1,
  /**
   * It may have been carried out, or may still be: the card was read again until the settle limit, and does not
   * tell. `cardwright_last_error` says what was seen.
   */
  CARDWRIGHT_RESULT_UNKNOWN = 2,
  /**
   * MIM CM accepted the request; somebody must approve it before it can be carried out.
   */
  CARDWRIGHT_RESULT_AWAITING_APPROVAL = 3,
  /**
   * The server refused it, or does not accept the account. The function returns the code of the refusal.
   */
  CARDWRIGHT_RESULT_REFUSED = 4,
  /**
   * No byte of its request left. The function returns the code of what kept it.
   */
  CARDWRIGHT_RESULT_NOT_SENT = 5,
  /**
   * The server said yes, and the card was not read again, as `CARDWRIGHT_VERIFY_NEVER` asks.
   */
  CARDWRIGHT_RESULT_ACCEPTED = 6,
} CardwrightResult;

/**
 * What may be done with a card. It may be shared between threads.
 */
typedef struct CardwrightOperations CardwrightOperations;

/**
 * What may be done with a card: in MIM CM as the server lists it for this account, in CertiFlow, whose server does
 * not say, by the tables. `*count` is the number of operations. Free `*operations` with
 * `cardwright_operations_free`.
 */
int32_t cardwright_client_operations(const struct CardwrightClient *client,
                                     const struct CardwrightCard *card,
                                     struct CardwrightOperations **operations,
                                     size_t *count,
                                     struct CardwrightError *error);

/**
 * An operation that may be done with a card.
 */
typedef struct CardwrightListed {
  /**
   * `sizeof(CardwrightListed)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightOperation`; 0 for one that the server lists and this library cannot perform.
   */
  uint32_t operation;
  /**
   * 1 if the server itself listed it, as MIM CM does; 0 if it comes from the tables.
   */
  uint32_t by_server;
  /**
   * 1 if `verdict` counts: state and operation are known.
   */
  uint32_t has_verdict;
  /**
   * The system's own word; it belongs to the list.
   */
  struct CardwrightText word;
  /**
   * What the tables say.
   */
  struct CardwrightVerdict verdict;
} CardwrightListed;

/**
 * An operation of a list by its index, from 0.
 */
int32_t cardwright_operations_at(const struct CardwrightOperations *operations,
                                 size_t index,
                                 struct CardwrightListed *listed,
                                 struct CardwrightError *error);

/**
 * Frees a list of operations; its words become invalid. `NULL` is allowed.
 */
void cardwright_operations_free(struct CardwrightOperations *operations);

/**
 * The requests that an operation would send. It may be shared between threads.
 */
typedef struct CardwrightPlan CardwrightPlan;

/**
 * What `cardwright_client_operate` would send with the same parameters; nothing is sent. `*count` is the number of
 * requests. Free `*plan` with `cardwright_plan_free`.
 */
int32_t cardwright_client_plan(const struct CardwrightClient *client,
                               const struct CardwrightCard *card,
                               CARDWRIGHT_ENUM(CardwrightOperation) operation,
                               uint32_t has_reason,
                               CARDWRIGHT_ENUM(CardwrightRevocationReason) reason,
                               struct CardwrightText comment,
                               struct CardwrightPlan **plan,
                               size_t *count,
                               struct CardwrightError *error);

/**
 * What `cardwright_client_operate_by_id` would send with the same parameters, after it has read the card; nothing is
 * sent, and whether there is such a card is not asked. Free `*plan` with `cardwright_plan_free`.
 */
int32_t cardwright_client_plan_by_id(const struct CardwrightClient *client,
                                     struct CardwrightText id,
                                     CARDWRIGHT_ENUM(CardwrightOperation) operation,
                                     uint32_t has_reason,
                                     CARDWRIGHT_ENUM(CardwrightRevocationReason) reason,
                                     struct CardwrightText comment,
                                     struct CardwrightPlan **plan,
                                     size_t *count,
                                     struct CardwrightError *error);

/**
 * A request that would be sent. Its texts belong to the plan.
 */
typedef struct CardwrightPlanned {
  /**
   * `sizeof(CardwrightPlanned)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The method.
   */
  struct CardwrightText method;
  /**
   * The whole address. `{request}` stands for the id that MIM CM will give to its request.
   */
  struct CardwrightText address;
  /**
   * The body; `data` is `NULL` if there is none.
   */
  struct CardwrightText body;
} CardwrightPlanned;

/**
 * A request of a plan by its index, from 0, in the order in which they would be sent.
 */
int32_t cardwright_plan_at(const struct CardwrightPlan *plan,
                           size_t index,
                           struct CardwrightPlanned *planned,
                           struct CardwrightError *error);

/**
 * Frees a plan; its texts become invalid. `NULL` is allowed.
 */
void cardwright_plan_free(struct CardwrightPlan *plan);

/**
 * The outcome of an operation.
 */
typedef struct CardwrightOutcome {
  /**
   * `sizeof(CardwrightOutcome)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightResult`.
   */
  CARDWRIGHT_ENUM(CardwrightResult) result;
  /**
   * 1 if the answer to the operation was lost, or said that it failed; what `result` says was read from the card, or
   * could not be.
   */
  uint32_t answer_lost;
  /**
   * The card as it was read last; `NULL` if it was not read again, could not be, or is no longer listed. Free it
   * with `cardwright_card_free`.
   */
  struct CardwrightCard *card;
  /**
   * 1 if `verdict` counts: the tables were asked, and know the card's state.
   */
  uint32_t has_verdict;
  /**
   * The id of the request of MIM CM that did it, or will, or is left behind, `\0`-terminated; empty if there is
   * none.
   */
  char request[64];
  /**
   * What the tables said about the operation before it was sent. The server may have known better.
   */
  struct CardwrightVerdict verdict;
} CardwrightOutcome;

/**
 * Performs a `CardwrightOperation` on a card.
 *
 * CertiFlow takes a `CardwrightRevocationReason` for a revocation, if `has_reason` is 1; MIM CM takes a comment, by
 * default an empty one. What the vendor documents as not allowed in the card's state is not sent:
 * `CARDWRIGHT_CODE_NOT_ALLOWED`; what is only assumed not to be is sent, unless the client was set up otherwise. Nothing
 * is sent either for a record that may be another card's: `CARDWRIGHT_CODE_UNCONFIRMED`, until `cardwright_card_confirm`.
 *
 * The card is read again until it shows the result, as long as the options say. The server's refusals are the codes
 * from 701 on, and what kept the request from being sent those from 601 to 615; `*outcome` is written then too, with
 * no card. `cardwright_last_error` has the words.
 */
int32_t cardwright_client_operate(const struct CardwrightClient *client,
                                  const struct CardwrightCard *card,
                                  CARDWRIGHT_ENUM(CardwrightOperation) operation,
                                  uint32_t has_reason,
                                  CARDWRIGHT_ENUM(CardwrightRevocationReason) reason,
                                  struct CardwrightText comment,
                                  struct CardwrightOutcome *outcome,
                                  struct CardwrightError *error);

/**
 * Reads the card with an id and performs a `CardwrightOperation` on it, with the parameters and results of
 * `cardwright_client_operate`. What is sent is for the card that was read, and what is read afterwards is compared with
 * it: another card that has the id by then is not taken for it.
 *
 * `CARDWRIGHT_CODE_NOT_FOUND` if the server has no such card; nothing was sent then, and `*outcome` is not written.
 */
int32_t cardwright_client_operate_by_id(const struct CardwrightClient *client,
                                        struct CardwrightText id,
                                        CARDWRIGHT_ENUM(CardwrightOperation) operation,
                                        uint32_t has_reason,
                                        CARDWRIGHT_ENUM(CardwrightRevocationReason) reason,
                                        struct CardwrightText comment,
                                        struct CardwrightOutcome *outcome,
                                        struct CardwrightError *error);

/**
 * Continues a request of MIM CM that waited for approval; `request` is its id, from an outcome. If it still waits,
 * that is the outcome again.
 *
 * `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow, which has no requests; `CARDWRIGHT_CODE_NO_SUCH_OPERATION` if it
 * is for something that this library cannot perform; `CARDWRIGHT_CODE_REQUEST_ENDED` if it was denied, was
 * canceled or failed.
 */
int32_t cardwright_client_go_on(const struct CardwrightClient *client,
                                struct CardwrightText request,
                                struct CardwrightOutcome *outcome,
                                struct CardwrightError *error);

/**
 * What comes next for a request of MIM CM.
 */
typedef enum CardwrightRequestStep
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Somebody must approve it first, or MIM CM has not looked at it yet. Follow it again later.
   */
  CARDWRIGHT_REQUEST_STEP_AWAIT_APPROVAL = 1,
  /**
   * It is approved, or its carrying out was begun: `cardwright_client_go_on` carries it out.
   */
  CARDWRIGHT_REQUEST_STEP_CARRY_OUT = 2,
  /**
   * It is completed.
   */
  CARDWRIGHT_REQUEST_STEP_DONE = 3,
  /**
   * It was denied, was canceled or has failed, as `status` says: nothing more comes of it.
   */
  CARDWRIGHT_REQUEST_STEP_ENDED = 4,
  /**
   * Its status is not known: nothing should be sent on its strength.
   */
  CARDWRIGHT_REQUEST_STEP_UNKNOWN = 5,
} CardwrightRequestStep;

/**
 * An answer as it came. It may be shared between threads.
 */
typedef struct CardwrightRaw CardwrightRaw;

/**
 * A request of MIM CM as it is now, and the card that it is for.
 */
typedef struct CardwrightFollowed {
  /**
   * `sizeof(CardwrightFollowed)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * What comes next: a `CardwrightRequestStep`.
   */
  CARDWRIGHT_ENUM(CardwrightRequestStep) step;
  /**
   * 1 if `status` counts: it is known.
   */
  uint32_t has_status;
  /**
   * A `CardwrightRequestStatus`.
   */
  CARDWRIGHT_ENUM(CardwrightRequestStatus) status;
  /**
   * 1 if `request_type` counts: it is known.
   */
  uint32_t has_request_type;
  /**
   * A `CardwrightRequestType`.
   */
  CARDWRIGHT_ENUM(CardwrightRequestType) request_type;
  /**
   * The `CardwrightOperation` that it is for; 0 if this library cannot perform it.
   */
  CARDWRIGHT_ENUM(CardwrightOperation) operation;
  /**
   * The code of what kept the card from being read; `CARDWRIGHT_OK` if nothing did.
   */
  int32_t card_code;
  /**
   * The request as the server sent it, a body that `cardwright_view_parse` reads. Free it with `cardwright_raw_free`.
   */
  struct CardwrightRaw *request;
  /**
   * The card that it is for; `NULL` if it is for none, the server does not have it, or it cannot be read. Free it with
   * `cardwright_card_free`.
   */
  struct CardwrightCard *card;
} CardwrightFollowed;

/**
 * Reads a request of MIM CM by its id, and the card that it is for; nothing is changed. For a program that waits until
 * somebody approves what it asked for. Free `followed->request` and `followed->card`.
 *
 * `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow, which has no requests; `CARDWRIGHT_CODE_NOT_FOUND` if there is no such
 * request; `CARDWRIGHT_CODE_UNEXPECTED` if the server answers with another one. That the card cannot be read is no error:
 * `card_code` says so.
 */
int32_t cardwright_client_follow(const struct CardwrightClient *client,
                                 struct CardwrightText request,
                                 struct CardwrightFollowed *followed,
                                 struct CardwrightError *error);

/**
 * Gives up a request of MIM CM that is not carried out yet: it is canceled, or abandoned where it was approved already.
 *
 * `CARDWRIGHT_CODE_REQUEST_ENDED` if it has ended already; `CARDWRIGHT_CODE_UNEXPECTED` if it does not show, until the settle
 * limit, that it was given up; `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow, which has no requests.
 */
int32_t cardwright_client_cancel_request(const struct CardwrightClient *client,
                                         struct CardwrightText request,
                                         struct CardwrightError *error);

#endif

/** @} */

/* ========================================================================================== Many cards */

/**
 * @defgroup bulk Many cards
 * An operation on many cards, with a journal from which it goes on after an interruption.
 * @{
 */

#if defined(CARDWRIGHT_CLIENT)

/**
 * An operation for many cards: what is planned for each, and what has come of it. One call at a time may change it; it
 * keeps the client that it came from alive. After a fork it stays with the parent: in the child its rows can be read, and
 * nothing can be run.
 */
typedef struct CardwrightBulk CardwrightBulk;

/**
 * Plans an operation for the `count` cards with these ids: each is read, and nothing is sent that changes anything. A card
 * that comes twice counts once; one for which the client's `CardwrightCheck` stops the operation is skipped. `operation`,
 * `has_reason`, `reason` and `comment` are those of `cardwright_client_operate`. Free `*bulk` with
 * `cardwright_bulk_free`.
 *
 * `CARDWRIGHT_CODE_NOT_FOUND` if the server does not have one of the cards, and nothing is planned then;
 * `cardwright_last_error` says which. `cardwright_client_cancel` ends the reading.
 */
int32_t cardwright_bulk_of_ids(const struct CardwrightClient *client,
                               const struct CardwrightText *ids,
                               size_t count,
                               CARDWRIGHT_ENUM(CardwrightOperation) operation,
                               uint32_t has_reason,
                               CARDWRIGHT_ENUM(CardwrightRevocationReason) reason,
                               struct CardwrightText comment,
                               struct CardwrightBulk **bulk,
                               struct CardwrightError *error);

/**
 * Plans an operation for the cards that a query finds, or for all cards with `NULL`, which in MIM CM are the caller's own;
 * else as `cardwright_bulk_of_ids`. Of a list that cannot be read whole, no part is planned. Look at the counts before
 * anything is run.
 */
int32_t cardwright_bulk_of_query(const struct CardwrightClient *client,
                                 const struct CardwrightQuery *query,
                                 CARDWRIGHT_ENUM(CardwrightOperation) operation,
                                 uint32_t has_reason,
                                 CARDWRIGHT_ENUM(CardwrightRevocationReason) reason,
                                 struct CardwrightText comment,
                                 struct CardwrightBulk **bulk,
                                 struct CardwrightError *error);

/**
 * Takes up the plan in a journal, whatever ended the run that wrote it; nothing is sent. Cards of which it does not tell
 * what became of them are `CARDWRIGHT_FATE_UNKNOWN` until the next run, which reads them before anything else.
 * `cardwright_bulk_facts` says which operation it is. Free `*bulk` with `cardwright_bulk_free`.
 *
 * `CARDWRIGHT_CODE_JOURNAL` if it is of another server than the client's, is being used by another run, is damaged, or is
 * none.
 */
int32_t cardwright_bulk_resume(const struct CardwrightClient *client,
                               struct CardwrightText journal,
                               struct CardwrightBulk **bulk,
                               struct CardwrightError *error);

/**
 * Writes the plan into a new journal, a file that is not there yet: what is about to be sent is on the disk before it is
 * sent, so that `cardwright_bulk_resume` can go on with a run that was ended by anything, and no card is operated on
 * twice. The journal is this run's own until `cardwright_bulk_free`. It names cards and their holders, and nobody else
 * may read it (mode 0600).
 *
 * `CARDWRIGHT_CODE_JOURNAL` if the file is there already or cannot be written.
 */
int32_t cardwright_bulk_keep(struct CardwrightBulk *bulk,
                             struct CardwrightText journal,
                             struct CardwrightError *error);

/**
 * Puts the cards that failed back among those that are planned, for the next run. A request of MIM CM that one of them
 * has is gone on with.
 */
int32_t cardwright_bulk_retry_failed(struct CardwrightBulk *bulk,
                                     struct CardwrightError *error);

/**
 * What a bulk operation is. Its texts belong to the operation.
 */
typedef struct CardwrightBulkFacts {
  /**
   * `sizeof(CardwrightBulkFacts)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightSystem`.
   */
  CARDWRIGHT_ENUM(CardwrightSystem) system;
  /**
   * A `CardwrightOperation`.
   */
  CARDWRIGHT_ENUM(CardwrightOperation) operation;
  /**
   * 1 if `reason` counts.
   */
  uint32_t has_reason;
  /**
   * A `CardwrightRevocationReason` of CertiFlow.
   */
  CARDWRIGHT_ENUM(CardwrightRevocationReason) reason;
  /**
   * How many rows it has.
   */
  size_t count;
  /**
   * The comment for the requests of MIM CM.
   */
  struct CardwrightText comment;
  /**
   * The base of the API of the server that it is for.
   */
  struct CardwrightText server;
  /**
   * The journal; `data` is `NULL` if there is none.
   */
  struct CardwrightText journal;
} CardwrightBulkFacts;

/**
 * Which operation it is, for how many cards, on which server, and in which journal.
 */
int32_t cardwright_bulk_facts(const struct CardwrightBulk *bulk,
                              struct CardwrightBulkFacts *facts,
                              struct CardwrightError *error);

/**
 * How many cards of a bulk operation have which fate.
 */
typedef struct CardwrightBulkCounts {
  /**
   * `sizeof(CardwrightBulkCounts)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * All cards.
   */
  size_t total;
  /**
   * Cards with which nothing was done yet.
   */
  size_t planned;
  /**
   * Cards with which nothing will be done.
   */
  size_t skipped;
  /**
   * Cards that are done.
   */
  size_t done;
  /**
   * Cards whose request waits for approval.
   */
  size_t awaiting_approval;
  /**
   * Cards that failed.
   */
  size_t failed;
  /**
   * Cards whose outcome is not known.
   */
  size_t unknown;
  /**
   * Cards that the server accepted, and that were not read again.
   */
  size_t accepted;
} CardwrightBulkCounts;

/**
 * How many cards have which fate.
 */
int32_t cardwright_bulk_counts(const struct CardwrightBulk *bulk,
                               struct CardwrightBulkCounts *counts,
                               struct CardwrightError *error);

/**
 * A card of a bulk operation, and its outcome. Its texts belong to the operation; `words` and `request` stay until it is
 * run again, or its failed cards are put back.
 */
typedef struct CardwrightBulkRow {
  /**
   * `sizeof(CardwrightBulkRow)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * What has become of it: a `CardwrightFate`.
   */
  CARDWRIGHT_ENUM(CardwrightFate) fate;
  /**
   * 1 if `state` counts: it was known at the time of the plan.
   */
  uint32_t has_state;
  /**
   * A `CardwrightCardState` of CertiFlow or a `CardwrightSmartcardStatus` of MIM CM, at the time of the plan.
   */
  uint32_t state;
  /**
   * 1 if `verdict` counts: the state is known.
   */
  uint32_t has_verdict;
  /**
   * Why it was skipped, failed or is unknown: a `CardwrightCode`, or `CARDWRIGHT_OK`.
   */
  int32_t code;
  /**
   * The HTTP status of the last answer to the operation; 0 if there is none.
   */
  uint32_t http_status;
  /**
   * How often the operation was sent.
   */
  uint32_t attempts;
  /**
   * The id in the system.
   */
  struct CardwrightText id;
  /**
   * The serial number, as the system writes it.
   */
  struct CardwrightText serial_number;
  /**
   * The card's holder; empty if the record does not say.
   */
  struct CardwrightText holder;
  /**
   * The state at the time of the plan, in the system's word, or what the server sent.
   */
  struct CardwrightText state_text;
  /**
   * Why it was skipped, failed or is unknown; empty otherwise.
   */
  struct CardwrightText words;
  /**
   * The request of MIM CM; `data` is `NULL` if there is none.
   */
  struct CardwrightText request;
  /**
   * What the tables say about the operation in that state.
   */
  struct CardwrightVerdict verdict;
} CardwrightBulkRow;

/**
 * A card by its index, from 0, in the order of the ids or of the list, and what has become of it.
 */
int32_t cardwright_bulk_row(const struct CardwrightBulk *bulk,
                            size_t index,
                            struct CardwrightBulkRow *row,
                            struct CardwrightError *error);

/**
 * Frees an operation for many cards, which must not be running, and closes its journal; the texts of its rows become
 * invalid. `NULL` is allowed.
 */
void cardwright_bulk_free(struct CardwrightBulk *bulk);

/**
 * How a run proceeds: its pace, and what stops it. Zero all of it, then set `struct_size`; a number that is 0 leaves the
 * default.
 */
typedef struct CardwrightBulkOptions {
  /**
   * `sizeof(CardwrightBulkOptions)`.
   */
  uint32_t struct_size;
  /**
   * How many cards are sent or read at the same time, 1 to 1,024; each takes a thread. Default: 8.
   */
  uint32_t concurrency;
  /**
   * How often a card's operation is sent at most, if the server asks to wait and the card is as before each time.
   * Default: 5.
   */
  uint32_t attempts;
  /**
   * The longest wait that the server may ask for by `Retry-After`, in milliseconds; a longer one stops the run. Default:
   * 5 minutes.
   */
  uint32_t longest_wait;
  /**
   * The number of cards that go first, one by one; if one of them is not done, the run stops. Default: none.
   */
  uint32_t canary;
  /**
   * 1 if `max_failures` counts: 0 is one of its values.
   */
  uint32_t has_max_failures;
  /**
   * The run stops when more cards than this have failed or are unknown. Default: no limit.
   */
  uint32_t max_failures;
  /**
   * The most operations a second on average, such as 0.5 or 200; retries count. Default: no limit.
   */
  double rate;
} CardwrightBulkOptions;

/**
 * How far a run is. It belongs to the library, and stays until the function that it was passed to returns.
 */
typedef struct CardwrightBulkProgress {
  /**
   * `sizeof(CardwrightBulkProgress)` of the library.
   */
  uint32_t struct_size;
  /**
   * 1 if the run is paused, because the server asked for it.
   */
  uint32_t waits;
  /**
   * How many cards have which fate, earlier runs included.
   */
  const struct CardwrightBulkCounts *counts;
  /**
   * How long this run has taken, in milliseconds.
   */
  uint64_t elapsed;
  /**
   * How many cards a second this run has ended, on average.
   */
  double per_second;
} CardwrightBulkProgress;

/**
 * A function of the program that is told how far a run is: at once, about ten times a second, and at the end. It is
 * called on the thread that called `cardwright_bulk_run`. It returns 0 for the run to go on; anything else stops it: cards that are under way
 * come to their end, and no other is begun. It may call the library, but not with the operation that runs, except
 * `cardwright_bulk_cancel`. It must return, and not by `longjmp` or an exception.
 */
typedef int32_t (*CardwrightProgress)(void *context, const struct CardwrightBulkProgress *progress);

/**
 * How a run ended. Its texts belong to the operation, until it is run again.
 */
typedef struct CardwrightBulkEnd {
  /**
   * `sizeof(CardwrightBulkEnd)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * 0 if every card was looked at, else why not: a `CardwrightStopped`.
   */
  CARDWRIGHT_ENUM(CardwrightStopped) stopped;
  /**
   * The code of the error that stopped it, or `CARDWRIGHT_OK`.
   */
  int32_t code;
  /**
   * The HTTP status of that error; 0 if there is none.
   */
  uint32_t http_status;
  /**
   * How long the run took, in milliseconds.
   */
  uint64_t elapsed;
  /**
   * That error in words; empty if there is none.
   */
  struct CardwrightText words;
} CardwrightBulkEnd;

/**
 * Carries out what is planned, reads the cards whose outcome is not known, and goes on with requests of MIM CM that waited
 * for approval. It returns when all is done, or when `end->stopped` says why it was not: in both cases with
 * `CARDWRIGHT_OK`. That a card failed is no error: `cardwright_bulk_counts` and `cardwright_bulk_row` tell.
 *
 * `options` may be `NULL` for the defaults, `progress` for none; it is passed `context`. Without a journal
 * (`cardwright_bulk_keep`), a run that is killed cannot be resumed.
 *
 * `CARDWRIGHT_CODE_SETTING` for options that cannot be used. In a child after a fork `CARDWRIGHT_CODE_ARGUMENT`.
 */
int32_t cardwright_bulk_run(struct CardwrightBulk *bulk,
                            const struct CardwrightBulkOptions *options,
                            CardwrightProgress progress,
                            void *context,
                            struct CardwrightBulkEnd *end,
                            struct CardwrightError *error);

/**
 * Stops a run at once and for good, from any thread: what is under way is not waited for, and every later run of this
 * operation ends at once too. Cards of which nobody knows then whether they were operated on are
 * `CARDWRIGHT_FATE_UNKNOWN`; after `cardwright_bulk_resume`, a run reads them. To let what is under way come to its end,
 * return something other than 0 from the `CardwrightProgress`.
 */
int32_t cardwright_bulk_cancel(const struct CardwrightBulk *bulk,
                               struct CardwrightError *error);

#endif

/** @} */

/* ================================================================== Requests, and the server's own API */

/**
 * @defgroup requests Requests, and the server's own API
 * Requests of MIM CM, the journal and the accounts of cardwright-server, and calls that have no function.
 * @{
 */

#if defined(CARDWRIGHT_CLIENT)

/**
 * Lists the requests of MIM CM that the account may see: all, or with `open` 1 those that have not ended, or with
 * `has_status` 1 those with a `CardwrightRequestStatus`; with `for_caller` 1 only those for the account's own user. The
 * body of `*raw` is a list of requests, as `cardwright_view_parse` reads each. Free it with `cardwright_raw_free`.
 *
 * `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow; `CARDWRIGHT_CODE_UNEXPECTED` from a server that ignores what it was asked.
 */
int32_t cardwright_client_requests(const struct CardwrightClient *client,
                                   uint32_t has_status,
                                   CARDWRIGHT_ENUM(CardwrightRequestStatus) status,
                                   uint32_t open,
                                   uint32_t for_caller,
                                   struct CardwrightRaw **raw,
                                   struct CardwrightError *error);

/**
 * Lists the requests of MIM CM that have not ended, with what they wait for, on a server of `cardwright serve`: all, or
 * those about a card. The body of `*raw` is a list. Free it with `cardwright_raw_free`.
 */
int32_t cardwright_client_open_requests(const struct CardwrightClient *client,
                                        struct CardwrightText card,
                                        struct CardwrightRaw **raw,
                                        struct CardwrightError *error);

/**
 * Approves a request of MIM CM on a server of `cardwright serve`; MIM CM itself has no call for it. The body of `*raw` is
 * an object with its status, and how many have approved it of how many must. Free it with `cardwright_raw_free`.
 *
 * `CARDWRIGHT_CODE_NOT_FOUND` if there is no such request, `CARDWRIGHT_CODE_REFUSED` if it does not wait for approval.
 */
int32_t cardwright_client_approve(const struct CardwrightClient *client,
                                  struct CardwrightText request,
                                  struct CardwrightRaw **raw,
                                  struct CardwrightError *error);

/**
 * Denies a request of MIM CM on a server of `cardwright serve`, which ends it; as `cardwright_client_approve`.
 */
int32_t cardwright_client_deny(const struct CardwrightClient *client,
                               struct CardwrightText request,
                               struct CardwrightRaw **raw,
                               struct CardwrightError *error);

/**
 * Reads all rows of the audit log about a card, by its id in CertiFlow or in MIM CM, of a server of `cardwright serve`,
 * as `cardwright_client_audit`.
 */
int32_t cardwright_client_history(const struct CardwrightClient *client,
                                  struct CardwrightText card,
                                  struct CardwrightRaw **raw,
                                  struct CardwrightError *error);

/**
 * Which rows of an audit log. Zero all of it, then set `struct_size`, and what they are to be chosen by.
 */
typedef struct CardwrightAuditQuery {
  /**
   * `sizeof(CardwrightAuditQuery)`.
   */
  uint32_t struct_size;
  /**
   * The most rows, 1 to 1000; 0 for 100.
   */
  uint32_t limit;
  /**
   * The rows after this one: 0 for all, or what was written to `next` before.
   */
  int64_t after;
  /**
   * Those about a card, by its id in CertiFlow or in MIM CM.
   */
  struct CardwrightText card;
  /**
   * Those of an account.
   */
  struct CardwrightText account;
  /**
   * Those of the bearers of an issuer's tokens.
   */
  struct CardwrightText issuer;
  /**
   * Those of the bearer that is this subject.
   */
  struct CardwrightText subject;
  /**
   * From this date or time on (ISO 8601).
   */
  struct CardwrightText since;
  /**
   * Before this date or time.
   */
  struct CardwrightText until;
} CardwrightAuditQuery;

/**
 * Reads rows of the audit log of a server of `cardwright serve`, oldest first: who did what, and what was refused. The
 * body of `*raw` is a list of rows, and `*next` what to give as `after` for the next ones, now or later. Free it with
 * `cardwright_raw_free`.
 *
 * Codes of this and of the other functions for such a server: `CARDWRIGHT_CODE_NO_SUCH_CALL` if the server is none,
 * `FORBIDDEN` if the account may not, and those from 601 on.
 */
int32_t cardwright_client_audit(const struct CardwrightClient *client,
                                const struct CardwrightAuditQuery *query,
                                struct CardwrightRaw **raw,
                                int64_t *next,
                                struct CardwrightError *error);

/**
 * Lists the accounts of a server of `cardwright serve`. The body of `*raw` is a list. Free it with `cardwright_raw_free`.
 */
int32_t cardwright_client_accounts(const struct CardwrightClient *client,
                                   struct CardwrightRaw **raw,
                                   struct CardwrightError *error);

/**
 * What to change in an account. Zero all of it, then set `struct_size` and `name`; what is `NULL` stays as it is. A new
 * account needs a password and a role.
 */
typedef struct CardwrightAccountChange {
  /**
   * `sizeof(CardwrightAccountChange)`.
   */
  uint32_t struct_size;
  /**
   * 1 if `disabled` counts.
   */
  uint32_t has_disabled;
  /**
   * 1 for an account that cannot sign in.
   */
  uint32_t disabled;
  /**
   * The name to sign in with.
   */
  struct CardwrightText name;
  /**
   * The password.
   */
  struct CardwrightText password;
  /**
   * The name of the role.
   */
  struct CardwrightText role;
  /**
   * The user that it is in MIM CM, a GUID.
   */
  struct CardwrightText user;
} CardwrightAccountChange;

/**
 * Changes an account of a server of `cardwright serve`, or adds it. The body of `*raw` is the account as it is then. Free
 * it with `cardwright_raw_free`.
 *
 * `CARDWRIGHT_CODE_NOT_FOUND` for a new account without a password or a role, `CARDWRIGHT_CODE_REFUSED` if no account
 * would be left that may do everything.
 */
int32_t cardwright_client_put_account(const struct CardwrightClient *client,
                                      const struct CardwrightAccountChange *change,
                                      struct CardwrightRaw **raw,
                                      struct CardwrightError *error);

/**
 * Sends a request for which this library has no function: a `CardwrightMethod`, any path below the API's base with
 * its parameters, percent-encoded, and a JSON body, whose `data` is `NULL` for none. It signs in and has time limits
 * like all others, is sent once, and the answer comes as it is: a refusal is a success of this function. Free `*raw`
 * with `cardwright_raw_free`.
 */
int32_t cardwright_client_raw(const struct CardwrightClient *client,
                              CARDWRIGHT_ENUM(CardwrightMethod) method,
                              struct CardwrightText path,
                              struct CardwrightText body,
                              struct CardwrightRaw **raw,
                              struct CardwrightError *error);

/**
 * An answer as it came. What it points to belongs to the handle.
 */
typedef struct CardwrightRawFacts {
  /**
   * `sizeof(CardwrightRawFacts)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The HTTP status, whatever it is.
   */
  uint32_t status;
  /**
   * The header `Content-Type`, or an empty text.
   */
  struct CardwrightText content_type;
  /**
   * The body; a card or request in it can be read by `cardwright_view_parse`.
   */
  const uint8_t *body;
  /**
   * The length of the body in bytes.
   */
  size_t body_length;
} CardwrightRawFacts;

/**
 * Status, type and body of an answer.
 */
int32_t cardwright_raw_facts(const struct CardwrightRaw *raw,
                             struct CardwrightRawFacts *facts,
                             struct CardwrightError *error);

/**
 * The value of a header by its name, in upper or lower case, and its index, from 0, among those of this name. It
 * belongs to the handle.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` past the last.
 */
int32_t cardwright_raw_header(const struct CardwrightRaw *raw,
                              struct CardwrightText name,
                              size_t index,
                              struct CardwrightText *value,
                              struct CardwrightError *error);

/**
 * Frees an answer; pointers into it become invalid. `NULL` is allowed.
 */
void cardwright_raw_free(struct CardwrightRaw *raw);

#endif

/** @} */

/* ========================================================================================== The doctor */

/**
 * @defgroup doctor The doctor
 * What is wrong with the way to a server, or with the readers.
 * @{
 */

#if defined(CARDWRIGHT_CLIENT)

/**
 * The checks of an examination. It may be shared between threads.
 */
typedef struct CardwrightDoctor CardwrightDoctor;

/**
 * Examines a server without changing anything, and says what is in the way: proxy, name, connection, TLS, token, sign-in,
 * base, privileges, filters, generation and clock, in this order; what needs an earlier check is left out if that one
 * failed. It sends GETs alone, to the server that the options mean. `*count` is the number of checks. Free `*doctor`
 * with `cardwright_doctor_free`.
 *
 * It takes `limit` milliseconds at most, 0 for 5 minutes, but for a name that the system looks up and a person who is
 * shown a code; the limits of the options are not used. What is wrong with the server is a check, and no error: the codes
 * are those of `cardwright_client_new`, for options that cannot be used.
 */
int32_t cardwright_doctor_examine(const struct CardwrightOptions *options,
                                  uint32_t limit,
                                  struct CardwrightDoctor **doctor,
                                  size_t *count,
                                  struct CardwrightError *error);

/**
 * How a check of a server came out.
 */
typedef enum CardwrightDoctorLevel
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Nothing is in the way.
   */
  CARDWRIGHT_DOCTOR_LEVEL_OK = 1,
  /**
   * Something to look at.
   */
  CARDWRIGHT_DOCTOR_LEVEL_WARN = 2,
  /**
   * Something is in the way.
   */
  CARDWRIGHT_DOCTOR_LEVEL_FAIL = 3,
} CardwrightDoctorLevel;

/**
 * A check of a server. Its texts belong to the examination.
 */
typedef struct CardwrightDoctorCheck {
  /**
   * `sizeof(CardwrightDoctorCheck)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * How it came out: a `CardwrightDoctorLevel`.
   */
  CARDWRIGHT_ENUM(CardwrightDoctorLevel) level;
  /**
   * What was looked at, such as `TLS`.
   */
  struct CardwrightText name;
  /**
   * What was seen.
   */
  struct CardwrightText seen;
  /**
   * The next step, in the words of the options of the command `cardwright` (`--url` is the member `base`, `--ca` is
   * `roots`; others are called as the members are); `data` is `NULL` if there is none.
   */
  struct CardwrightText next;
} CardwrightDoctorCheck;

/**
 * A check by its index, from 0, in the order in which they were made.
 */
int32_t cardwright_doctor_at(const struct CardwrightDoctor *doctor,
                             size_t index,
                             struct CardwrightDoctorCheck *check,
                             struct CardwrightError *error);

/**
 * Frees the checks; their texts become invalid. `NULL` is allowed.
 */
void cardwright_doctor_free(struct CardwrightDoctor *doctor);

#endif

/** @} */

/* ============================================================================================= Readers */

/**
 * @defgroup reader Readers
 * Readers over PC/SC: listed, watched, and sessions with the cards in them.
 * @{
 */

#if defined(CARDWRIGHT_READER)

/**
 * The readers of this machine, as they were when the list was made. It may be shared between threads.
 */
typedef struct CardwrightReaders CardwrightReaders;

/**
 * Lists the readers, in the system's order; an empty list is not an error. `*count` is the number of readers. Free
 * `*readers` with `cardwright_readers_free`.
 *
 * `CARDWRIGHT_CODE_NO_SERVICE` if the system's smart-card service does not answer: on Linux, pcscd is not
 * installed or not started.
 */
int32_t cardwright_readers_new(struct CardwrightReaders **readers,
                               size_t *count,
                               struct CardwrightError *error);

/**
 * What is in a reader.
 */
typedef enum CardwrightSlot
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Nothing.
   */
  CARDWRIGHT_SLOT_EMPTY = 0,
  /**
   * A card.
   */
  CARDWRIGHT_SLOT_CARD = 1,
  /**
   * A card that does not answer to reset: inserted upside down, broken, or not a smart card.
   */
  CARDWRIGHT_SLOT_MUTE = 2,
  /**
   * The reader itself cannot be used.
   */
  CARDWRIGHT_SLOT_UNAVAILABLE = 3,
} CardwrightSlot;

/**
 * Who uses the card in a reader.
 */
typedef enum CardwrightSharing
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Nobody.
   */
  CARDWRIGHT_SHARING_FREE = 0,
  /**
   * One or more programs, which share it.
   */
  CARDWRIGHT_SHARING_SHARED = 1,
  /**
   * One program, exclusively.
   */
  CARDWRIGHT_SHARING_EXCLUSIVE = 2,
} CardwrightSharing;

/**
 * A reader. A device with two slots is two readers.
 */
typedef struct CardwrightReader {
  /**
   * `sizeof(CardwrightReader)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightSlot`.
   */
  CARDWRIGHT_ENUM(CardwrightSlot) slot;
  /**
   * A `CardwrightSharing`.
   */
  CARDWRIGHT_ENUM(CardwrightSharing) sharing;
  /**
   * How often a card was inserted or removed since the reader was plugged in or the service was started: while it
   * stays the same, so does the card. Wraps after 65,535; 0 if the system does not count.
   */
  uint32_t events;
  /**
   * The name by which the system knows it; it belongs to the list. It may change when the reader is plugged in again.
   */
  struct CardwrightText name;
  /**
   * The card's ATR as the reader reported it, unchecked; it belongs to the list.
   */
  const uint8_t *atr;
  /**
   * The length of the ATR; 0 without a card or with a mute one.
   */
  size_t atr_length;
} CardwrightReader;

/**
 * A reader of a list by its index, from 0.
 */
int32_t cardwright_readers_at(const struct CardwrightReaders *readers,
                              size_t index,
                              struct CardwrightReader *reader,
                              struct CardwrightError *error);

/**
 * Frees a list of readers; its names and ATRs become invalid. `NULL` is allowed.
 */
void cardwright_readers_free(struct CardwrightReaders *readers);

/**
 * Reports the events of the readers, each once and in order. A card's removal is reported before the next card's
 * insertion, and before the removal of its reader. A watch does not end by itself: it reports when the service
 * stops, and continues when it is back.
 */
typedef struct CardwrightWatch CardwrightWatch;

/**
 * Begins to watch; the readers and cards that are there are reported first. If there is no service, that is the
 * first event, and not an error. Free `*watch` with `cardwright_watch_free`.
 */
int32_t cardwright_watch_new(struct CardwrightWatch **watch,
                             struct CardwrightError *error);

/**
 * The kind of an event.
 */
typedef enum CardwrightEventKind
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Nothing happened within the limit.
   */
  CARDWRIGHT_EVENT_KIND_NONE = 0,
  /**
   * There is a reader: at the start of the watch, or newly plugged in.
   */
  CARDWRIGHT_EVENT_KIND_READER_ADDED = 1,
  /**
   * A reader was unplugged, or disappeared with the service.
   */
  CARDWRIGHT_EVENT_KIND_READER_REMOVED = 2,
  /**
   * A card is in a reader: at the start of the watch, or newly inserted.
   */
  CARDWRIGHT_EVENT_KIND_CARD_INSERTED = 3,
  /**
   * A card was removed, or disappeared with its reader or the service.
   */
  CARDWRIGHT_EVENT_KIND_CARD_REMOVED = 4,
  /**
   * Events of a reader were missed: cards were inserted or removed faster than events were read. The events that
   * follow lead to the present state.
   */
  CARDWRIGHT_EVENT_KIND_MISSED = 5,
  /**
   * The service does not answer. Cards and readers that were there are reported as removed next.
   */
  CARDWRIGHT_EVENT_KIND_SERVICE_LOST = 6,
  /**
   * The service answers again. Its readers and their cards are reported next, as new.
   */
  CARDWRIGHT_EVENT_KIND_SERVICE_BACK = 7,
} CardwrightEventKind;

/**
 * An event. What it points to stays valid until the next call of `cardwright_watch_next` or
 * `cardwright_watch_free`.
 */
typedef struct CardwrightEvent {
  /**
   * `sizeof(CardwrightEvent)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightEventKind`.
   */
  CARDWRIGHT_ENUM(CardwrightEventKind) kind;
  /**
   * Of an inserted card: the reader's count of insertions and removals by then, as in `CardwrightReader`. With
   * `CARDWRIGHT_EVENT_KIND_MISSED`: how many were missed.
   */
  uint32_t events;
  /**
   * Of a service that does not answer: the reason, a `CardwrightCode`; else 0.
   */
  int32_t code;
  /**
   * The name of the reader; `data` is `NULL` if the event is not about one.
   */
  struct CardwrightText reader;
  /**
   * The ATR of an inserted card, unchecked.
   */
  const uint8_t *atr;
  /**
   * The length of the ATR; 0 if the card is mute.
   */
  size_t atr_length;
} CardwrightEvent;

/**
 * For a time limit: none.
 */
#define CARDWRIGHT_NO_LIMIT UINT32_MAX

/**
 * Waits for the next event, `limit` milliseconds at most; 0 does not wait, `CARDWRIGHT_NO_LIMIT` waits until
 * something happens. If nothing did, the kind is `CARDWRIGHT_EVENT_KIND_NONE`.
 *
 * `CARDWRIGHT_CODE_CANCELED` once the watch is canceled; `CARDWRIGHT_CODE_ARGUMENT` if another thread waits, and in a
 * child that was forked since the watch was made, which makes one of its own.
 */
int32_t cardwright_watch_next(struct CardwrightWatch *watch,
                              uint32_t limit,
                              struct CardwrightEvent *event,
                              struct CardwrightError *error);

/**
 * Cancels a watch, from any thread, even while another one waits in `cardwright_watch_next`, which
 * then returns `CARDWRIGHT_CODE_CANCELED` at once, as every later call does. It takes a lock: not for a
 * signal handler.
 */
int32_t cardwright_watch_cancel(const struct CardwrightWatch *watch, struct CardwrightError *error);

/**
 * Frees a watch, in which nobody may be waiting. `NULL` is allowed.
 */
void cardwright_watch_free(struct CardwrightWatch *watch);

/**
 * Whether other programs may use the card during a session.
 */
typedef enum CardwrightShare
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * They may; a transaction keeps them out for a while.
   */
  CARDWRIGHT_SHARE_SHARED = 0,
  /**
   * They may not.
   */
  CARDWRIGHT_SHARE_EXCLUSIVE = 1,
} CardwrightShare;

/**
 * Which transmission protocols a session accepts, or which one it uses.
 */
typedef enum CardwrightProtocol
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * Accepted: whichever the system chooses of those that the card offers. In use: none of the others.
   */
  CARDWRIGHT_PROTOCOL_ANY = 0,
  /**
   * T=0: bytes.
   */
  CARDWRIGHT_PROTOCOL_T0 = 1,
  /**
   * T=1: blocks. Contactless cards are reached by it too.
   */
  CARDWRIGHT_PROTOCOL_T1 = 2,
} CardwrightProtocol;

/**
 * How to connect. Zero all of it, then set `struct_size`; 0 is the default everywhere.
 */
typedef struct CardwrightOpen {
  /**
   * `sizeof(CardwrightOpen)`.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightShare`.
   */
  CARDWRIGHT_ENUM(CardwrightShare) share;
  /**
   * A `CardwrightProtocol`.
   */
  CARDWRIGHT_ENUM(CardwrightProtocol) protocol;
  /**
   * How long each exchange with the card may take, and each wait for other programs, in milliseconds. Default: 60
   * seconds. A card may take minutes to generate a key.
   */
  uint32_t limit;
  /**
   * How long all exchanges that one command comes to may take (GET RESPONSE after 61xx, the command again after 6Cxx),
   * and `cardwright_session_identify` with all its commands, in milliseconds. The connect takes no longer either, and
   * its time counts to the first of them. Default: 12 seconds, or `limit` if that is set and longer.
   */
  uint32_t card_time_limit;
  /**
   * How many APDUs one command may come to, and `cardwright_session_identify` with all its commands. Default: 200.
   */
  uint32_t card_apdus;
} CardwrightOpen;

/**
 * A connection to one card, for one thread at a time; each has its own connection to the system's service, so that
 * none waits for another. After a fork it stays with the parent: in the child every use of it is
 * `CARDWRIGHT_CODE_ARGUMENT`.
 */
typedef struct CardwrightSession CardwrightSession;

/**
 * Connects to the card in the reader of this name; `open` is `NULL` for the defaults. Free `*session` with
 * `cardwright_session_free`.
 *
 * `CARDWRIGHT_CODE_NO_SERVICE`, `NO_READER`, `NO_CARD`, `CARD_MUTE`, `CARD_BUSY` if another program uses it
 * exclusively, `NO_PROTOCOL`, `READER_FAILED`, `CARD_TIMEOUT`.
 */
int32_t cardwright_session_new(struct CardwrightText reader,
                               const struct CardwrightOpen *open,
                               struct CardwrightSession **session,
                               struct CardwrightError *error);

/**
 * Facts about a session.
 */
typedef struct CardwrightSessionFacts {
  /**
   * `sizeof(CardwrightSessionFacts)`, set by the caller.
   */
  uint32_t struct_size;
  /**
   * The `CardwrightProtocol` in use.
   */
  CARDWRIGHT_ENUM(CardwrightProtocol) protocol;
  /**
   * The number of resets by other programs that the session has noticed.
   */
  uint32_t resets;
  /**
   * How many commands of the last `cardwright_session_identify` got no proper answer from the reader or the card.
   * If above 0, the identity may lack what they would have found.
   */
  uint32_t missed;
  /**
   * 1 while a transaction is open.
   */
  uint32_t in_transaction;
  /**
   * The length of the ATR.
   */
  uint32_t atr_length;
  /**
   * The card's ATR, unchecked. It may change after a reset.
   */
  uint8_t atr[CARDWRIGHT_ATR_MAX];
  /**
   * How many attempts the connect took: 1, or 2 if the first found no common protocol with the card or found it mute,
   * as for a moment after a program was killed in the middle of a command.
   */
  uint32_t attempts;
} CardwrightSessionFacts;

/**
 * Facts about a session, as they are now.
 */
int32_t cardwright_session_facts(const struct CardwrightSession *session,
                                 struct CardwrightSessionFacts *facts,
                                 struct CardwrightError *error);

/**
 * Sends a command APDU and writes the whole response APDU, data and SW1 SW2; `*status_word` is set to SW1 SW2 too,
 * unless it is `NULL`. 65,538 bytes are enough for any response, 258 for any response to a short command.
 *
 * It handles GET RESPONSE after 61xx, the same command again after 6Cxx, command chaining for a card that says it does
 * not support extended length, and the forms of T=0. Any status word is a success of this function.
 *
 * - `CARDWRIGHT_CODE_CARD_REMOVED`: the session cannot be used any more.
 * - `CARDWRIGHT_CODE_CARD_RESET`: another program reset the card; the command was not carried out, and what was
 *   selected or verified before is lost. The session can still be used: start over.
 * - `CARDWRIGHT_CODE_CARD_TIMEOUT`: no answer within the limit; the session cannot be used any more.
 * - `CARDWRIGHT_CODE_CARD_ENDLESS`: the answer goes on for ever: `card_apdus` of `CardwrightOpen` were sent. The session
 *   can still be used.
 * - `CARDWRIGHT_CODE_CARD_ANSWER`: the card's answer is not a response APDU.
 * - `CARDWRIGHT_CODE_ROOM`: the response is longer than the buffer; the card has carried out the command, unless the
 *   capacity is below 2: then nothing is sent.
 * - `CARDWRIGHT_CODE_CARD_BUSY`, `CARD_MUTE`, `READER_FAILED`, `NO_SERVICE`.
 */
int32_t cardwright_session_transmit(struct CardwrightSession *session,
                                    const uint8_t *command,
                                    size_t command_length,
                                    uint8_t *response,
                                    size_t capacity,
                                    size_t *length,
                                    uint32_t *status_word,
                                    struct CardwrightError *error);

/**
 * Sets how long each exchange may take from now on, and each wait for other programs, in milliseconds. Default (0): 60
 * seconds. Not within a transaction: `CARDWRIGHT_CODE_ARGUMENT`.
 */
int32_t cardwright_session_limit(struct CardwrightSession *session,
                                 uint32_t limit,
                                 struct CardwrightError *error);

/**
 * Begins a transaction, which keeps other programs from the card until it ends. Waits for theirs to end. `*was_reset`,
 * unless it is `NULL`, is 1 if another program has reset the card since the session's last exchange, so that
 * nothing is selected or verified any more.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` if one is open; `CARDWRIGHT_CODE_CARD_TIMEOUT` if another program's does not end in
 * time, after which the session cannot be used; otherwise as `cardwright_session_transmit`.
 */
int32_t cardwright_session_begin(struct CardwrightSession *session,
                                 uint32_t *was_reset,
                                 struct CardwrightError *error);

/**
 * Ends a transaction, even if this fails. With `reset` other than 0 the card is reset, so that what was selected
 * or verified is lost before any other program can use the card: end a transaction in which a PIN was verified this
 * way.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` if none is open; otherwise as `cardwright_session_transmit`.
 */
int32_t cardwright_session_end(struct CardwrightSession *session,
                               uint32_t reset,
                               struct CardwrightError *error);

/**
 * Resets the card: what was selected or verified is lost, for other programs too. Not within a transaction:
 * `CARDWRIGHT_CODE_ARGUMENT`; there `cardwright_session_end` does it.
 */
int32_t cardwright_session_reset(struct CardwrightSession *session, struct CardwrightError *error);

/**
 * Identifies the card, by commands that only read, in a transaction of its own. `*identity`, storage of the caller's,
 * becomes a dialogue that has ended, for `cardwright_identity_found`, `_identifier` and `_guess`. Afterwards another
 * application may be selected.
 *
 * If this fails while the card is asked (`CARDWRIGHT_CODE_CARD_TIMEOUT` and `_ENDLESS` by the limits of
 * `CardwrightOpen`), `*identity` has what was found until then: the card may have more to tell, a stronger identifier
 * too. If it fails before that, `*identity` is no dialogue, whatever it was before.
 *
 * One reset by another program in the middle is tolerated. A command that gets no answer (some readers refuse those
 * that they do not know) is skipped, and `missed` of `cardwright_session_facts` counts it.
 *
 * `CARDWRIGHT_CODE_ARGUMENT` within a transaction: there, run the dialogue by `cardwright_identity_command` and
 * `cardwright_session_transmit`. Otherwise as `cardwright_session_transmit`.
 */
int32_t cardwright_session_identify(struct CardwrightSession *session,
                                    struct CardwrightIdentity *identity,
                                    struct CardwrightError *error);

/**
 * Frees a session, and ends a transaction in it. The card is left as it is: not reset, not powered down. `NULL` is
 * allowed.
 */
void cardwright_session_free(struct CardwrightSession *session);

#endif

/** @} */

/* ============================================================================================= The log */

/**
 * @defgroup log The log
 * What the library does, told while it does it.
 * @{
 */

#if defined(CARDWRIGHT_HOSTED)

/**
 * The level of a line of the log. Each includes those before it.
 */
typedef enum CardwrightLogLevel
#if defined(__cplusplus)
  : uint32_t
#endif
{
  /**
   * No lines.
   */
  CARDWRIGHT_LOG_LEVEL_OFF = 0,
  /**
   * Something does not work.
   */
  CARDWRIGHT_LOG_LEVEL_ERROR = 1,
  /**
   * Something is not as expected.
   */
  CARDWRIGHT_LOG_LEVEL_WARN = 2,
  /**
   * Something notable was done.
   */
  CARDWRIGHT_LOG_LEVEL_INFO = 3,
  /**
   * Each request to a server and each connection to a card.
   */
  CARDWRIGHT_LOG_LEVEL_DEBUG = 4,
  /**
   * Each exchange with a card: lengths, instructions and status words.
   */
  CARDWRIGHT_LOG_LEVEL_TRACE = 5,
} CardwrightLogLevel;

/**
 * A line of the log. Its texts stay valid until the function that it was passed to returns.
 */
typedef struct CardwrightLogRecord {
  /**
   * `sizeof(CardwrightLogRecord)` of the library.
   */
  uint32_t struct_size;
  /**
   * A `CardwrightLogLevel`.
   */
  CARDWRIGHT_ENUM(CardwrightLogLevel) level;
  /**
   * The part of the library that reports it, such as `cardwright_http::transport`.
   */
  struct CardwrightText target;
  /**
   * What happened, in one line: words, then `name=value` for each detail. It contains no password, no token, no
   * parameter of a request, and no data of an APDU.
   */
  struct CardwrightText message;
} CardwrightLogRecord;

/**
 * A function of the program that receives the lines of the log. It is called on any thread that is in the library,
 * on several at once too. It may call the library, which is not logged; but not with a `T *` that a call under way
 * uses, nor to free anything in use. It must return, and not by `longjmp` or an exception.
 */
typedef void (*CardwrightLog)(void *context, const struct CardwrightLogRecord *record);

/**
 * Sets the function that receives the log, for the whole process; `NULL` or `CARDWRIGHT_LOG_LEVEL_OFF` turns it off.
 * `level` is a `CardwrightLogLevel`. The previous function is not called for anything that begins after this returns;
 * a call of it under way in another thread still finishes, so its `context` must stay valid until no other thread is
 * in the library.
 *
 * `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `level`; `CARDWRIGHT_CODE_ARGUMENT` in a Rust program that already
 * has a subscriber of `tracing`.
 */
int32_t cardwright_log_set(CardwrightLog log,
                           void *context,
                           CARDWRIGHT_ENUM(CardwrightLogLevel) level,
                           struct CardwrightError *error);

#endif

/** @} */
/**
 * @defgroup earlier Earlier names
 * Names of 0.1.0, for programs that use them; the library has functions of these names too. Define
 * CARDWRIGHT_NO_EARLIER_NAMES to do without.
 * @{
 */
#if !defined(CARDWRIGHT_NO_EARLIER_NAMES)

/**
 * cardwright_lifecycle_verdict().
 */
#define cardwright_verdict cardwright_lifecycle_verdict

/**
 * cardwright_lifecycle_after().
 */
#define cardwright_after cardwright_lifecycle_after

/**
 * cardwright_lifecycle_legal().
 */
#define cardwright_legal cardwright_lifecycle_legal

/**
 * cardwright_lifecycle_neutral().
 */
#define cardwright_neutral_state cardwright_lifecycle_neutral

/**
 * cardwright_lifecycle_native().
 */
#define cardwright_native_state(neutral, system, state, error) cardwright_lifecycle_native(system, neutral, state, error)

/**
 * cardwright_lifecycle_operation().
 */
#define cardwright_operation cardwright_lifecycle_operation

/**
 * cardwright_atr_rule().
 */
#define cardwright_rule cardwright_atr_rule

/**
 * cardwright_atr_finding_name().
 */
#define cardwright_finding_name cardwright_atr_finding_name

/**
 * cardwright_atr_emv_rule_name().
 */
#define cardwright_emv_rule_name cardwright_atr_emv_rule_name

/**
 * cardwright_hex_write().
 */
#define cardwright_hex cardwright_hex_write

/**
 * cardwright_enumeration_name().
 */
#define cardwright_name cardwright_enumeration_name

/**
 * cardwright_enumeration_value().
 */
#define cardwright_value cardwright_enumeration_value

/**
 * cardwright_date_parse().
 */
#define cardwright_date cardwright_date_parse

#endif
/** @} */

#ifdef __cplusplus
}
#endif

#endif /* CARDWRIGHT_H */

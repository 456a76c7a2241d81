/*
 * cardwright/messages.hpp - what is written to a server and read from it by a program that moves the bytes itself:
 * calls, replies, lists, objects.
 */

#ifndef CARDWRIGHT_MESSAGES_HPP
#define CARDWRIGHT_MESSAGES_HPP

#include <cardwright/values.hpp>

#include <algorithm>
#include <array>

namespace cardwright {

/** A text that may be absent, which is not the same as an empty one: of anything that is a text, or of nothing, as a
    null pointer is. It owns the text; on bare metal it does not. */
class Text {
public:
#if defined(CARDWRIGHT_HOSTED)
    using Held = std::string;
    Text(std::string from) : held_(std::move(from)) {}
    Text(std::optional<std::string> from) : held_(std::move(from)) {}
#else
    using Held = std::string_view;
#endif
    Text() = default;
    Text(std::nullopt_t) {}
    Text(const char *from) {
        if (from != nullptr) held_.emplace(from);
    }
    Text(std::string_view from) : held_(std::in_place, from) {}
    Text(CardwrightText from) {
        if (from.data != nullptr) held_.emplace(view_of(from));
    }
    bool has_value() const noexcept { return held_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    /** The text; empty if there is none. */
    std::string_view view() const noexcept { return held_ ? std::string_view(*held_) : std::string_view(); }
    const std::optional<Held> &get() const noexcept { return held_; }
    /** As C has it, for as long as this lives and stays as it is. */
    CardwrightText c() const noexcept { return held_ ? text(*held_) : CardwrightText{}; }
private:
    std::optional<Held> held_;
};

/* ---- What is asked ---- */

/** Which cards of CertiFlow to list: what is absent is no filter. */
struct Query {
    std::uint32_t offset = 0;             /**< How many cards to skip. */
    std::optional<std::uint32_t> count{}; /**< How many to return at most. */
    std::optional<CardState> state{};
    std::optional<ContentExpirationStatus> content_expiration_status{};
    Text serial_number{};
    Text user_name{};                     /**< `DOMAIN\LogonName` or a UPN. G1 lists the cards of one user only. */
    Text card_type_name{};
    Text card_model_name{};               /**< Since G7, as all that follow but the comment and the tags. */
    Text comment{};
    Text policy_name{};
    Text time_issued{}, time_updated{}, time_revoked{}; /**< ISO 8601. */
#if defined(CARDWRIGHT_HOSTED)
    std::vector<std::string> tags{};      /**< At most CARDWRIGHT_MAX_TAGS. */
#else
    Span<const std::string_view> tags{};  /**< At most CARDWRIGHT_MAX_TAGS. */
#endif
};

/** What to ask of a server: its kind, and what the kind takes; the rest is ignored. */
struct Call {
    CallKind kind;
    std::optional<Dialect> dialect{};     /**< Of CertiFlow. */
    std::optional<Operation> operation{};
    std::optional<RevocationReason> reason{};
    std::optional<RequestKind> request_kind{};
    std::optional<RequestEnd> request_end{};
    std::optional<SmartcardStatus> status{};
    std::optional<std::uint32_t> priority{}; /**< Of a request of MIM CM, 0 to 255; 0 is the highest. */
    Text id{};                            /**< The card's id, as the server wrote it. */
    Text request{};                       /**< The id of a request of MIM CM. */
    Text card_id{};                       /**< The card's own GUID, without braces. */
    Text atr{};                           /**< In hexadecimal digits. */
    Text comment{};
    Text data_collection{};               /**< The answers to the policy's questions, as JSON. */
    Text profile_template{};
    Text target{};                        /**< The user that a request of MIM CM is for. */
    std::optional<Query> query{};         /**< Which cards of CertiFlow to list; all without one. */
    std::optional<RequestStatus> request_status{};
    bool for_caller = false;              /**< Requests of MIM CM that are for the caller. */

    /** How it is sent. */
    Result<Method> try_method() const;
    Method method() const { return try_method().value(); }
    /** Its address below the API's base: `Cards/1013/Revoke?reason=CardLost`. */
    Result<String> try_address() const;
    String address() const { return try_address().value(); }
    /** Its body, which is JSON; empty if it has none. */
    Result<String> try_body() const;
    String body() const { return try_body().value(); }
    /** All of it: request line, headers, empty line, body. */
    Result<String> try_message(const struct Site &site) const;
    String message(const struct Site &site) const { return try_message(site).value(); }
};

/** Where an API is served, and how to sign in. */
struct Site {
    Text host{};     /**< With the port if it is not the default one: `cm.example`, `10.0.0.5:8080`. */
    Text base{};     /**< The path of the API, such as `/certiflow/api`. */
    Text user{};     /**< For HTTP Basic. */
    Text password{};
    Text token{};    /**< A bearer token, instead of user and password. */
};

/** @private */
namespace detail {
template <typename E> std::uint32_t or_zero(std::optional<E> value) noexcept { return value ? number(*value) : 0; }

/** A query as C has it, for as long as the query lives. */
class RawQuery {
public:
    explicit RawQuery(const Query &from) : c(zeroed<CardwrightQuery>()) {
        c.offset = from.offset;
        c.has_count = from.count.has_value();
        c.count = from.count.value_or(0);
        c.state = or_zero(from.state);
        c.content_expiration_status = or_zero(from.content_expiration_status);
        c.serial_number = from.serial_number.c();
        c.user_name = from.user_name.c();
        c.card_type_name = from.card_type_name.c();
        c.card_model_name = from.card_model_name.c();
        c.comment = from.comment.c();
        c.policy_name = from.policy_name.c();
        c.time_issued = from.time_issued.c();
        c.time_updated = from.time_updated.c();
        c.time_revoked = from.time_revoked.c();
        const auto most = std::min(from.tags.size(), tags_.size());
        std::transform(from.tags.begin(), from.tags.begin() + static_cast<std::ptrdiff_t>(most), tags_.begin(),
                       [](std::string_view tag) { return text(tag); });
        c.tags = tags_.data();
        c.tag_count = from.tags.size(); // The library refuses too many before it reads them.
    }
    RawQuery(const RawQuery &) = delete;
    CardwrightQuery c;
private:
    std::array<CardwrightText, CARDWRIGHT_MAX_TAGS> tags_{};
};

/** A call as C has it, for as long as the call lives. */
class RawCall {
public:
    explicit RawCall(const Call &from) : c(zeroed<CardwrightCall>()) {
        c.kind = number(from.kind);
        c.dialect = or_zero(from.dialect);
        c.operation = or_zero(from.operation);
        c.has_reason = from.reason.has_value();
        c.reason = or_zero(from.reason);
        c.request_kind = or_zero(from.request_kind);
        c.request_end = or_zero(from.request_end);
        c.status = or_zero(from.status);
        c.has_priority = from.priority.has_value();
        c.priority = from.priority.value_or(0);
        c.id = from.id.c();
        c.request = from.request.c();
        c.card_id = from.card_id.c();
        c.atr = from.atr.c();
        c.comment = from.comment.c();
        c.data_collection = from.data_collection.c();
        c.profile_template = from.profile_template.c();
        c.target = from.target.c();
        if (from.query) c.query = &query_.emplace(*from.query).c;
        c.has_request_status = from.request_status.has_value();
        c.request_status = or_zero(from.request_status);
        c.for_caller = from.for_caller;
    }
    RawCall(const RawCall &) = delete;
    CardwrightCall c;
private:
    std::optional<RawQuery> query_;
};

inline CardwrightSite raw(const Site &from) noexcept {
    auto c = zeroed<CardwrightSite>();
    c.host = from.host.c();
    c.base = from.base.c();
    c.user = from.user.c();
    c.password = from.password.c();
    c.token = from.token.c();
    return c;
}
} // namespace detail

inline Result<Method> Call::try_method() const {
    const detail::RawCall call(*this);
    return detail::got<std::uint32_t>(cardwright_call_method, &call.c).map([](std::uint32_t method) {
        return static_cast<Method>(method);
    });
}
inline Result<String> Call::try_address() const {
    const detail::RawCall call(*this);
    return detail::wrote(cardwright_call_target, &call.c);
}
inline Result<String> Call::try_body() const {
    const detail::RawCall call(*this);
    return detail::wrote(cardwright_call_body, &call.c);
}
inline Result<String> Call::try_message(const Site &site) const {
    const detail::RawCall call(*this);
    const auto where = detail::raw(site);
    return detail::wrote(cardwright_call_message, &call.c, &where);
}

/* ---- What is answered ---- */

/** A part of a response. */
struct ReplyPart {
    ReplyPartKind kind;
    std::uint32_t status;  /**< The HTTP status, with ReplyPartKind::status. */
    std::string_view name; /**< The name of a header, until the next part. */
    ByteView data;         /**< Its value, until the next part; or bytes of the body, in the chunk. */
    std::string_view text() const noexcept { return chars_of(data); }
};

/** A reader of one HTTP/1.x response, in chunks of any size. */
class Reply {
public:
    Reply() { begin(); }
    /** Begins to read the next response on the same connection. */
    void begin() { try_begin().value(); }
    Result<void> try_begin() { return detail::did(cardwright_reply_init, &reply_); }
    /** The next part, which is taken from the front of the chunk; ReplyPartKind::more if the next chunk is wanted. */
    Result<ReplyPart> try_next(ByteView &chunk) {
        const std::uint8_t *data = chunk.data();
        std::size_t length = chunk.size();
        auto part = detail::filled<CardwrightReplyPart>(cardwright_reply_next, &reply_, &data, &length);
        chunk = {data, length};
        return std::move(part).map([](const CardwrightReplyPart &from) {
            return ReplyPart{static_cast<ReplyPartKind>(from.kind), from.status, view_of(from.name), {from.data, from.length}};
        });
    }
    ReplyPart next(ByteView &chunk) { return try_next(chunk).value(); }
    /** To be called when the connection is closed: CARDWRIGHT_CODE_BROKEN if the response is incomplete. */
    Result<void> try_finish() const { return detail::did(cardwright_reply_finish, &reply_); }
    void finish() const { try_finish().value(); }
    /** Whether the connection can take another request after the end of this response. */
    Result<bool> try_keeps_connection() const {
        return detail::got<std::uint32_t>(cardwright_reply_keeps_connection, &reply_).map([](std::uint32_t keeps) {
            return keeps != 0;
        });
    }
    bool keeps_connection() const { return try_keeps_connection().value(); }
private:
    CardwrightReply reply_{};
};

/** An element of a list, and its offset in the stream. */
struct Element {
    std::string_view json; /**< Until the next one; empty if the next chunk is wanted. */
    std::size_t at;
    explicit operator bool() const noexcept { return !json.empty(); }
};

/** Finds the elements of a top-level JSON list in chunks of any size. */
class List {
public:
    /** An element that crosses the edge of a chunk is put together in the buffer and must fit; without one, every
        element must lie within one chunk. */
    explicit List(Span<std::uint8_t> buffer = {}) {
        detail::did(cardwright_list_init, &list_, buffer.data(), buffer.size()).value();
    }
    List(const List &) = delete;
    List &operator=(const List &) = delete;
    /** The next element, which is taken from the front of the chunk. */
    Result<Element> try_next(ByteView &chunk) {
        const std::uint8_t *data = chunk.data(), *element = nullptr;
        std::size_t length = chunk.size(), size = 0;
        auto at = detail::got<std::size_t>(cardwright_list_next, &list_, &data, &length, &element, &size);
        chunk = {data, length};
        return std::move(at).map([element, size](std::size_t offset) { return Element{chars_of({element, size}), offset}; });
    }
    Element next(ByteView &chunk) { return try_next(chunk).value(); }
    /** The elements that are complete with this chunk: a range that is gone through once, and takes all of it. */
    class Elements {
    public:
        using value_type = Element;
        Elements(List *list, ByteView chunk) noexcept : list_(list), chunk_(chunk) {}
        Once<Elements> begin() { return Once<Elements>(this); }
        Once<Elements> end() const noexcept { return {}; }
        /** @private */
        bool advance() { return static_cast<bool>(here_ = list_->next(chunk_)); }
        /** @private */
        Element &here() noexcept { return here_; }
    private:
        List *list_;
        ByteView chunk_;
        Element here_{};
    };
    Elements elements(ByteView chunk) & { return {this, chunk}; }
    /** To be called after the last chunk: CARDWRIGHT_CODE_JSON_END if the list is incomplete. */
    Result<void> try_finish() const { return detail::did(cardwright_list_finish, &list_); }
    void finish() const { try_finish().value(); }
private:
    CardwrightList list_{};
};

/** A field of an object: `CardInfoField::label`, or the constant of cardwright.h. */
class Field {
public:
    template <typename E, typename = typename Traits<E>::Constant>
    constexpr Field(E field) noexcept : number_(static_cast<std::uint32_t>(field)) {}
    constexpr Field(std::uint32_t number) noexcept : number_(number) {}
    constexpr std::uint32_t number() const noexcept { return number_; }
private:
    std::uint32_t number_;
};

/** The items of a list, each as it was written: for View, or json_text. A range for several passes. */
class Items {
public:
    using value_type = std::string_view;
    /** @private */
    Items(const CardwrightView &view, std::uint32_t field) noexcept : view_(view), field_(field) {}
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
#if __cplusplus >= 202002L
        using iterator_concept = std::forward_iterator_tag;
#endif
        using difference_type = std::ptrdiff_t;
        using value_type = std::string_view;
        using pointer = const std::string_view *;
        using reference = std::string_view;
        iterator() = default;
        explicit iterator(const Items *items) : items_(items) { read(); }
        std::string_view operator*() const noexcept { return here_; }
        const std::string_view *operator->() const noexcept { return &here_; }
        iterator &operator++() { return read(), *this; }
        iterator operator++(int) { auto was = *this; return ++*this, was; }
        friend bool operator==(const iterator &one, const iterator &other) noexcept {
            return one.items_ == other.items_ && (one.items_ == nullptr || one.here_.data() == other.here_.data());
        }
        friend bool operator!=(const iterator &one, const iterator &other) noexcept { return !(one == other); }
    private:
        void read() {
            here_ = items_->try_next(here_).value();
            if (here_.empty()) items_ = nullptr;
        }
        const Items *items_ = nullptr;
        std::string_view here_;
    };
    using const_iterator = iterator;
    iterator begin() const { return iterator(this); }
    iterator end() const noexcept { return {}; }
    /** The item at an index; empty past the last. */
    Result<std::string_view> try_at(std::size_t at) const { return detail::lies(cardwright_view_item, &view_, field_, at); }
    std::string_view at(std::size_t at) const { return try_at(at).value(); }
    /** The item after one of them, or the first after nothing; empty past the last. */
    Result<std::string_view> try_next(std::string_view before) const {
        const std::uint8_t *json = before.empty() ? nullptr : bytes_of(before).data();
        std::size_t length = before.size();
        auto error = detail::called(cardwright_view_next_item, &view_, field_, &json, &length);
        return detail::result(std::move(error), chars_of({json, length}));
    }
    std::string_view next(std::string_view before) const { return try_next(before).value(); }
    std::string_view operator[](std::size_t at) const { return try_at(at).value(); }
    std::size_t size() const { return static_cast<std::size_t>(std::distance(begin(), end())); }
    bool empty() const { return begin() == end(); }
#if defined(CARDWRIGHT_HOSTED)
    /** All of them at once. */
    operator std::vector<std::string_view>() const { return {begin(), end()}; }
#endif
private:
    CardwrightView view_;
    std::uint32_t field_;
};

/** An object of a reply, over bytes that it does not own. May be shared between threads. */
class View {
public:
    /** The object that a JSON text is. */
    View(Arg<Object> object, std::string_view json) : View(parse(object, json)) {}
    explicit View(const CardwrightView &view) noexcept : view_(view) {}
    static Result<View> try_parse(Arg<Object> object, std::string_view json) {
        return detail::filled<CardwrightView>(cardwright_view_parse, object.number(), bytes_of(json).data(), json.size())
            .map([](const CardwrightView &view) { return View(view); });
    }
    static View parse(Arg<Object> object, std::string_view json) { return try_parse(object, json).value(); }
    Object object() const noexcept { return static_cast<Object>(view_.object); }
    /** The object as it was written. */
    std::string_view json() const noexcept { return chars_of({view_.json, view_.length}); }
    /** A field as a text; empty for null and for a field that is not there. */
    Result<String> try_text(Field field) const { return detail::wrote(cardwright_view_text, &view_, field.number()); }
    String text(Field field) const { return try_text(field).value(); }
    /** A field as it was written; empty if there is none. */
    Result<std::string_view> try_raw(Field field) const { return detail::lies(cardwright_view_raw, &view_, field.number()); }
    std::string_view raw(Field field) const { return try_raw(field).value(); }
    /** A field as a whole number; none for null and for a field that is not there. */
    Result<std::optional<std::int64_t>> try_number(Field field) const {
        return present(field, detail::got<std::int64_t>(cardwright_view_number, &view_, field.number()));
    }
    std::optional<std::int64_t> number(Field field) const { return try_number(field).value(); }
    /** A field as a date; none for null, for a field that is not there, and for 0001-01-01, "not yet". */
    Result<std::optional<Seconds>> try_date(Field field) const {
        auto written = try_text(field);
        if (!written.ok()) return std::move(written).error();
        const std::string_view date = *written;
        if (date.empty() || date.substr(0, 10) == "0001-01-01") return std::optional<Seconds>();
        return cardwright::try_date(date).map([](Seconds at) { return std::optional<Seconds>(at); });
    }
    std::optional<Seconds> date(Field field) const { return try_date(field).value(); }
    /** The items of a list; a lone value is a list of one, null an empty one. CARDWRIGHT_CODE_UNKNOWN_VALUE for another
        object's field. */
    Result<Items> try_items(Field field) const {
        const Items items(view_, field.number());
        return items.try_at(0).map([&items](std::string_view) { return items; });
    }
    Items items(Field field) const { return try_items(field).value(); }
    /** The state of a card; none if the server says something unknown. */
    Result<std::optional<NativeState>> try_state() const {
        std::uint32_t state = 0;
        const auto system = object() == Object::smartcard ? System::mim : System::certiflow;
        return detail::got<std::uint32_t>(cardwright_view_state, &view_, &state).map([&state, system](std::uint32_t known) {
            return known == 0 ? std::nullopt : std::optional<NativeState>({system, state});
        });
    }
    std::optional<NativeState> state() const { return try_state().value(); }
    /** The site's own scheme of MIM CM for state(): rows that must outlive the view; none for StatusScheme::b. A card's
        view has that of its client already. */
    void use_statuses(Span<const CardwrightStatusRow> rows) noexcept {
        view_.statuses = rows.empty() ? nullptr : rows.data();
        view_.status_count = rows.size();
    }
    /** As C has it. */
    const CardwrightView &c() const noexcept { return view_; }
private:
    /** Nothing for what is missing, which is no error here. */
    template <typename T> Result<std::optional<T>> present(Field field, Result<T> read) const {
        if (!read.ok() && read.error().code() == CARDWRIGHT_CODE_JSON_MISSING) return std::optional<T>();
        static_cast<void>(field);
        return std::move(read).map([](T value) { return std::optional<T>(value); });
    }
    CardwrightView view_;
};

/** The text of a JSON value that is no list and no object. */
inline Result<String> try_json_text(std::string_view json) {
    return detail::wrote(cardwright_json_text, bytes_of(json).data(), json.size());
}
inline String json_text(std::string_view json) { return try_json_text(json).value(); }

/** Where in a document the byte at `at` stands, such as `$[3].certificates[0].validTo`. */
inline Result<String> try_json_path(std::string_view json, std::size_t at) {
    return detail::wrote(cardwright_json_path, bytes_of(json).data(), json.size(), at);
}
inline String json_path(std::string_view json, std::size_t at) { return try_json_path(json, at).value(); }

/* ---- Which generation a server speaks ---- */

/** Which generation of CertiFlow's API a server was found to speak. */
struct Generation {
    std::optional<Dialect> dialect; /**< The one to speak; none if nothing was learned. */
    Set<Dialect> dialects;          /**< All that answer so. */
    Sure sure;                      /**< How sure that is. */
    /** @private */
    static Generation of(const CardwrightGeneration &from) {
        return {from.dialect == 0 ? std::nullopt : std::optional<Dialect>(static_cast<Dialect>(from.dialect)),
                Set<Dialect>::of(from.dialects), static_cast<Sure>(from.sure)};
    }
};

/** The questions to one server, and what they have shown. */
class Probe {
public:
    /** Nothing is known. */
    Probe() { detail::did(cardwright_probe_init, &probe_).value(); }
    /** The address of the next question, to be sent by GET; empty at the end. */
    Result<String> try_address() const { return detail::wrote(cardwright_probe_target, &probe_); }
    String address() const { return try_address().value(); }
    /** The next question as a whole HTTP/1.1 message; empty at the end. */
    Result<String> try_message(const Site &site) const {
        const auto where = detail::raw(site);
        return detail::wrote(cardwright_probe_message, &probe_, &where);
    }
    String message(const Site &site) const { return try_message(site).value(); }
    /** Takes the result of the question: the HTTP status, or 0 for no answer, and the body. */
    Result<void> try_answer(std::uint32_t status, std::string_view body) {
        return detail::did(cardwright_probe_answer, &probe_, status, bytes_of(body).data(), body.size());
    }
    void answer(std::uint32_t status, std::string_view body) { try_answer(status, body).value(); }
    /** What is known so far; `base` chooses of two generations with the same calls. */
    Result<Generation> try_finding(std::optional<std::string_view> base = std::nullopt) const {
        return detail::filled<CardwrightGeneration>(cardwright_probe_finding, &probe_, detail::maybe(base)).map(Generation::of);
    }
    Generation finding(std::optional<std::string_view> base = std::nullopt) const { return try_finding(base).value(); }
    /** The same in words, and from what it is known. */
    Result<String> try_text() const { return detail::wrote(cardwright_probe_text, &probe_); }
    String text() const { return try_text().value(); }
private:
    CardwrightProbe probe_{};
};

} // namespace cardwright

#endif /* CARDWRIGHT_MESSAGES_HPP */

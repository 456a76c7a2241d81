/*
 * cardwright/result.hpp - what went wrong, as an exception or as a result; texts and bytes on their way in and out.
 *
 * Every function `f` that can fail has a twin `try_f`, which returns a Result. `f` is its value(): it throws an
 * Error, and without exceptions (`-fno-exceptions`, or CARDWRIGHT_NO_EXCEPTIONS) says what is wrong and aborts.
 */

#ifndef CARDWRIGHT_RESULT_HPP
#define CARDWRIGHT_RESULT_HPP

#include <cardwright/enumerations.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(CARDWRIGHT_HOSTED)
#include <atomic>
#include <cstdio>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>
#endif

#if __cplusplus >= 202002L
#include <ranges>
#endif

#if !defined(CARDWRIGHT_NO_EXCEPTIONS) && (defined(__cpp_exceptions) || defined(_CPPUNWIND))
#define CARDWRIGHT_EXCEPTIONS 1
#else
#define CARDWRIGHT_EXCEPTIONS 0
#endif

#if !defined(CARDWRIGHT_TEXT_ROOM)
/** The longest text that is written on bare metal, in bytes, its end included; define another before the include. */
#define CARDWRIGHT_TEXT_ROOM 1024
#endif

namespace cardwright {

/* ---- Texts and bytes ---- */

/** A structure of the C interface with its size set and all else zero. */
template <typename T> T zeroed() {
    T value{};
    value.struct_size = static_cast<std::uint32_t>(sizeof(T));
    return value;
}

/** A text for the C interface; it must outlive its use. */
inline CardwrightText text(std::string_view from) noexcept {
    return {from.data() == nullptr ? "" : from.data(), from.size()};
}

/** A text of the C interface, for as long as what it lies in. */
inline std::string_view view_of(CardwrightText from) noexcept {
    return from.data == nullptr ? std::string_view() : std::string_view(from.data, from.length);
}

/** A pointer and a length: what std::span is in C++20, to which it converts. It owns nothing. */
template <typename T> class Span {
public:
    using value_type = std::remove_const_t<T>;
    using iterator = T *;
    constexpr Span() noexcept = default;
    constexpr Span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}
    template <std::size_t N> constexpr Span(T (&array)[N]) noexcept : data_(array), size_(N) {}
    /** All of a container whose elements lie side by side. */
    template <typename C, typename P = decltype(std::declval<C &>().data()), typename = decltype(std::declval<C &>().size()),
              typename = std::enable_if_t<std::is_convertible<std::remove_pointer_t<P> (*)[], T (*)[]>::value>>
    constexpr Span(C &&from) noexcept : data_(from.data()), size_(from.size()) {}
    /** Elements in braces, until the end of the statement. */
    template <typename U = T, typename = std::enable_if_t<std::is_const<U>::value>>
    constexpr Span(std::initializer_list<value_type> from) noexcept {
        data_ = from.begin();
        size_ = from.size();
    }
    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }
    constexpr T &operator[](std::size_t at) const noexcept { return data_[at]; }
private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/** Bytes that somebody else owns. */
using ByteView = Span<const std::uint8_t>;

/** The bytes of a text. */
inline ByteView bytes_of(std::string_view from) noexcept {
    return {reinterpret_cast<const std::uint8_t *>(from.data()), from.size()};
}

/** Bytes as a text. */
inline std::string_view chars_of(ByteView from) noexcept {
    return {reinterpret_cast<const char *>(from.data()), from.size()};
}

#if defined(CARDWRIGHT_HOSTED)
/** A text that the library has written: std::string, and on bare metal a text in place. */
using String = std::string;
/** Bytes that the library has written: std::vector, and on bare metal bytes in place. */
using Bytes = std::vector<std::uint8_t>;
#else
/** Up to N elements in place: for machines without a heap. */
template <typename T, std::size_t N> class Inplace {
public:
    using value_type = T;
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *data() noexcept { return held_; }
    constexpr const T *data() const noexcept { return held_; }
    constexpr const T *begin() const noexcept { return held_; }
    constexpr const T *end() const noexcept { return held_ + size_; }
    constexpr const T &operator[](std::size_t at) const noexcept { return held_[at]; }
    /** Makes it longer or shorter, at most N. */
    constexpr void resize(std::size_t size) noexcept { size_ = size < N ? size : N; }
private:
    T held_[N] = {};
    std::size_t size_ = 0;
};
/** A text that the library has written, in place: CARDWRIGHT_TEXT_ROOM bytes. */
struct String : Inplace<char, CARDWRIGHT_TEXT_ROOM> {
    constexpr operator std::string_view() const noexcept { return {data(), size()}; }
    /** The text with its \0. */
    constexpr const char *c_str() const noexcept { return data(); }
};
/** Bytes that the library has written, in place. */
using Bytes = Inplace<std::uint8_t, 64>;
#endif

/* ---- What went wrong ---- */

#if defined(CARDWRIGHT_HOSTED)
/** What went wrong: what is thrown, and what a Result holds instead of its value. */
class Error : public std::runtime_error {
public:
    /** As the C interface has told it, on the thread that was told. */
    explicit Error(const CardwrightError &error)
        : Error(error, error.words == nullptr ? std::string() : std::string(error.words, error.words_length)) {}
    Error(const CardwrightError &error, const std::string &words)
        : runtime_error(words.empty() ? std::string(cardwright_code_text(error.code)) : words),
          code_(static_cast<Code>(error.code)), at_(error.at), http_status_(error.http_status),
          field_(error.what == nullptr ? std::string() : std::string(error.what, error.what_length)),
          has_words_(!words.empty()) {}
    /** Its number, which does not change between versions. */
    Code code() const noexcept { return code_; }
    /** In bytes from the start of the input; see CardwrightError.at. */
    std::size_t at() const noexcept { return at_; }
    /** The field, parameter or operation concerned, or nothing. */
    const std::string &field() const noexcept { return field_; }
    /** The server's or the reader's own words, or nothing: what() has them too, or else those of the code. */
    std::string_view words() const noexcept { return has_words_ ? std::string_view(what()) : std::string_view(); }
    /** The status of the server's answer; none if it did not answer. */
    std::optional<std::uint32_t> http_status() const noexcept {
        return http_status_ == 0 ? std::nullopt : std::optional<std::uint32_t>(http_status_);
    }
#if defined(CARDWRIGHT_CLIENT)
    /** Of an operation that failed: whether it was sent, and the id of the request of MIM CM that is left behind. */
    std::optional<OperationResult> result() const noexcept { return result_; }
    const std::string &request() const noexcept { return request_; }
    /** @private */
    Error &&left(std::uint32_t result, const char *request) && {
        if (result != 0) result_ = static_cast<OperationResult>(result);
        request_ = request;
        return std::move(*this);
    }
#endif
private:
    Code code_;
    std::size_t at_;
    std::uint32_t http_status_;
    std::string field_;
    bool has_words_;
#if defined(CARDWRIGHT_CLIENT)
    std::optional<OperationResult> result_;
    std::string request_;
#endif
};
#else
/** What went wrong. All its texts are static. */
class Error {
public:
    explicit Error(const CardwrightError &error) noexcept : error_(error) {}
    Code code() const noexcept { return static_cast<Code>(error_.code); }
    std::size_t at() const noexcept { return error_.at; }
    std::string_view field() const noexcept { return {error_.what, error_.what_length}; }
    const char *what() const noexcept { return cardwright_code_text(error_.code); }
private:
    CardwrightError error_;
};
#endif

/** @private Where an error goes that nobody has asked for. */
[[noreturn]] inline void fail(const Error &error) {
#if CARDWRIGHT_EXCEPTIONS
    throw error;
#else
#if defined(CARDWRIGHT_HOSTED)
    std::fprintf(stderr, "cardwright: %s\n", error.what());
#else
    static_cast<void>(error);
#endif
    std::abort();
#endif
}

/** A value, or why there is none. */
template <typename T> class [[nodiscard]] Result {
public:
    using value_type = T;
    Result(T value) : value_(std::move(value)) {}
    Result(Error error) : error_(std::move(error)) {}
    /** Whether there is a value. */
    bool ok() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    /** The value. Without one the error is thrown, or without exceptions ends the program. */
    T &value() & { return check(), *value_; }
    const T &value() const & { return check(), *value_; }
    T value() && { return check(), std::move(*value_); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }
    /** The value, or another. */
    template <typename U> T value_or(U &&other) && {
        return ok() ? std::move(*value_) : static_cast<T>(std::forward<U>(other));
    }
    /** Why there is no value: not to be asked if there is one. */
    const Error &error() const & { return ok() ? std::abort(), *error_ : *error_; }
    Error error() && { return ok() ? std::abort(), std::move(*error_) : std::move(*error_); }
    /** What a function makes of the value; or the same error. */
    template <typename F> auto map(F &&function) && -> Result<decltype(function(std::declval<T>()))> {
        if (!ok()) return std::move(*error_);
        return function(std::move(*value_));
    }
private:
    void check() const {
        if (!ok()) fail(*error_);
    }
    std::optional<T> value_;
    std::optional<Error> error_;
};

/** That it was done, or why not. */
template <> class [[nodiscard]] Result<void> {
public:
    using value_type = void;
    Result() noexcept = default;
    Result(Error error) : error_(std::move(error)) {}
    bool ok() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    /** Nothing; but if it was not done, the error is thrown, or without exceptions ends the program. */
    void value() const {
        if (!ok()) fail(*error_);
    }
    const Error &error() const & { return ok() ? std::abort(), *error_ : *error_; }
private:
    std::optional<Error> error_;
};

/* ---- Calling the C interface ---- */

/** @private */
namespace detail {

#if defined(CARDWRIGHT_HOSTED)
/** What a callback has thrown: it must not cross C, and is thrown again behind it. */
class Kept {
public:
    void keep() noexcept {
        const std::lock_guard<std::mutex> locked(lock_);
        if (!what_) what_ = std::current_exception();
        any_ = true;
    }
    void rethrow() {
        if (!any_) return;
        std::unique_lock<std::mutex> locked(lock_);
        any_ = false;
        if (const auto what = std::exchange(what_, nullptr)) {
            locked.unlock();
            std::rethrow_exception(what);
        }
    }
private:
    std::mutex lock_;
    std::exception_ptr what_;
    std::atomic<bool> any_{false};
};
#else
/** Nothing is thrown. */
struct Kept {
    void rethrow() const noexcept {}
};
#endif

/** Of the function that receives the log. */
inline Kept &kept_of_log() {
    static Kept kept;
    return kept;
}

/** Calls a function of the C interface with a place for its error. */
template <typename Function, typename... In> std::optional<Error> called(Function *function, In... in) {
    auto error = zeroed<CardwrightError>();
    error.code = function(in..., &error);
    return error.code == CARDWRIGHT_OK ? std::nullopt : std::optional<Error>(Error(error));
}

/** The result of a call that has filled `out`. */
template <typename T> Result<T> result(std::optional<Error> error, T &&out) {
    kept_of_log().rethrow();
    if (error) return std::move(*error);
    return std::forward<T>(out);
}

/** Whether `function` did it. */
template <typename Function, typename... In> Result<void> did(Function *function, In... in) {
    auto error = called(function, in...);
    kept_of_log().rethrow();
    if (error) return std::move(*error);
    return {};
}

/** The number, or what else needs no size, that `function` writes; `in` is what stands before it. */
template <typename T, typename Function, typename... In> Result<T> got(Function *function, In... in) {
    T out{};
    auto error = called(function, in..., &out);
    return result(std::move(error), std::move(out));
}

/** The structure that `function` fills; `in` is what stands before it. */
template <typename T, typename Function, typename... In> Result<T> filled(Function *function, In... in) {
    auto out = zeroed<T>();
    auto error = called(function, in..., &out);
    return result(std::move(error), std::move(out));
}

/** The text that `function` writes into a buffer, however long it is; `in` is what stands before the buffer. */
template <typename Function, typename... In> Result<String> wrote(Function *function, In... in) {
    String out;
    std::size_t length = 0;
#if defined(CARDWRIGHT_HOSTED)
    out.resize(64);
    auto error = called(function, in..., out.data(), out.size(), &length);
    while (error && error->code() == CARDWRIGHT_CODE_ROOM && error->at() > out.size()) {
        out.resize(error->at());
        error = called(function, in..., out.data(), out.size(), &length);
    }
#else
    auto error = called(function, in..., out.data(), std::size_t{CARDWRIGHT_TEXT_ROOM}, &length);
#endif
    out.resize(length);
    return result(std::move(error), std::move(out));
}

/** The bytes that `function` writes, `most` of them. */
template <typename Function, typename... In> Result<Bytes> wrote_bytes(std::size_t most, Function *function, In... in) {
    Bytes out;
    out.resize(most);
    std::size_t length = 0;
    auto error = called(function, in..., out.data(), most, &length);
    out.resize(length);
    return result(std::move(error), std::move(out));
}

/** What lies in bytes of the caller's, to which `function` points. */
template <typename Function, typename... In> Result<std::string_view> lies(Function *function, In... in) {
    const std::uint8_t *out = nullptr;
    std::size_t length = 0;
    auto error = called(function, in..., &out, &length);
    return result(std::move(error), chars_of({out, length}));
}

/** A number that may be absent, of those where `absent` says so. */
template <typename T> std::optional<T> unless(T absent, T value) noexcept {
    return value == absent ? std::nullopt : std::optional<T>(value);
}

/** A text that may be absent. */
inline std::optional<std::string_view> perhaps(CardwrightText from) noexcept {
    return from.data == nullptr ? std::nullopt : std::optional<std::string_view>(view_of(from));
}
inline CardwrightText maybe(std::optional<std::string_view> from) noexcept {
    return from ? text(*from) : CardwrightText{};
}

} // namespace detail

/* ---- Ranges ---- */

/** Values that are made when they are asked for, by their index: a range of random access. `Owner` is what they come
    from; the range has its own. */
template <typename Value, typename Owner> class Indexed {
public:
    using value_type = Value;
    /** @private */
    Indexed(Owner owner, std::size_t count, Result<Value> (*get)(const Owner &, std::size_t))
        : owner_(std::move(owner)), count_(count), at_(get) {}

    /** Where the range is. */
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
#if __cplusplus >= 202002L
        using iterator_concept = std::random_access_iterator_tag;
#endif
        using difference_type = std::ptrdiff_t;
        using value_type = Value;
        using reference = Value;
        /** A value that stays until the end of the statement. */
        struct pointer {
            Value value;
            const Value *operator->() const noexcept { return &value; }
        };
        iterator() = default;
        iterator(const Indexed *range, std::size_t at) noexcept : range_(range), at_(at) {}
        Value operator*() const { return (*range_)[at_]; }
        pointer operator->() const { return {**this}; }
        Value operator[](difference_type by) const { return *(*this + by); }
        iterator &operator+=(difference_type by) noexcept {
            at_ = static_cast<std::size_t>(static_cast<difference_type>(at_) + by);
            return *this;
        }
        iterator &operator-=(difference_type by) noexcept { return *this += -by; }
        iterator &operator++() noexcept { return *this += 1; }
        iterator &operator--() noexcept { return *this += -1; }
        iterator operator++(int) noexcept { auto was = *this; return ++*this, was; }
        iterator operator--(int) noexcept { auto was = *this; return --*this, was; }
        friend iterator operator+(iterator one, difference_type by) noexcept { return one += by; }
        friend iterator operator+(difference_type by, iterator one) noexcept { return one += by; }
        friend iterator operator-(iterator one, difference_type by) noexcept { return one -= by; }
        friend difference_type operator-(const iterator &one, const iterator &other) noexcept {
            return static_cast<difference_type>(one.at_) - static_cast<difference_type>(other.at_);
        }
        friend bool operator==(const iterator &one, const iterator &other) noexcept { return one.at_ == other.at_; }
        friend bool operator!=(const iterator &one, const iterator &other) noexcept { return one.at_ != other.at_; }
        friend bool operator<(const iterator &one, const iterator &other) noexcept { return one.at_ < other.at_; }
        friend bool operator>(const iterator &one, const iterator &other) noexcept { return one.at_ > other.at_; }
        friend bool operator<=(const iterator &one, const iterator &other) noexcept { return one.at_ <= other.at_; }
        friend bool operator>=(const iterator &one, const iterator &other) noexcept { return one.at_ >= other.at_; }
    private:
        const Indexed *range_ = nullptr;
        std::size_t at_ = 0;
    };
    using const_iterator = iterator;

    iterator begin() const noexcept { return {this, 0}; }
    iterator end() const noexcept { return {this, count_}; }
    std::size_t size() const noexcept { return count_; }
    bool empty() const noexcept { return count_ == 0; }
    /** The value at an index; past the last it is CARDWRIGHT_CODE_ARGUMENT. */
    Value operator[](std::size_t index) const { return try_at(index).value(); }
    Value at(std::size_t index) const { return try_at(index).value(); }
    Result<Value> try_at(std::size_t index) const { return at_(owner_, index); }
    Value front() const { return (*this)[0]; }
    Value back() const { return (*this)[count_ - 1]; }
private:
    Owner owner_;
    std::size_t count_;
    Result<Value> (*at_)(const Owner &, std::size_t);
};

/** A range over what a source gives, one after another, until there is no more: for one pass. The source has
    `advance()`, which says whether there is one more, and `here()`. */
template <typename Source> class Once {
public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = typename Source::value_type;
    using pointer = value_type *;
    using reference = value_type &;
    Once() = default;
    explicit Once(Source *source) : source_(source) { ++*this; }
    reference operator*() const noexcept { return source_->here(); }
    pointer operator->() const noexcept { return &source_->here(); }
    Once &operator++() {
        // If this throws, the iterator stays where it was.
        if (!source_->advance()) source_ = nullptr;
        return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Once &one, const Once &other) noexcept { return one.source_ == other.source_; }
    friend bool operator!=(const Once &one, const Once &other) noexcept { return one.source_ != other.source_; }
private:
    Source *source_ = nullptr;
};

} // namespace cardwright

#if __cplusplus >= 202002L
template <typename T> inline constexpr bool std::ranges::enable_borrowed_range<cardwright::Span<T>> = true;
template <typename T> inline constexpr bool std::ranges::enable_view<cardwright::Span<T>> = true;
#endif

#endif /* CARDWRIGHT_RESULT_HPP */

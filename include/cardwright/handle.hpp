/*
 * cardwright/handle.hpp - what clients and readers have in common: handles that free themselves, callbacks, the log.
 */

#ifndef CARDWRIGHT_HANDLE_HPP
#define CARDWRIGHT_HANDLE_HPP

#include <cardwright/values.hpp>

#if defined(CARDWRIGHT_HOSTED)

#include <functional>
#include <memory>
#include <new>

namespace cardwright {

/** @private */
namespace detail {
/** The callbacks of a client, for as long as anything of the client lives. */
struct Callbacks {
    virtual ~Callbacks() = default;
    Kept kept;
};

/** Calls a function of the program, which C may not see throw; `otherwise` is what C is told then. */
template <typename R, typename F> R guarded(Kept &kept, R otherwise, F &&function) noexcept {
#if CARDWRIGHT_EXCEPTIONS
    try {
        return function();
    } catch (...) {
        kept.keep();
        return otherwise;
    }
#else
    static_cast<void>(kept);
    static_cast<void>(otherwise);
    return function();
#endif
}
} // namespace detail

/** A handle of the library, which is freed by itself; false if there is none. It may be moved, and not copied. */
template <typename T, void (*Free)(T *)> class Handle {
public:
    using Pointee = T;
    Handle() = default;
    /** Takes over one that a function of the C interface has given. */
    explicit Handle(T *given) noexcept : owned_(given) {}
    Handle(Handle &&other) noexcept = default;
    Handle &operator=(Handle &&other) noexcept {
        // In this order: what is freed may still call back.
        owned_ = std::move(other.owned_);
        callbacks_ = std::move(other.callbacks_);
        return *this;
    }
    T *get() const noexcept { return owned_.get(); }
    explicit operator bool() const noexcept { return owned_ != nullptr; }
    /** Gives it away: the caller frees it. The callbacks of its client are then kept for good. */
    T *release() noexcept {
        if (callbacks_) static_cast<void>(new (std::nothrow) std::shared_ptr<detail::Callbacks>(std::move(callbacks_)));
        return owned_.release();
    }
    /** Frees it, and takes over another. */
    void reset(T *given = nullptr) noexcept { owned_.reset(given); }
protected:
    /** The result of a call; what a callback has thrown meanwhile is thrown again. */
    template <typename V> Result<V> settle(std::optional<Error> error, V value) const {
        if (callbacks_) callbacks_->kept.rethrow();
        return detail::result(std::move(error), std::move(value));
    }
    /** The handle that `function` writes; it lives with the same callbacks. */
    template <typename H, typename Function, typename... In> Result<H> gives(Function *function, In... in) const {
        typename H::Pointee *out = nullptr;
        auto error = detail::called(function, in..., &out);
        return settle(std::move(error), lives_with<H>(out));
    }
    /** The same for one that may be none. */
    template <typename H, typename Function, typename... In>
    Result<std::optional<H>> may_give(Function *function, In... in) const {
        return gives<H>(function, in...).map([](H given) { return given ? std::optional<H>(std::move(given)) : std::nullopt; });
    }
    /** The structure that `function` fills. */
    template <typename S, typename Function, typename... In> Result<S> fills(Function *function, In... in) const {
        auto out = zeroed<S>();
        auto error = detail::called(function, in..., &out);
        return settle(std::move(error), out);
    }
    /** Whether `function` did it. */
    template <typename Function, typename... In> Result<void> does(Function *function, In... in) const {
        auto error = detail::called(function, in...);
        if (callbacks_) callbacks_->kept.rethrow();
        detail::kept_of_log().rethrow();
        if (error) return std::move(*error);
        return {};
    }
    template <typename H> H lives_with(typename H::Pointee *given) const {
        H out(given);
        out.callbacks_ = callbacks_;
        return out;
    }
    std::shared_ptr<detail::Callbacks> callbacks_;
private:
    template <typename U, void (*F)(U *)> friend class Handle;
    struct Freed {
        void operator()(T *given) const noexcept { Free(given); }
    };
    std::unique_ptr<T, Freed> owned_;
};

/* ---- The log ---- */

/** A line of the log. Its texts stay valid until the function that it was passed to returns. */
struct LogRecord {
    LogLevel level;
    std::string_view target;  /**< The part of the library that reports it, such as `cardwright_http::transport`. */
    std::string_view message; /**< What happened, in one line. No password, no token, no data of an APDU. */
};
using Log = std::function<void(const LogRecord &)>;

/** Sets the function that receives the log, for the whole process; it may be called on several threads at once. What it
    throws is thrown again by the call that is under way, or by the next one. It is kept for good, as another thread may
    still be in it when the next one is set. */
inline Result<void> try_log(Arg<LogLevel> level, Log log) {
    static std::mutex lock;
    static auto *const all = new std::vector<std::unique_ptr<Log>>();
    if (!log) return detail::did(cardwright_log_set, CardwrightLog{nullptr}, static_cast<void *>(nullptr), level.number());
    const CardwrightLog receive = [](void *context, const CardwrightLogRecord *record) {
        detail::guarded(detail::kept_of_log(), 0, [context, record] {
            const auto &receiver = *static_cast<const Log *>(context);
            return receiver({static_cast<LogLevel>(record->level), view_of(record->target), view_of(record->message)}), 0;
        });
    };
    const std::lock_guard<std::mutex> locked(lock);
    all->push_back(std::make_unique<Log>(std::move(log)));
    return detail::did(cardwright_log_set, receive, static_cast<void *>(all->back().get()), level.number());
}
inline void log(Arg<LogLevel> level, Log log) { try_log(level, std::move(log)).value(); }
/** Nothing receives the log any more. */
inline void log_off() { log(LogLevel::off, nullptr); }

/** The detail of the last code that a function of a client or a reader returned to this thread: for calls of the C
    interface beside these classes, whose errors have it in what(). */
inline Result<String> try_last_error() { return detail::wrote(cardwright_last_error); }
inline String last_error() { return try_last_error().value(); }

} // namespace cardwright

#endif
#endif /* CARDWRIGHT_HANDLE_HPP */

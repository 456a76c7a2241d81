/*
 * cardwright/options.hpp - how a client is set up.
 *
 *     cardwright::Options options;
 *     options.system = cardwright::System::mim;
 *     options.base = "https://cm.example/CertificateManagement";
 *     options.sign_in.emplace();
 *
 * All texts are owned. What is absent is the default, which cardwright.h names.
 */

#ifndef CARDWRIGHT_OPTIONS_HPP
#define CARDWRIGHT_OPTIONS_HPP

#include <cardwright/handle.hpp>
#include <cardwright/messages.hpp>

#if defined(CARDWRIGHT_CLIENT)

namespace cardwright {

/** How a user signs in: the strongest scheme that the server accepts of those that are allowed. */
struct SignIn {
    Set<Scheme> schemes{};            /**< Of Negotiate, NTLM and Basic; empty for all of them. */
    Mutual mutual = Mutual::warn;
    bool no_channel_bindings = false; /**< Behind a proxy that ends TLS. */
    bool basic_in_clear = false;      /**< Lets Basic send the password over plain HTTP to another machine. */
    Text keytab{};                    /**< The file with the key of the account. */
    Text ccache{};                    /**< The file with the tickets. */
    Text service{};                   /**< The name of the service, `HTTP@host`. */
};

/** What a person needs to sign in, while the function that it was passed to runs. */
struct DeviceCode {
    std::chrono::seconds lasts;
    std::string_view user_code; /**< What to type. */
    std::string_view address;   /**< Where, in any browser on any device. */
    std::optional<std::string_view> address_with_code;
};
/** Shows a person a code. It is called on the thread that first needs a token, which then waits until the code has been
    typed or has expired: what it throws is thrown again after that. */
using Prompt = std::function<void(const DeviceCode &)>;

/** Tokens of an OpenID Connect or OAuth 2.0 issuer: the program's own, by its secret, or those of a person. */
struct Oidc {
    Text issuer{};          /**< Such as `https://adfs.example/adfs`. */
    Text client_id{};
    Text client_secret{};
    Prompt prompt{};        /**< Shows a person the code, instead of a secret. */
    ClientAuth client_auth = ClientAuth::discover;
    Text scope{};           /**< The scopes, separated by spaces. */
    Text resource{};        /**< The server that the token is for; AD FS requires it. */
    Text audience{};        /**< The same for issuers that call it `audience`. */
    Text token_endpoint{};
    Text device_endpoint{};
    Text cache{};           /**< The file that keeps the token for the next process too. */
};

/** Signs a message by a scheme, whose hash it computes itself. It may be called on any thread, one at a time for each
    client, and must not use that client. What it throws ends the request, and is thrown again by the call. */
using Sign = std::function<Bytes(SignatureScheme scheme, ByteView message)>;

/** The certificate that a client presents, and its key. */
struct ClientCertificate {
    Text certificates{};     /**< In PEM, the client's own first. */
    Text certificate_file{}; /**< The file with them; also PKCS #12, with its key. */
    Text key{};              /**< In PEM. Without key, key_file and sign, the key is with the certificates. */
    Text key_file{};
    Text key_password{};
    Sign sign{};             /**< Signs with a key that is elsewhere, such as on a card. */
    std::vector<SignatureScheme> schemes{}; /**< How that key can sign, in order of preference. */
};

/** How a client is set up. */
struct Options {
    System system = System::certiflow;
    Text base{};                         /**< Such as `https://cm.example/certiflow/api`. */
    Text user{};
    Text password{};
    Text token{};                        /**< A bearer token, instead of all other ways to sign in. */
    std::optional<SignIn> sign_in{};     /**< Kerberos, NTLM or Basic; HTTP Basic alone without one. */
    std::optional<Oidc> oidc{};
    std::optional<ClientCertificate> certificate{};
    std::optional<Dialect> dialect{};    /**< The generation of CertiFlow's API; it is found out without one. */
    Check check = Check::warn;
    Verify verify = Verify::always;
    StatusScheme status_scheme = StatusScheme::b;
    std::vector<std::pair<std::int64_t, SmartcardStatus>> statuses{}; /**< The site's own scheme of MIM CM. */
    std::optional<std::uint32_t> page_size{};
    std::optional<Milliseconds> connect_timeout{}; /**< Of a connection, TLS included: 10 seconds. */
    std::optional<Milliseconds> answer_timeout{};  /**< Until an answer begins: 60 seconds. */
    std::optional<Milliseconds> idle_timeout{};    /**< Until the next piece of one: 30 seconds. */
    std::optional<Milliseconds> total_timeout{};   /**< Of a call, repetitions included: 5 minutes. */
    std::optional<Milliseconds> list_timeout{};    /**< Of a whole list: one hour. */
    std::optional<Milliseconds> longest_wait{};    /**< Between two attempts: 5 seconds. */
    std::optional<Milliseconds> longest_asked{};   /**< That a server may ask for: 60 seconds. */
    std::optional<Milliseconds> settle_limit{};    /**< Until a card shows an operation: 5 seconds. */
    std::optional<std::uint32_t> attempts{};       /**< How often a request is sent at most: 3. */
    std::optional<std::size_t> max_element{};      /**< The largest card or reply, in bytes: 16 MiB. */
    Tls tls = Tls::rustls;
    Text roots{};                        /**< Certificates to trust, in PEM, besides those of the system. */
    bool only_roots = false;             /**< Trusts only `roots`. */
    Text proxy{};                        /**< Such as `http://proxy.example:3128`. */
    bool no_proxy = false;               /**< Uses none, whatever the environment says. */
    Text user_agent{};                   /**< What stands before the library's own name, such as `Kiosk/2.1`. */
    Text trust_filters{};                /**< Filters that are trusted although answers contradict them. */
};

/** @private */
namespace detail {

struct ClientCallbacks : Callbacks {
    Prompt prompt;
    Sign sign;

    static void show(void *context, const CardwrightDeviceCode *code) {
        auto &self = *static_cast<ClientCallbacks *>(context);
        guarded(self.kept, 0, [&self, code] {
            self.prompt({std::chrono::seconds(code->lasts), view_of(code->user_code), view_of(code->address),
                         perhaps(code->address_with_code)});
            return 0;
        });
    }
    static std::int32_t sign_message(void *context, std::uint32_t scheme, const std::uint8_t *message, std::size_t length,
                                     std::uint8_t *signature, std::size_t capacity, std::size_t *signature_length) {
        auto &self = *static_cast<ClientCallbacks *>(context);
        return guarded(self.kept, std::int32_t{CARDWRIGHT_CODE_KEY}, [&]() -> std::int32_t {
            const Bytes made = self.sign(static_cast<SignatureScheme>(scheme), {message, length});
            if (made.empty() || made.size() > capacity) return CARDWRIGHT_CODE_ROOM;
            std::copy(made.begin(), made.end(), signature);
            *signature_length = made.size();
            return CARDWRIGHT_OK;
        });
    }
};

/** Options as C has them, for as long as the options and the callbacks live. */
class RawOptions {
public:
    explicit RawOptions(const Options &from) : c(zeroed<CardwrightOptions>()) {
        c.system = number(from.system);
        c.dialect = or_zero(from.dialect);
        c.check = number(from.check);
        c.page_size = from.page_size.value_or(0);
        c.connect_timeout = limit(from.connect_timeout);
        c.answer_timeout = limit(from.answer_timeout);
        c.idle_timeout = limit(from.idle_timeout);
        c.attempts = from.attempts.value_or(0);
        c.longest_wait = limit(from.longest_wait);
        c.longest_asked = limit(from.longest_asked);
        c.only_roots = from.only_roots;
        c.no_proxy = from.no_proxy;
        c.status_scheme = number(from.status_scheme);
        c.max_element = from.max_element.value_or(0);
        c.base = from.base.c();
        c.user = from.user.c();
        c.password = from.password.c();
        c.token = from.token.c();
        c.roots = from.roots.c();
        c.proxy = from.proxy.c();
        c.user_agent = from.user_agent.c();
        for (const auto &[at, status] : from.statuses) statuses_.push_back({at, number(status)});
        c.statuses = statuses_.data();
        c.status_count = statuses_.size();
        c.verify = number(from.verify);
        c.settle_limit = limit(from.settle_limit);
        c.total_timeout = limit(from.total_timeout);
        c.trust_filters = from.trust_filters.c();
        c.tls = number(from.tls);
        c.list_timeout = limit(from.list_timeout);
        if (from.sign_in) set(*from.sign_in);
        if (from.oidc) set(*from.oidc);
        if (from.certificate) set(*from.certificate);
    }
    RawOptions(const RawOptions &) = delete;
    CardwrightOptions c;
    /** What the client is to keep, if it calls back. */
    std::shared_ptr<ClientCallbacks> callbacks;
private:
    void set(const SignIn &from) {
        sign_in_ = zeroed<CardwrightSignIn>();
        sign_in_.schemes = static_cast<std::uint32_t>(from.schemes.bits());
        sign_in_.mutual = number(from.mutual);
        sign_in_.no_channel_bindings = from.no_channel_bindings;
        sign_in_.basic_in_clear = from.basic_in_clear;
        sign_in_.keytab = from.keytab.c();
        sign_in_.ccache = from.ccache.c();
        sign_in_.service = from.service.c();
        c.sign_in = &sign_in_;
    }
    void set(const Oidc &from) {
        oidc_ = zeroed<CardwrightOidc>();
        oidc_.client_auth = number(from.client_auth);
        oidc_.issuer = from.issuer.c();
        oidc_.client_id = from.client_id.c();
        oidc_.client_secret = from.client_secret.c();
        oidc_.scope = from.scope.c();
        oidc_.resource = from.resource.c();
        oidc_.audience = from.audience.c();
        oidc_.token_endpoint = from.token_endpoint.c();
        oidc_.device_endpoint = from.device_endpoint.c();
        oidc_.cache = from.cache.c();
        if (from.prompt) {
            kept().prompt = from.prompt;
            oidc_.prompt = ClientCallbacks::show;
            oidc_.context = &kept();
        }
        c.oidc = &oidc_;
    }
    void set(const ClientCertificate &from) {
        certificate_ = zeroed<CardwrightClientCertificate>();
        certificate_.certificates = from.certificates.c();
        certificate_.certificate_file = from.certificate_file.c();
        certificate_.key = from.key.c();
        certificate_.key_file = from.key_file.c();
        certificate_.key_password = from.key_password.c();
        for (const auto scheme : from.schemes) schemes_.push_back(number(scheme));
        certificate_.schemes = schemes_.data();
        certificate_.scheme_count = static_cast<std::uint32_t>(schemes_.size());
        if (from.sign) {
            kept().sign = from.sign;
            certificate_.sign = ClientCallbacks::sign_message;
            certificate_.context = &kept();
        }
        c.certificate = &certificate_;
    }
    ClientCallbacks &kept() {
        if (!callbacks) callbacks = std::make_shared<ClientCallbacks>();
        return *callbacks;
    }
    CardwrightSignIn sign_in_{};
    CardwrightOidc oidc_{};
    CardwrightClientCertificate certificate_{};
    std::vector<CardwrightStatusRow> statuses_;
    std::vector<std::uint32_t> schemes_;
};

} // namespace detail
} // namespace cardwright

#endif
#endif /* CARDWRIGHT_OPTIONS_HPP */

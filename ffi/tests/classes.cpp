// What cardwright.hpp must not let through the compiler, and its transactions at a reader.

#include <cardwright.hpp>

#include <cstdlib>
#include <iostream>
#include <type_traits>

#define CHECK(fact)                                                           \
    do {                                                                      \
        if (!(fact)) {                                                        \
            std::cerr << __FILE__ << ':' << __LINE__ << ": " << #fact << '\n'; \
            std::exit(1);                                                     \
        }                                                                     \
    } while (false)

namespace {

template <typename T, typename = void> struct Lends : std::false_type {};
template <typename T> struct Lends<T, std::void_t<decltype(std::declval<T>().transaction())>> : std::true_type {};
template <typename T, typename = void> struct Shows : std::false_type {};
template <typename T> struct Shows<T, std::void_t<decltype(std::declval<T>().view())>> : std::true_type {};

// What goes at the end of the line must not be borrowed from.
static_assert(Lends<cardwright::Session &>::value && !Lends<cardwright::Session>::value);
static_assert(Shows<const cardwright::Card &>::value && !Shows<cardwright::Card>::value);
// A reader is always one; that nothing happened is no event.
static_assert(!std::is_constructible<bool, cardwright::Reader>::value);
static_assert(std::is_constructible<bool, cardwright::Event>::value);

void at_a_reader(const char *reader)
{
    const std::vector<std::uint8_t> select = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00,
                                              0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x00};
    cardwright::Session session(reader), other(reader);
    std::uint32_t status = 0;
    other.transmit(select, &status);
    CHECK(status == 0x9000);
    {
        const auto kept = session.transaction(true);
        CHECK(!kept.was_reset());
    }
    // It ended with a reset, which the other session is told.
    CHECK(other.transaction().was_reset());
    CHECK(!other.transaction().was_reset());

    const auto identity = session.identify();
    const auto guesses = identity.guesses(CARDWRIGHT_SYSTEM_CERTIFLOW);
    CHECK(!guesses.empty() && guesses.size() == guesses[0].count);
    CHECK(identity.guesses(CARDWRIGHT_SYSTEM_CERTIFLOW, 1).size() == 1);
    for (const auto &one : cardwright::readers()) {
        CHECK(!one.reader.empty());
    }
}

void at_a_server(const char *url)
{
    CardwrightOptions options = {};
    options.struct_size = sizeof options;
    options.system = CARDWRIGHT_SYSTEM_MIM;
    options.base = cardwright_text(url);
    options.user = cardwright_text(std::getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(std::getenv("CARDWRIGHT_PASSWORD"));
    const cardwright::Client client(options);
    const auto has = [](const std::string &json, const char *part) { return json.find(part) != std::string::npos; };
    CHECK(has(client.requests(), "\"RequestType\":1"));
    CHECK(client.requests(CARDWRIGHT_REQUEST_STATUS_DENIED, false, true).front() == '[');
    CHECK(has(client.open_requests(), "\"needed\":"));
    CHECK(has(client.accounts(), "\"name\":\"demo\""));
    CHECK(client.history("1013").front() == '[');
    for (const bool approves : {true, false}) {
        try {
            const std::string nobodys = "11111111-2222-3333-4444-555555555555";
            approves ? client.approve(nobodys) : client.deny(nobodys);
            CHECK(false);
        } catch (const cardwright::Error &error) {
            CHECK(has(error.what(), "no request has the id"));
        }
    }
}

} // namespace

int main()
{
    CHECK(cardwright::Card().get() == nullptr);
    if (const char *reader = std::getenv("CARDWRIGHT_READER")) {
        at_a_reader(reader);
    }
    if (const char *url = std::getenv("CARDWRIGHT_MIM_URL")) {
        at_a_server(url);
    }
    return 0;
}

// cardwright.hpp without exceptions: every failure is a result. Compiled with -fno-exceptions -fno-rtti, and for bare
// metal with CARDWRIGHT_BARE too.

#include <cardwright.hpp>

#include <cstdio>
#include <cstdlib>

#if CARDWRIGHT_EXCEPTIONS
#error "this program is for -fno-exceptions"
#endif

#define CHECK(fact)                                                   \
    do {                                                              \
        if (!(fact)) {                                                \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #fact);    \
            std::exit(1);                                             \
        }                                                             \
    } while (false)

namespace cw = cardwright;

namespace {

void anywhere() {
    const auto atr = cw::Atr::try_from_hex("3B D5 18 FF 81 91 FE 1F C3 80 73 C8 21 10 0B");
    CHECK(atr.ok() && atr->bytes().size() == 15 && atr->levels().size() == (*atr)->levels && atr->findings().size() == 1);
    const auto broken = cw::Atr::try_from_hex("3B D5");
    CHECK(!broken && broken.error().code() == cw::Code::short_ && broken.error().what()[0] != '\0');

    cw::Identity identity;
    CHECK(identity.try_begin(atr->bytes()).ok());
    CHECK(identity.try_answer({0x6A, 0x82}).ok() && identity.try_found().ok());

    cw::Call call{cw::CallKind::certiflow_operate};
    call.dialect = cw::Dialect::g7;
    call.operation = cw::Operation::suspend;
    CHECK(!call.try_address().ok());
    call.id = "1013";
    const auto address = call.try_address();
    CHECK(std::string_view(*address) == "Cards/1013/Disable");

    const char json[] = "{\"Uuid\":\"u\",\"Status\":3}";
    const auto view = cw::View::try_parse(cw::Object::smartcard, json);
    CHECK(view.ok() && view->try_number(cw::SmartcardField::status).value_or(std::nullopt) == 3);
    CHECK(!view->try_number(cw::SmartcardField::uuid).ok());
    CHECK(std::string_view(*cw::try_name(cw::CardState::revoked)) == "Revoked");
    CHECK(cw::try_after(cw::CardState::issued, cw::Operation::suspend)->card_state() == cw::CardState::disabled);
    CHECK(std::string_view(*cw::try_hex(atr->bytes())) == "3BD518FF8191FE1FC38073C821100B");
}

#if defined(CARDWRIGHT_CLIENT)
void at_a_server() {
    cw::Options options;
    options.base = std::getenv("CARDWRIGHT_URL");
    if (!options.base) {
        CHECK(cw::Client::try_make(options).error().code() == cw::Code::argument);
        return;
    }
    options.user = std::getenv("CARDWRIGHT_USER");
    options.password = std::getenv("CARDWRIGHT_PASSWORD");
    const auto client = cw::Client::try_make(options);
    CHECK(client.ok());
    cw::Query query;
    query.count = 3;
    auto cards = client->try_cards(query);
    CHECK(cards.ok());
    std::size_t read = 0;
    for (const auto &card : cards->results()) {
        CHECK(card.ok() && card->try_of_both(cw::CardText::id).ok());
        ++read;
    }
    CHECK(read == 3);
    const auto none = client->try_card("999999");
    CHECK(none.ok() && !none->has_value());
    CHECK(client->try_operate_by_id("999999", cw::Operation::suspend).error().code() == cw::Code::not_found);
    CHECK(client->try_cancel().ok() && client->try_card("1").error().code() == cw::Code::canceled);
}
#endif

} // namespace

int main() {
    anywhere();
#if defined(CARDWRIGHT_CLIENT)
    at_a_server();
#endif
    return 0;
}

// Everything of cardwright.hpp: what needs nothing, then a server and a reader where the lab has them.

#include <cardwright.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <numeric>
#include <thread>
#include <type_traits>

#if __cplusplus >= 202002L
#include <ranges>
#include <span>
#endif

#define CHECK(fact)                                                           \
    do {                                                                      \
        if (!(fact)) {                                                        \
            std::cerr << __FILE__ << ':' << __LINE__ << ": " << #fact << '\n'; \
            std::exit(1);                                                     \
        }                                                                     \
    } while (false)

namespace cw = cardwright;
using namespace std::string_literals;
using namespace std::chrono_literals;

namespace {

template <typename T, typename = void> struct Lends : std::false_type {};
template <typename T> struct Lends<T, std::void_t<decltype(std::declval<T>().transaction())>> : std::true_type {};
template <typename T, typename = void> struct Shows : std::false_type {};
template <typename T> struct Shows<T, std::void_t<decltype(std::declval<T>().view())>> : std::true_type {};

// What goes at the end of the line must not be borrowed from.
static_assert(Lends<cw::Session &>::value && !Lends<cw::Session>::value);
static_assert(Shows<const cw::Card &>::value && !Shows<cw::Card>::value);
// A reader is always one; that nothing happened is no event.
static_assert(!std::is_constructible<bool, cw::Reader>::value);
static_assert(std::is_constructible<bool, cw::Event>::value);
// Handles are moved and never copied.
template <typename T> constexpr bool moves = std::is_nothrow_move_constructible<T>::value &&
                                             std::is_nothrow_move_assignable<T>::value && !std::is_copy_constructible<T>::value;
static_assert(moves<cw::Client> && moves<cw::Card> && moves<cw::Cards> && moves<cw::Skzi> && moves<cw::Raw> &&
              moves<cw::Bulk> && moves<cw::Session> && moves<cw::Watch>);
static_assert(!std::is_copy_constructible<cw::List>::value && !std::is_copy_constructible<cw::Session::Transaction>::value);
// An enumeration is no other one, and no number.
static_assert(!std::is_convertible<cw::State, cw::Arg<cw::Operation>>::value);
static_assert(!std::is_convertible<int, cw::Arg<cw::Operation>>::value);
static_assert(std::is_convertible<CardwrightOperation, cw::Arg<cw::Operation>>::value);
static_assert(cw::Operation::revoke == CARDWRIGHT_OPERATION_REVOKE && CARDWRIGHT_OPERATION_RESUME != cw::Operation::revoke);
static_assert(cw::word(cw::RevocationReason::card_lost) == "card_lost" && cw::word(cw::Code::short_) == "short");

#if __cplusplus >= 202002L
static_assert(std::ranges::input_range<cw::Cards> && std::ranges::input_range<cw::Skzi> && std::ranges::input_range<cw::Watch>);
static_assert(std::ranges::input_range<cw::Results<cw::Cards>> && std::ranges::input_range<cw::List::Elements>);
static_assert(std::ranges::forward_range<cw::Items> && std::ranges::forward_range<cw::Set<cw::Operation>>);
static_assert(std::ranges::random_access_range<decltype(std::declval<cw::Atr>().findings())>);
static_assert(std::ranges::random_access_range<decltype(std::declval<cw::Identity>().guesses(cw::System::mim))>);
static_assert(std::ranges::sized_range<decltype(std::declval<const cw::Bulk &>().rows())>);
static_assert(std::ranges::contiguous_range<cw::ByteView> && std::is_convertible<cw::ByteView, std::span<const std::uint8_t>>::value);
#endif

/** The code with which a function fails. */
template <typename F> cw::Code fails(F &&function) {
    try {
        function();
    } catch (const cw::Error &error) {
        CHECK(error.what()[0] != '\0');
        return error.code();
    }
    return cw::Code{};
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

void enumerations() {
    CHECK(cw::name(cw::CardState::revoked) == "Revoked" && cw::name(CARDWRIGHT_ENUMERATION_STATE, cw::State::retired) == "retired");
    CHECK(cw::name(CARDWRIGHT_ENUMERATION_CARD_STATE, CARDWRIGHT_CARD_STATE_REVOKED) == "Revoked");
    CHECK(cw::from_name<cw::Operation>("REVOKE") == cw::Operation::revoke && !cw::from_name<cw::Operation>("none"));
    CHECK(cw::try_name(static_cast<cw::State>(77)).error().code() == cw::Code::unknown_value);
    std::size_t named = 0;
    for (const auto &[value, word] : cw::values<cw::Operation>()) named += cw::word(value) == word;
    CHECK(named == 5);
    cw::Set<cw::Scheme> schemes{cw::Scheme::negotiate, cw::Scheme::basic};
    schemes.insert(CARDWRIGHT_SCHEME_NTLM);
    schemes.erase(cw::Scheme::basic);
    CHECK(schemes.size() == 2 && schemes.contains(cw::Scheme::ntlm) && schemes.bits() == 6 && !schemes.empty());
    CHECK(std::vector<cw::Scheme>(schemes.begin(), schemes.end()).back() == cw::Scheme::ntlm);
    CHECK((schemes & cw::Set<cw::Scheme>(cw::Scheme::ntlm)).size() == 1 && (schemes | cw::Set<cw::Scheme>(cw::Scheme::basic)).size() == 3);
}

void values() {
    CHECK(cw::version().front() == '0' && has(cw::code_text(cw::Code::hex), "hexadecimal"));
    CHECK(!cw::status_word_text(0x9000).empty());
    CHECK(cw::date("1970-01-02T00:00:01Z").time_since_epoch() == 24h + 1s);
    CHECK(fails([] { cw::date("0001-01-01T00:00:00"); }) == cw::Code::unknown_value);
    CHECK(cw::serial_match("card-A", "Card-a") == cw::Match::text_ignoring_case && !cw::serial_match("1", "2"));
    CHECK(fails([] { static_cast<void>(cw::serial_match("", "1")); }) == cw::Code::serial);
    CHECK(cw::serial_spell("{00112233-4455-6677-8899-AABBCCDDEEFF}", cw::SerialForm::hex, cw::ByteOrder::rfc4122).size() == 32);
    CHECK(cw::hex({0x3B, 0x00}, cw::Hex::spaced) == "3B 00" && cw::hex({}) == "");

    CHECK(cw::verdict(cw::CardState::issued, cw::Operation::suspend).allowed());
    const auto verdict = cw::verdict(CARDWRIGHT_CARD_STATE_ISSUED, CARDWRIGHT_OPERATION_REVOKE);
    CHECK(verdict.to == cw::NativeState(cw::CardState::revoked) && verdict.to->name() == "Revoked" && !verdict.source.empty());
    CHECK(!cw::verdict(cw::CardState::revoked, cw::Operation::resume).to);
    CHECK(cw::after(cw::SmartcardStatus::suspended, cw::Operation::resume).smartcard_status() == cw::SmartcardStatus::active);
    CHECK(cw::try_after(cw::CardState::revoked, cw::Operation::resume).error().code() == CARDWRIGHT_CODE_NOT_ALLOWED);
    const auto [operations, documented] = cw::legal(cw::CardState::issued);
    CHECK(operations.contains(cw::Operation::revoke) && (operations & documented) == documented);
    CHECK(cw::neutral_state(cw::CardState::disabled) == cw::State::suspended && !cw::neutral_state(cw::SmartcardStatus::none));
    CHECK(cw::native_state(cw::State::suspended, cw::System::mim)->smartcard_status() == cw::SmartcardStatus::suspended);
    CHECK(!cw::native_state(cw::State::stock, cw::System::mim) || cw::native_state(cw::State::stock, cw::System::mim)->system() == cw::System::mim);
    const auto facts = cw::facts(cw::Operation::revoke);
    CHECK(facts.is_final && facts.takes_reason && facts.certiflow && facts.name == "revoke");
}

void atrs() {
    const auto atr = cw::Atr::from_hex("3B D5 18 FF 81 91 FE 1F C3 80 73 C8 21 10 0B");
    CHECK(atr.bytes().size() == 15 && atr.hex(cw::Hex::lower) == "3bd518ff8191fe1fc38073c821100b");
    CHECK(atr.convention() == cw::Convention::direct && atr.offers(1) && !atr.offers(0) && atr.first_offered() == 1 && atr->k == 5);
    CHECK(atr.category() == cw::Category::compact_tlv);
    CHECK(atr.tck_state() == cw::TckState::wrong && atr.findings().size() == 1);
    CHECK(atr.edc() == cw::Edc::lrc);
    CHECK(!atr.specific_t() && atr.pcsc_protocol() == 1 && atr.clock_stop() == cw::ClockStop::no_preference);
    CHECK(atr.historical_bytes().size() == 5 && atr.historical_bytes()[0] == 0x80);
    const auto levels = atr.levels();
    CHECK(levels.size() == atr->levels && levels.front().number == 1 && !levels.front().qualified_by && levels.back().qualified_by);
    CHECK(levels[0].ta && levels[0].ta->value == 0x18 && levels[0].ta->at == 2);
    CHECK(std::is_sorted(levels.begin(), levels.end(), [](const auto &one, const auto &other) { return one.number < other.number; }));
    const auto objects = atr.objects();
    CHECK(objects.size() == atr->objects && objects.begin()->tag() == 7);
    const auto object = objects.front();
    CHECK(object.value().size() == 3 && object.value()[0] == 0xC8);
    CHECK(atr.historical().command_coding() && !atr.historical().status_word() && !atr.historical().is_storage_card());
    const auto timing = atr.timing();
    CHECK(timing.etu.cycles() == 372U * timing.etu.per() && !timing.wt && timing.bwt && timing.etu.at(3'720'000) == 100us);
    CHECK(cw::bits_per_second(372, 1, 3'720'000) == 10000 && fails([] { cw::bits_per_second(0, 1, 1); }) == cw::Code::argument);
    CHECK(!atr.emv_refusals().empty() && cw::emv_rule_name(*atr.emv_refusals(cw::Reset::warm).begin()));

    const cw::Atr odd(cw::ByteView{0x3B, 0x80, 0x01});
    CHECK(odd.findings().size() == odd->findings && !odd.findings().empty());
    for (const auto &finding : odd.findings()) {
        CHECK(odd.broken_rules().contains(finding.rule()) && !finding.name().empty() && !cw::facts(finding.rule()).text.empty());
        CHECK(finding.value() || finding.at() == odd.bytes().size());
    }
    CHECK(cw::Atr::try_from_hex("3B D5").error().code() == cw::Code::short_);
    CHECK(fails([] { cw::Atr::from_hex("3Z"); }) == cw::Code::hex);

    const cw::LevelParts parts[] = {{0x18, {}, {}, 1}, {{}, {}, {}, {}}};
    cw::AtrParts whole;
    whole.levels = cw::Span<const cw::LevelParts>(parts, 1);
    CHECK(cw::Atr::try_build(whole).ok() != cw::Atr::try_build({cw::Span<const cw::LevelParts>(parts, 40)}).ok());
    const std::vector<std::uint8_t> historical = {1, 2, 3};
    CHECK(cw::Atr::build({{}, historical})->k == 3);
#if __cplusplus >= 202002L
    CHECK(std::ranges::distance(atr.levels() | std::views::filter([](const cw::Level &one) { return one.td.has_value(); })) > 0);
#endif
}

void identities() {
    cw::Identity identity(cw::Atr::from_hex("3B8D0180FBA000000397425446590401CF").bytes(), cw::Interface::contact);
    std::size_t commands = 0;
    for (auto command = identity.command(); !command.empty(); command = identity.command(), ++commands) {
        identity.answer({0x6A, 0x82});
        CHECK(commands < CARDWRIGHT_MAX_COMMANDS);
    }
    const std::vector<std::uint8_t> number = {0x12, 0x34};
    identity.add(CARDWRIGHT_OTHER, CARDWRIGHT_OTHER + 1, number);
    const auto identifiers = identity.identifiers();
    CHECK(identity.found().second == identifiers.size() && identifiers.back().bytes == number);
    CHECK(cw::number(identifiers.back().source) == CARDWRIGHT_OTHER + 1 && identifiers.back().spelling == "1234");
    CHECK(std::any_of(identity.kinds().begin(), identity.kinds().end(), [](const cw::Kind &one) { return cw::number(one.kind) == CARDWRIGHT_OTHER; }));
    CHECK(fails([&] { identity.add(0, CARDWRIGHT_OTHER, {0xFF, 0xFF}); }) == cw::Code::argument);
    const auto guesses = identity.guesses(cw::System::certiflow);
    CHECK(guesses.empty() || guesses[0].count == guesses.size());
    CHECK(cw::Identity().kinds().empty() && cw::Identity().identifiers().empty() && cw::Identity().guesses(CARDWRIGHT_SYSTEM_MIM).empty());
}

void messages() {
    cw::Call call{cw::CallKind::certiflow_operate};
    call.dialect = cw::Dialect::g7;
    call.operation = cw::Operation::revoke;
    call.reason = cw::RevocationReason::card_lost;
    call.id = "1013";
    CHECK(call.method() == cw::Method::post && call.address() == "Cards/1013/Revoke?reason=CardLost" && call.body().empty());
    cw::Site site;
    site.host = "cm.example"s;
    site.base = std::string_view("/certiflow/api");
    CHECK(has(call.message(site), "POST /certiflow/api/Cards/1013/Revoke?reason=CardLost HTTP/1.1\r\n"));
    cw::Call cards{cw::CallKind::certiflow_cards};
    cards.dialect = cw::Dialect::g7;
    cards.query.emplace().tags = {"one", "two"};
    CHECK(has(cards.address(), "one"));
    cards.query->tags.resize(40, "more");
    CHECK(!cards.try_address().ok());

    cw::Reply reply;
    std::string body;
    std::uint32_t status = 0;
    const auto answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n[{}, 1]"s;
    cw::ByteView chunk = cw::bytes_of(answer);
    for (auto part = reply.next(chunk); part.kind != cw::ReplyPartKind::end; part = reply.next(chunk)) {
        if (part.kind == cw::ReplyPartKind::status) status = part.status;
        if (part.kind == cw::ReplyPartKind::header) CHECK(part.name == "Content-Length" && part.text() == "7");
        if (part.kind == cw::ReplyPartKind::body) body += part.text();
    }
    reply.finish();
    CHECK(status == 200 && body == "[{}, 1]" && reply.keeps_connection());
    reply.begin();
    CHECK(fails([&] { reply.finish(); }) == cw::Code::broken);

    std::uint8_t room[16];
    cw::List list(room);
    std::vector<std::string> elements;
    for (const auto &piece : {"[{\"a\":"s, "1}, 2"s, "]"s}) {
        for (const auto &element : list.elements(cw::bytes_of(piece))) elements.emplace_back(element.json);
    }
    list.finish();
    CHECK((elements == std::vector<std::string>{"{\"a\":1}", "2"}));

    const auto json = R"({"id":1013,"serialNumber":"0A","label":null,"tags":["a","b"],"state":"Issued","expirationDate":"2030-01-01T00:00:00Z"})"s;
    const cw::View view(cw::Object::card_info, json);
    using Field = cw::CardInfoField;
    CHECK(view.text(Field::serial_number) == "0A" && view.number(Field::id) == 1013 && !view.number(Field::label));
    CHECK(view.raw(CARDWRIGHT_CARD_INFO_SERIAL_NUMBER) == "\"0A\"" && view.json() == json && view.object() == cw::Object::card_info);
    CHECK(view.date(Field::expiration_date) == cw::date("2030-01-01") && !view.date(Field::time_issued));
    CHECK(view.state()->card_state() == cw::CardState::issued && cw::number(view.c().object == 1 ? cw::Object::card_info : cw::Object::request) == 1);
    const auto items = view.items(Field::tags);
    CHECK(items.size() == 2 && items[1] == "\"b\"" && std::count(items.begin(), items.end(), "\"a\"") == 1);
    CHECK(std::accumulate(items.begin(), items.end(), ""s, [](std::string so_far, std::string_view item) { return so_far + cw::json_text(item); }) == "ab");
    CHECK(view.items(Field::label).empty() && std::vector<std::string_view>(view.items(Field::tags)).size() == 2);
    CHECK(!view.try_text(cw::SmartcardField::uuid).ok());
    CHECK(cw::View::try_parse(cw::Object::card_info, "{").error().code() == cw::Code::json_end);
    CHECK(cw::json_path("[1,{\"a\":x}]", 8) == "$[1].a");

    cw::Probe probe;
    CHECK(!probe.address().empty() && has(probe.message(site), "GET "));
    while (!probe.address().empty()) probe.answer(404, "");
    CHECK(probe.finding().sure == cw::Sure::nothing || !probe.finding("/icmapi").dialects.empty());
    CHECK(!probe.text().empty());
}

void results() {
    cw::Result<int> good = 1;
    CHECK(good.ok() && good && *good == 1 && std::move(good).value_or(2) == 1);
    const auto bad = cw::Atr::try_from_hex("3").map([](const cw::Atr &atr) { return atr.bytes().size(); });
    CHECK(!bad.ok() && bad.error().code() == cw::Code::hex_odd);
    CHECK(fails([&] { static_cast<void>(bad.value()); }) == cw::Code::hex_odd);

    // Nothing listens there. A callback that throws does not cross C: the call throws it again.
    cw::Options options;
    options.base = "http://127.0.0.1:1/api";
    options.attempts = 1;
    options.dialect = cw::Dialect::g7;
    const cw::Client client(options);
    cw::log(cw::LogLevel::trace, [](const cw::LogRecord &record) {
        CHECK(!record.target.empty() && cw::number(record.level) > 0);
        throw std::length_error("the log is full");
    });
    bool thrown = false;
    try {
        static_cast<void>(client.try_card("1"));
    } catch (const std::length_error &error) {
        thrown = has(error.what(), "full");
    }
    cw::log_off();
    CHECK(thrown);
    const auto refused = client.try_card("1");
    CHECK(refused.error().code() == cw::Code::unreachable && !refused.error().words().empty() && !refused.error().http_status());
    client.cancel();
    CHECK(fails([&] { static_cast<void>(client.card("1")); }) == cw::Code::canceled);

    options.base = nullptr;
    CHECK(cw::Client::try_make(options).error().code() == cw::Code::argument);
    options.base = "no address";
    CHECK(cw::Client::try_make(options).error().code() == cw::Code::address);
    CHECK(!cw::last_error().empty());
    CHECK(!cw::tls_library(cw::Tls::rustls)->empty());
    const auto checks = cw::doctor([] {
        cw::Options wrong;
        wrong.base = "http://127.0.0.1:1/api";
        return wrong;
    }(), 20s);
    CHECK(std::any_of(checks.begin(), checks.end(), [](const cw::DoctorCheck &one) { return one.level == cw::DoctorLevel::fail; }));

    // Ownership goes out and comes in.
    CHECK(cw::Card().get() == nullptr && !cw::Card());
    cw::Client one(options.base.has_value() ? cw::Client(nullptr) : cw::Client());
    options.base = "http://127.0.0.1:1/api";
    one = cw::Client(options);
    cw::Client other(one.release());
    CHECK(other && !one);
    other.reset();
    CHECK(!other);
}

cw::Options options_of(cw::System system, const char *url) {
    cw::Options options;
    options.system = system;
    options.base = url;
    options.user = std::getenv("CARDWRIGHT_USER");
    options.password = std::getenv("CARDWRIGHT_PASSWORD");
    options.total_timeout = 30s;
    return options;
}

void at_certiflow(const char *url) {
    auto options = options_of(cw::System::certiflow, url);
    options.sign_in.emplace().schemes = {cw::Scheme::basic};
    const cw::Client client(options);
    CHECK(client.probe().dialect == client.dialect() && !client.found().empty() && !client.explain().empty());

    cw::Query query;
    query.state = cw::CardState::issued;
    query.count = 5;
    std::vector<cw::Card> cards;
    for (auto &card : client.cards(query)) cards.push_back(std::move(card));
    CHECK(cards.size() == 5 && cards[0].state() == cw::NativeState(cw::CardState::issued));
    auto again = client.cards(query);
    CHECK(std::count_if(again.begin(), again.end(), [](const cw::Card &card) { return !card.id().empty(); }) == 5 && !again.next());
    auto listed = client.cards(query);
    std::size_t good = 0;
    for (const auto &one : listed.results()) good += one.ok();
    CHECK(good == 5);
#if __cplusplus >= 202002L
    CHECK(std::ranges::distance(client.cards(query) | std::views::take(3)) == 3);
#endif

    const auto &card = cards[0];
    CHECK(card.text(cw::CardInfoField::serial_number) == card.serial_number() && card.view().state() == card.state());
    const auto same = client.find(card.serial_number());
    CHECK(same && same->id() == card.id() && client.card(card.id())->user() == card.user() && !client.card("999999"));
    CHECK(client.card_of(card.user(), card.id()).has_value());
    const auto planned = client.plan(same, cw::Operation::suspend);
    CHECK(planned.size() == 1 && planned[0].method == "POST" && planned[0].address == client.plan_by_id(card.id(), cw::Operation::suspend)[0].address);
    const auto operations = client.operations(card);
    CHECK(std::any_of(operations.begin(), operations.end(), [](const cw::Listed &one) { return one.operation == cw::Operation::suspend && !one.by_server && one.verdict; }));
    auto outcome = client.operate(card, cw::Operation::suspend);
    CHECK(outcome.result == cw::OperationResult::done && outcome.card->state()->card_state() == cw::CardState::disabled && outcome.verdict->allowed());
    outcome = client.operate_by_id(card.id(), cw::Operation::resume);
    CHECK(outcome.result == CARDWRIGHT_RESULT_DONE && !outcome.answer_lost && outcome.request.empty());
    CHECK(client.try_operate_by_id("999999", cw::Operation::suspend).error().code() == cw::Code::not_found);
    CHECK(client.try_operate(std::optional<cw::Card>(), cw::Operation::suspend).error().code() == cw::Code::argument);
    CHECK(client.raw(cw::Method::get, "Cards?count=1&offset=0").header("content-type") && client.raw(cw::Method::get, "none").status() != 200);
    CHECK(client.try_skzi().ok());

    // Many cards, with a journal, and a progress that throws.
    const auto journal = std::string(std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp") + "/cardwright-classes-" + card.id() + ".journal";
    std::remove(journal.c_str());
    auto bulk = client.bulk(std::vector<std::string>{cards[1].id(), cards[2].id()}, cw::Operation::suspend);
    bulk.keep(journal);
    CHECK(bulk.facts().operation == cw::Operation::suspend && bulk.facts().journal == journal && bulk.counts().planned == 2);
    bool thrown = false;
    try {
        bulk.run({}, [](const cw::BulkProgress &) -> bool { throw std::out_of_range("enough"); });
    } catch (const std::out_of_range &) {
        thrown = true;
    }
    CHECK(thrown);
    bulk.reset();
    bulk = client.resume(journal);
    cw::BulkOptions pace;
    pace.concurrency = 2;
    std::size_t told = 0;
    const auto end = bulk.run(pace, [&told](const cw::BulkProgress &progress) { return told += progress.counts.total == 2, true; });
    CHECK(!end.stopped && told > 0 && bulk.counts().done == 2);
    for (const auto &row : bulk.rows()) CHECK(row.fate == cw::Fate::done && row.verdict->allowed() && !row.code && row.attempts >= 1);
    bulk.retry_failed();
    CHECK(client.bulk(query, cw::Operation::suspend).counts().total == 5);
    bulk.reset();
    std::remove(journal.c_str());
    for (const std::size_t at : {1U, 2U}) CHECK(client.operate_by_id(cards[at].id(), cw::Operation::resume).result == cw::OperationResult::done);

    // From another thread.
    std::thread stops([&client] { client.cancel(); });
    stops.join();
    CHECK(fails([&] { client.find("1"); }) == cw::Code::canceled);
    options.password = "wrong";
    const auto refused = cw::Client(options).try_card("1");
    CHECK(refused.error().code() == cw::Code::sign_in && refused.error().http_status() == 401U);
}

void at_mim(const char *url) {
    CardwrightOptions raw = {};
    raw.struct_size = sizeof raw;
    raw.system = CARDWRIGHT_SYSTEM_MIM;
    raw.base = cardwright_text(url);
    raw.user = cardwright_text(std::getenv("CARDWRIGHT_USER"));
    raw.password = cardwright_text(std::getenv("CARDWRIGHT_PASSWORD"));
    const cw::Client client(raw);
    CHECK(!client.dialect() && fails([&] { client.skzi(); }) == cw::Code::no_such_call);
    CHECK(has(client.requests(), "\"RequestType\":1"));
    CHECK(client.requests(CARDWRIGHT_REQUEST_STATUS_DENIED, false, true).front() == '[');
    const auto open = client.open_requests();
    CHECK(has(open, "\"needed\":"));
    CHECK(has(client.accounts(), "\"name\":\"demo\""));
    CHECK(client.history("1013").front() == '[');
    cw::AuditQuery few;
    few.limit = 1;
    const auto audit = client.audit(few);
    CHECK(audit.rows.front() == '[' && audit.next >= 0);
    CHECK(fails([&] { client.put_account({"nobody"}); }) == cw::Code::not_found);
    for (const bool approves : {true, false}) {
        const auto nobodys = "11111111-2222-3333-4444-555555555555"s;
        const auto decided = approves ? client.try_approve(nobodys) : client.try_deny(nobodys);
        CHECK(has(decided.error().what(), "no request has the id"));
        CHECK(!client.try_follow(nobodys).ok() && !client.try_go_on(nobodys).ok() && !client.try_cancel_request(nobodys).ok());
    }
    const auto requests = client.requests();
    cw::List list;
    cw::ByteView chunk = cw::bytes_of(requests);
    const cw::View request(cw::Object::request, list.next(chunk).json);
    const auto followed = client.follow(request.text(cw::RequestField::uuid));
    CHECK(followed.status && followed.type && has(followed.request, "Uuid"));
}

void at_a_reader(const char *reader) {
    const std::vector<std::uint8_t> select = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00,
                                              0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x00};
    cw::Open open;
    open.limit = 30s;
    cw::Session session(reader, open), other(reader);
    std::uint32_t status = 0;
    other.transmit(select, &status);
    CHECK(status == 0x9000);
    const auto response = session.transmit(select);
    CHECK(response.ok() && response.data().size() + 2 == response.bytes.size() && !response.text().empty());
    session.limit(20s);
    {
        const auto kept = session.transaction(true);
        CHECK(!kept.was_reset() && session.facts().in_transaction);
    }
    // It ended with a reset, which the other session is told.
    CHECK(other.transaction().was_reset());
    CHECK(!other.transaction().was_reset());
    auto ended = session.transaction();
    ended.end();
    CHECK(fails([&] { ended.end(); }) == cw::Code::argument);
    session.reset_card();
    CHECK(session.facts().protocol != cw::Protocol::any && session.facts().atr.size() > 2);

    const auto identity = session.identify();
    const auto guesses = identity.guesses(CARDWRIGHT_SYSTEM_CERTIFLOW);
    CHECK(!guesses.empty() && guesses.size() == guesses[0].count);
    CHECK(identity.guesses(CARDWRIGHT_SYSTEM_CERTIFLOW, 1).size() == 1);
    CHECK(identity.found().first.contains(identity.kinds().front().kind));
    for (const auto &one : cw::readers()) {
        CHECK(!one.reader.empty() && (one.slot == cw::Slot::card) == !one.atr.empty());
    }
    CHECK(cw::Session::try_make("no such reader").error().code() == cw::Code::no_reader);

    cw::Watch watch;
    const auto seen = std::find_if(watch.begin(), watch.end(), [](const cw::Event &event) { return event.kind == cw::EventKind::card_inserted; });
    CHECK(seen->reader == reader && !seen->atr.empty() && seen->facts.kind == CARDWRIGHT_EVENT_KIND_CARD_INSERTED);
    while (watch.next(100ms)) {
    }
    CHECK(!watch.next(0U));
    std::thread stops([&watch] { watch.cancel(); });
    for (const auto &event : watch) static_cast<void>(event);
    stops.join();
    CHECK(watch.try_next().error().code() == cw::Code::canceled);
    if (const char *url = std::getenv("CARDWRIGHT_URL")) {
        const cw::Client client(options_of(cw::System::certiflow, url));
        auto [cards, search] = client.records(identity);
        CHECK(search.tried > 0 && search.system == cw::System::certiflow && (search.by.has_value() == (search.records > 0)));
        for (auto &card : cards) card.confirm();
    }
}

} // namespace

int main() {
    enumerations();
    values();
    atrs();
    identities();
    messages();
    results();
    if (const char *reader = std::getenv("CARDWRIGHT_READER")) {
        at_a_reader(reader);
    }
    if (const char *url = std::getenv("CARDWRIGHT_URL")) {
        at_certiflow(url);
    }
    if (const char *url = std::getenv("CARDWRIGHT_MIM_URL")) {
        at_mim(url);
    }
    return 0;
}

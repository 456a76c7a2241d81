// Watches the readers, and shows who each card is that comes, and its record in MIM CM. It ends after CARDS of
// them; without a number, never.
//
//   export CARDWRIGHT_MIM_URL=https://cm.example/CertificateManagement CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
//   c++ -std=c++17 watch.cpp $(pkg-config --cflags --libs cardwright) -o watch && ./watch [CARDS]

#include <cardwright.hpp>

#include <cstdlib>
#include <iostream>

namespace {

void show(const cardwright::Client &client, const std::string &reader)
{
    // The session ends with this line: the card is free for others while a server is asked.
    const auto identity = cardwright::Session(reader).identify();
    for (const auto &one : identity.kinds()) {
        std::cout << "  a card of the kind " << cardwright::name(CARDWRIGHT_ENUMERATION_CARD_KIND, one.kind) << ", by "
                  << cardwright::name(CARDWRIGHT_ENUMERATION_BASIS, one.basis) << '\n';
    }
    for (const auto &one : identity.identifiers()) {
        std::cout << "  " << cardwright::name(CARDWRIGHT_ENUMERATION_SOURCE, one.source) << ' ' << one.spelling << " ("
                  << cardwright::name(CARDWRIGHT_ENUMERATION_TRUST, one.trust) << ")\n";
    }
    auto [cards, search] = client.records(identity);
    for (const auto &guess : identity.guesses(search.system, search.tried)) {
        std::cout << "  asked MIM CM for " << guess.spelling << '\n';
    }
    const auto found = cardwright::name(CARDWRIGHT_ENUMERATION_FOUND, search.found);
    std::cout << "  records: " << search.records << " (" << found << ")\n";
    if (search.found == CARDWRIGHT_FOUND_WEAKER) {
        std::cout << "  its strongest identifier finds nothing: the record may be another card's\n";
    }
    for (const auto &card : cards) {
        std::cout << "  " << card.of_both(CARDWRIGHT_CARD_TEXT_ID) << ": " << card.of_both(CARDWRIGHT_CARD_TEXT_STATE)
                  << ", of " << card.of_both(CARDWRIGHT_CARD_TEXT_USER) << '\n';
    }
}

} // namespace

int main(int argc, char **argv)
{
    auto options = cardwright::zeroed<CardwrightOptions>();
    options.system = CARDWRIGHT_SYSTEM_MIM;
    options.base = cardwright_text(std::getenv("CARDWRIGHT_MIM_URL"));
    options.user = cardwright_text(std::getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(std::getenv("CARDWRIGHT_PASSWORD"));
    unsigned long left = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : static_cast<unsigned long>(-1);

    try {
        const cardwright::Client client(options);
        cardwright::Watch watch;
        for (const auto &event : watch) {
            if (event.facts.kind != CARDWRIGHT_EVENT_KIND_CARD_INSERTED) {
                continue;
            }
            std::cout << event.reader << '\n';
            try {
                show(client, event.reader);
            } catch (const cardwright::Error &error) {
                // A card that was pulled meanwhile, or a server that does not answer, is no reason to stop.
                std::cerr << "card: " << error.what() << '\n';
            }
            std::cout.flush();
            if (--left == 0) {
                break;
            }
        }
    } catch (const cardwright::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}

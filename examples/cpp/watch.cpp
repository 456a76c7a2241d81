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
        std::cout << "  a card of the kind " << name(one.kind) << ", by " << name(one.basis) << '\n';
    }
    for (const auto &one : identity.identifiers()) {
        std::cout << "  " << name(one.source) << ' ' << one.spelling << " (" << name(one.trust) << ")\n";
    }
    auto [cards, search] = client.records(identity);
    for (const auto &guess : identity.guesses(search.system, search.tried)) {
        std::cout << "  asked MIM CM for " << guess.spelling << '\n';
    }
    std::cout << "  records: " << search.records << " (" << name(search.found) << ")\n";
    if (search.found == cardwright::Found::weaker) {
        std::cout << "  its strongest identifier finds nothing: the record may be another card's\n";
    }
    for (const auto &card : cards) {
        std::cout << "  " << card.id() << ": " << card.of_both(cardwright::CardText::state) << ", of " << card.user() << '\n';
    }
}

} // namespace

int main(int argc, char **argv)
{
    cardwright::Options options;
    options.system = cardwright::System::mim;
    options.base = std::getenv("CARDWRIGHT_MIM_URL");
    options.user = std::getenv("CARDWRIGHT_USER");
    options.password = std::getenv("CARDWRIGHT_PASSWORD");
    unsigned long left = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : static_cast<unsigned long>(-1);

    try {
        const cardwright::Client client(options);
        cardwright::Watch watch;
        for (const auto &event : watch) {
            if (event.kind != cardwright::EventKind::card_inserted) {
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

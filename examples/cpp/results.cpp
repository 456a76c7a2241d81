// Lists the cards that are suspended, without exceptions: every failure is a result.
//
//   export CARDWRIGHT_URL=https://cm.example/certiflow/api CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
//   c++ -std=c++17 -fno-exceptions results.cpp $(pkg-config --cflags --libs cardwright) -o results && ./results

#include <cardwright.hpp>

#include <cstdio>
#include <cstdlib>

static int report(const cardwright::Error &error)
{
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}

int main()
{
    cardwright::Options options;
    options.base = std::getenv("CARDWRIGHT_URL");
    options.user = std::getenv("CARDWRIGHT_USER");
    options.password = std::getenv("CARDWRIGHT_PASSWORD");
    const auto client = cardwright::Client::try_make(options);
    if (!client) {
        return report(client.error());
    }
    cardwright::Query query;
    query.state = cardwright::CardState::disabled;
    auto cards = client->try_cards(query);
    if (!cards) {
        return report(cards.error());
    }
    for (const auto &card : cards->results()) {
        if (!card) {
            return report(card.error());
        }
        const auto serial = card->try_text(cardwright::CardInfoField::serial_number);
        std::printf("%s\n", serial ? serial->c_str() : "a card without a serial number");
    }
    return 0;
}

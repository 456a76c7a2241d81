// Suspends many cards, with a journal: if this is ended by anything, start it again with the journal alone.
//
//   export CARDWRIGHT_URL=https://cm.example/certiflow/api CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
//   c++ -std=c++17 bulk.cpp $(pkg-config --cflags --libs cardwright) -o bulk && ./bulk JOURNAL [ID]...

#include <cardwright.hpp>

#include <cstdlib>
#include <iostream>

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::cerr << "usage: bulk JOURNAL [ID]...\n";
        return 2;
    }
    cardwright::Options options;
    options.base = std::getenv("CARDWRIGHT_URL");
    options.user = std::getenv("CARDWRIGHT_USER");
    options.password = std::getenv("CARDWRIGHT_PASSWORD");

    try {
        const cardwright::Client client(options);
        const std::vector<std::string> ids(argv + 2, argv + argc);
        auto bulk = ids.empty() ? client.resume(argv[1]) : client.bulk(ids, cardwright::Operation::suspend);
        if (!ids.empty()) {
            bulk.keep(argv[1]);
        }
        cardwright::BulkOptions pace;
        pace.canary = 1; // If the first card is not done, no other is tried.
        const auto end = bulk.run(pace, [](const cardwright::BulkProgress &progress) {
            std::cerr << '\r' << progress.counts.done << " of " << progress.counts.total;
            return true;
        });
        std::cerr << '\n';
        for (const auto &row : bulk.rows()) {
            if (row.fate != cardwright::Fate::done) {
                std::cout << row.serial_number << ": " << cardwright::name(row.fate) << ' ' << row.words << '\n';
            }
        }
        if (end.stopped) {
            std::cout << "stopped: " << cardwright::name(*end.stopped) << ' ' << end.words << '\n';
        }
        std::cout << bulk.counts().done << " of " << bulk.counts().total << " cards are suspended\n";
        return bulk.counts().done == bulk.counts().total ? 0 : 1;
    } catch (const cardwright::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}

// Lists the cards whose certificates expire soon, and revokes the one whose serial number is given.
//
//   export CARDWRIGHT_URL=https://cm.example/certiflow/api CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
//   c++ -std=c++17 cards.cpp $(pkg-config --cflags --libs cardwright) -o cards && ./cards [SERIAL]

#include <cardwright.hpp>

#include <cstdlib>
#include <iostream>

using cardwright::CardInfoField;

int main(int argc, char **argv)
{
    cardwright::Options options;
    options.system = cardwright::System::certiflow;
    options.base = std::getenv("CARDWRIGHT_URL");
    options.user = std::getenv("CARDWRIGHT_USER");
    options.password = std::getenv("CARDWRIGHT_PASSWORD");
    options.sign_in.emplace(); // Kerberos, NTLM or Basic, as the server takes it
    options.total_timeout = std::chrono::minutes(1);

    try {
        const cardwright::Client client(options);
        if (argc > 1) {
            const auto card = client.find(argv[1]);
            if (!card) {
                std::cerr << "no card has the serial number " << argv[1] << '\n';
                return 1;
            }
            const auto outcome =
                client.operate(card, cardwright::Operation::revoke, cardwright::RevocationReason::card_lost);
            const bool done = outcome.result == cardwright::OperationResult::done;
            std::cout << argv[1] << (done ? " is revoked\n" : " unknown, it may be revoked: look again\n");
            return done ? 0 : 1;
        }
        cardwright::Query query;
        query.content_expiration_status = cardwright::ContentExpirationStatus::managed_certificates_expiring;
        for (const auto &card : client.cards(query)) {
            std::cout << card.text(CardInfoField::serial_number) << ' ' << card.text(CardInfoField::user_name) << '\n';
        }
    } catch (const cardwright::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}

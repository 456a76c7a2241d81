// Lists the cards whose certificates expire soon, and revokes the one whose serial number is given.
//
//   export CARDWRIGHT_URL=https://cm.example/certiflow/api CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
//   c++ -std=c++17 cards.cpp $(pkg-config --cflags --libs cardwright) -o cards && ./cards [SERIAL]

#include <cardwright.hpp>

#include <cstdlib>
#include <iostream>

int main(int argc, char **argv)
{
    auto options = cardwright::zeroed<CardwrightOptions>();
    options.system = CARDWRIGHT_SYSTEM_CERTIFLOW;
    auto sign_in = cardwright::zeroed<CardwrightSignIn>(); // Kerberos, NTLM or Basic, as the server takes it
    options.sign_in = &sign_in;
    options.base = cardwright_text(std::getenv("CARDWRIGHT_URL"));
    options.user = cardwright_text(std::getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(std::getenv("CARDWRIGHT_PASSWORD"));

    try {
        const cardwright::Client client(options);
        if (argc > 1) {
            const auto card = client.find(argv[1]);
            if (!card) {
                std::cerr << "no card has the serial number " << argv[1] << '\n';
                return 1;
            }
            const auto outcome =
                client.operate(card, CARDWRIGHT_OPERATION_REVOKE, CARDWRIGHT_REVOCATION_REASON_CARD_LOST);
            const bool done = outcome.result == CARDWRIGHT_RESULT_DONE;
            std::cout << argv[1] << (done ? " is revoked\n" : " unknown, it may be revoked: look again\n");
            return done ? 0 : 1;
        }
        auto query = cardwright::zeroed<CardwrightQuery>();
        query.content_expiration_status = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRING;
        for (const auto &card : client.cards(&query)) {
            std::cout << card.text(CARDWRIGHT_CARD_INFO_SERIAL_NUMBER) << ' '
                      << card.text(CARDWRIGHT_CARD_INFO_USER_NAME) << '\n';
        }
    } catch (const cardwright::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}

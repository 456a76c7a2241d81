/* Values of one enumeration where another is meant: the step `c` has compilers refuse each of them. */

#include <cardwright.h>

int32_t revoke(const CardwrightClient *client, const CardwrightCard *card, CardwrightOutcome *outcome)
{
    const CardwrightText comment = {NULL, 0};
#if defined(MIXED) && MIXED == 1 /* operation and reason the wrong way round */
    return cardwright_client_operate(client, card, CARDWRIGHT_REVOCATION_REASON_CARD_LOST, 1,
                                     CARDWRIGHT_OPERATION_REVOKE, comment, outcome, NULL);
#elif defined(MIXED) && MIXED == 2 /* the value of another option */
    const CardwrightOptions options = {.struct_size = sizeof options, .verify = CARDWRIGHT_CHECK_STRICT};
    CardwrightClient *made = NULL;
    (void)client, (void)card, (void)outcome, (void)comment;
    return cardwright_client_new(&options, &made, NULL);
#elif defined(MIXED) && MIXED == 3 /* what was done, compared with what a table says */
    (void)client, (void)card, (void)comment;
    return outcome->result == CARDWRIGHT_ANSWER_ALLOWED;
#else
    const uint32_t reason = CARDWRIGHT_REVOCATION_REASON_CARD_LOST;
    return cardwright_client_operate(client, card, CARDWRIGHT_OPERATION_REVOKE, 1, reason, comment, outcome, NULL);
#endif
}

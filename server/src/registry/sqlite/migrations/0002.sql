-- What a certificate authority knows of each certificate. No API shows it.
ALTER TABLE certificate ADD COLUMN revoke_with_card INTEGER NOT NULL DEFAULT 1; -- the template's option
ALTER TABLE certificate ADD COLUMN in_new_policy INTEGER NOT NULL DEFAULT 1;
-- Valid 1, Hold 2, Revoked 3. That one has expired is told by valid_to.
ALTER TABLE certificate ADD COLUMN ca_status INTEGER NOT NULL DEFAULT 1 CHECK (ca_status BETWEEN 1 AND 3);
ALTER TABLE certificate ADD COLUMN crl_reason INTEGER;                          -- RFC 5280, 5.3.1
-- Whether the hold of its card put it on hold, and will release it.
ALTER TABLE certificate ADD COLUMN held_with_card INTEGER NOT NULL DEFAULT 0;

-- The managed certificates of cards that were held or ended under version 1 follow their cards, but
-- for those that had expired by then. The reasons are those of RevocationReason::crl_reason.
UPDATE certificate SET ca_status = 2, crl_reason = 6, held_with_card = 1
WHERE type = 1 AND EXISTS (SELECT 1 FROM card
    WHERE card.id = certificate.card AND state = 5 AND valid_to > coalesce(time_disabled, 0));

UPDATE certificate SET ca_status = 3, crl_reason = (SELECT CASE coalesce(revocation_reason, 0)
        WHEN 0 THEN 0 WHEN 2 THEN 1 WHEN 7 THEN 1 WHEN 3 THEN 4 WHEN 4 THEN 4 ELSE 5 END
    FROM card WHERE card.id = certificate.card)
WHERE type = 1 AND EXISTS (SELECT 1 FROM card
    WHERE card.id = certificate.card AND state IN (6, 7) AND valid_to > coalesce(time_revoked, 0));

-- What is on record: whose seat map or service key a change was about, and what a merchant's payment was
-- called.
ALTER TABLE organiser_changes ADD COLUMN owner_id uuid;
CREATE INDEX organiser_changes_of_owner ON organiser_changes (owner_id, id) WHERE concert_id IS NULL;

ALTER TABLE reservation_events ADD COLUMN payment_reference text;

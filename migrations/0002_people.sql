-- Who people are, and how they show it. A secret is kept as its SHA-256, a password as argon2id's text.

-- A user is somebody who has bought something, or has an account: an email address and a password.
ALTER TABLE users
    ADD COLUMN role                 text NOT NULL DEFAULT 'buyer'
        CHECK (role IN ('buyer', 'organiser', 'admin')),
    -- In its normal form: two spellings of an address are one account.
    ADD COLUMN email                text CONSTRAINT users_email_key UNIQUE,
    ADD COLUMN name                 text,
    ADD COLUMN password_hash        text,
    -- What opens a session of a guest who has no other way back to their tickets.
    ADD COLUMN recovery_hash        bytea CONSTRAINT users_recovery_hash_key UNIQUE
        CHECK (length(recovery_hash) = 32),
    ADD COLUMN recovery_expires_at  timestamptz,
    ADD CONSTRAINT users_account_check CHECK ((email IS NULL) = (password_hash IS NULL)),
    ADD CONSTRAINT users_recovery_check CHECK (
        (recovery_hash IS NULL) = (recovery_expires_at IS NULL)
        AND (recovery_hash IS NULL OR email IS NULL)
    );

-- A session of somebody with an account, or of a guest who has confirmed something: what Redis has of
-- it may be lost. Other guests' sessions are in Redis alone.
CREATE TABLE sessions (
    token_hash  bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id     uuid NOT NULL REFERENCES users,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- How an organiser's server says whose it is.
CREATE TABLE service_keys (
    id            uuid PRIMARY KEY,
    organiser_id  uuid NOT NULL REFERENCES users,
    name          text NOT NULL,
    secret_hash   bytea NOT NULL CONSTRAINT service_keys_secret_hash_key UNIQUE
        CHECK (length(secret_hash) = 32),
    created_at    timestamptz NOT NULL DEFAULT now(),
    revoked_at    timestamptz
);

CREATE INDEX service_keys_by_organiser ON service_keys (organiser_id, id) WHERE revoked_at IS NULL;

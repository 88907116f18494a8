-- installation.db: who may log in on this machine, and which restaurants it holds.

CREATE TABLE account (
  id         BLOB    NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  email      TEXT    NOT NULL,          -- as typed
  email_key  TEXT    NOT NULL,          -- lower case: what is compared
  made_ms    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX account_email ON account(email_key);

-- Each one is a file restaurants/<id>.db, which holds its settings and staff.
CREATE TABLE restaurant (
  id      BLOB    NOT NULL PRIMARY KEY,
  made_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Secret: never in ledger or journal.
CREATE TABLE password (
  account_id BLOB NOT NULL PRIMARY KEY,
  hash       TEXT NOT NULL              -- argon2id, PHC text
) WITHOUT ROWID;

CREATE TABLE second_factor (
  account_id BLOB    NOT NULL PRIMARY KEY,
  secret     BLOB    NOT NULL,          -- 20 bytes, also in the person's authenticator
  since_ms   INTEGER,                   -- asked for since; NULL: not confirmed yet
  last_step  INTEGER NOT NULL           -- half minutes since 1970 of the last code that was used
) WITHOUT ROWID;

CREATE TABLE recovery_code (
  account_id BLOB NOT NULL,
  hash       BLOB NOT NULL,             -- blake3
  PRIMARY KEY (account_id, hash)
) WITHOUT ROWID;

-- Local: wrong tries at logging in.
CREATE TABLE log_in_try (
  who     BLOB    NOT NULL PRIMARY KEY, -- blake3 of the address that was typed
  failed  INTEGER NOT NULL,
  last_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX log_in_try_last ON log_in_try(last_ms);

-- Local: of this disk only.
CREATE TABLE session (
  token_hash BLOB    NOT NULL PRIMARY KEY, -- blake3 of the bearer token
  id         BLOB    NOT NULL,
  account_id BLOB    NOT NULL,             -- of a paired device: the restaurant, which is nobody
  made_ms    INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  restaurant_id BLOB,                   -- somebody else took over here with their PIN; NULL: who logged in
  person_id  BLOB,                      -- their account
  locked     INTEGER,                   -- 1: nobody is there until a PIN is entered
  agent      TEXT    NOT NULL           -- what the browser said of itself
) WITHOUT ROWID;
CREATE INDEX session_account ON session(account_id);
CREATE INDEX session_expires ON session(expires_ms);

-- Local: what somebody said about jobs, and when each strikes next.
CREATE TABLE job (
  name    TEXT    NOT NULL PRIMARY KEY,
  pattern TEXT,                         -- cron; NULL: the usual one
  paused  INTEGER,                      -- 1: not by itself
  next_ms INTEGER                       -- NULL: never
) WITHOUT ROWID;

CREATE TABLE job_run (
  id       INTEGER PRIMARY KEY,
  job      TEXT    NOT NULL,
  state    TEXT    NOT NULL,            -- waiting | running | done | dead | cancelled
  why      TEXT    NOT NULL,            -- schedule | person
  asked_by BLOB,                        -- account
  due_ms   INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  begun_ms INTEGER,
  ended_ms INTEGER,
  amount   INTEGER,                     -- of rows, files, restaurants
  trouble  TEXT
);
-- Of each job at most one waits or runs.
CREATE UNIQUE INDEX job_run_open ON job_run(job) WHERE ended_ms IS NULL;

-- Local: quotas that were chosen instead of the usual ones.
CREATE TABLE limit_quota (
  name     TEXT    NOT NULL PRIMARY KEY,
  requests INTEGER NOT NULL,
  window_s INTEGER NOT NULL
) WITHOUT ROWID;

-- Secret: what opens this engine to programs.
CREATE TABLE api_key (
  id            BLOB    NOT NULL PRIMARY KEY,
  restaurant_id BLOB    NOT NULL,
  account_id    BLOB    NOT NULL,       -- who made it
  name          TEXT    NOT NULL,
  hint          TEXT    NOT NULL,       -- how it begins
  key_hash      BLOB    NOT NULL,       -- blake3
  tier          TEXT    NOT NULL,
  scopes        TEXT    NOT NULL,       -- permissions, a space between
  made_ms       INTEGER NOT NULL,
  expires_ms    INTEGER,
  used_ms       INTEGER,                -- last used, to the minute
  paused_ms     INTEGER                 -- brought back from a backup then: opens nothing until a person says so
) WITHOUT ROWID;
CREATE UNIQUE INDEX api_key_hash ON api_key(key_hash);
CREATE INDEX api_key_restaurant ON api_key(restaurant_id);

-- Local: load tests of this machine.
CREATE TABLE load_plan (
  restaurant_id BLOB    NOT NULL,
  id            BLOB    NOT NULL,
  name          TEXT    NOT NULL,
  body          TEXT    NOT NULL,       -- JSON; no value of a secret
  changed_ms    INTEGER NOT NULL,
  PRIMARY KEY (restaurant_id, id)
) WITHOUT ROWID;
CREATE TABLE load_run (
  restaurant_id  BLOB    NOT NULL,
  id             BLOB    NOT NULL,
  plan           TEXT    NOT NULL,
  target         TEXT    NOT NULL,
  began_ms       INTEGER NOT NULL,
  ended_ms       INTEGER NOT NULL,
  by_name        TEXT    NOT NULL,
  outcome        TEXT    NOT NULL,
  failure        TEXT,                  -- why it could not begin
  good           INTEGER NOT NULL,
  requests       INTEGER NOT NULL,
  per_s          REAL    NOT NULL,
  p95_ms         REAL    NOT NULL,
  p99_ms         REAL    NOT NULL,
  errors_percent REAL    NOT NULL,
  summary        TEXT,                  -- JSON, a window a second; NULL: it never began
  PRIMARY KEY (restaurant_id, id)
);

-- Local: the devices that are linked to restaurants of this engine, and the letters they were leased. A row is never
-- deleted, so that no letters are given twice.
CREATE TABLE sync_device (
  restaurant_id BLOB    NOT NULL,
  id            BLOB    NOT NULL,
  lease         INTEGER NOT NULL,       -- the number of its letters: 2 is B
  name          TEXT    NOT NULL,
  key_hash      BLOB,                   -- blake3 of its key; NULL: it goes on under another id and other letters
  made_ms       INTEGER NOT NULL,
  contact_ms    INTEGER NOT NULL,       -- last heard, to the minute
  revoked_ms    INTEGER,
  PRIMARY KEY (restaurant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX sync_device_lease ON sync_device(restaurant_id, lease);
CREATE UNIQUE INDEX sync_device_key ON sync_device(key_hash) WHERE key_hash IS NOT NULL;

-- Secret: the restaurants whose sequencer is elsewhere.
CREATE TABLE sync_link (
  restaurant_id BLOB    NOT NULL PRIMARY KEY,
  address       TEXT    NOT NULL,
  device_id     BLOB    NOT NULL,
  letters       TEXT    NOT NULL,
  key           TEXT    NOT NULL,       -- the bearer token for that engine
  seal          BLOB    NOT NULL,       -- 32 bytes both have and that never travels
  since_ms      INTEGER NOT NULL,
  authority     TEXT,                   -- PEM: who vouches for that engine; NULL: whoever this computer trusts
  spare         TEXT,                   -- where to ask if that engine is away
  own_address   TEXT                    -- where this one would be reached if it took over
) WITHOUT ROWID;

-- Local: the door to the restaurant's own network. One row, once somebody chose.
CREATE TABLE house (
  one     INTEGER NOT NULL PRIMARY KEY, -- 1
  is_open INTEGER NOT NULL,
  port    INTEGER NOT NULL
) WITHOUT ROWID;

-- Local: browsers that were paired. They are shut out with their session.
CREATE TABLE house_device (
  session_id    BLOB    NOT NULL PRIMARY KEY,
  restaurant_id BLOB    NOT NULL,
  name          TEXT    NOT NULL,
  made_ms       INTEGER NOT NULL,
  made_by       BLOB    NOT NULL,       -- account
  contact_ms    INTEGER NOT NULL
) WITHOUT ROWID;

-- Secret: what a sequencer and each of its devices both have and that never travels.
CREATE TABLE sync_seal (
  restaurant_id BLOB NOT NULL,
  device_id     BLOB NOT NULL,
  key           BLOB NOT NULL,          -- 32 bytes
  PRIMARY KEY (restaurant_id, device_id)
) WITHOUT ROWID;

-- Secret: which of the linked devices would take over, and what this engine then is there.
CREATE TABLE sync_spare (
  restaurant_id BLOB    NOT NULL,
  device_id     BLOB    NOT NULL,
  address       TEXT,                   -- as that device says; NULL: not yet
  key           TEXT    NOT NULL,       -- this engine's bearer token there
  seal          BLOB    NOT NULL,
  since_ms      INTEGER NOT NULL,
  ended         INTEGER NOT NULL,       -- 1: it is none any more, and may not have heard of that
  PRIMARY KEY (restaurant_id, device_id)
) WITHOUT ROWID;

-- Secret: at a spare, what it needs to take over, as the sequencer last said it.
CREATE TABLE sync_standing (
  restaurant_id BLOB    NOT NULL PRIMARY KEY,
  body          BLOB    NOT NULL,       -- JSON
  taken_ms      INTEGER NOT NULL
) WITHOUT ROWID;

-- Local: of an engine that took over, the letters it had and keeps.
CREATE TABLE sync_own (
  restaurant_id BLOB    NOT NULL PRIMARY KEY,
  epoch         INTEGER NOT NULL,       -- they are its own in this one
  lease         INTEGER NOT NULL,
  lease_floor   INTEGER NOT NULL        -- letters up to this number may be in use
) WITHOUT ROWID;

-- Local: the servers this computer watches. What opens them lies in a file of its own.
CREATE TABLE deployment (
  id          BLOB    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  name_key    TEXT    NOT NULL,         -- lower case: what is compared
  kind        TEXT    NOT NULL,
  address     TEXT    NOT NULL,
  environment TEXT    NOT NULL,
  tags        TEXT    NOT NULL,         -- a JSON list
  every_s     INTEGER NOT NULL,
  made_ms     INTEGER NOT NULL,
  state       TEXT    NOT NULL,
  since_ms    INTEGER,
  against     INTEGER NOT NULL,         -- answers in a row that say the opposite
  against_ms  INTEGER,
  version     TEXT,                     -- as it said last
  expires_ms  INTEGER                   -- of its certificate
) WITHOUT ROWID;
CREATE UNIQUE INDEX deployment_name ON deployment(name_key);
-- Every answer of the last day.
CREATE TABLE deployment_probe (
  deployment_id BLOB    NOT NULL,
  at_ms         INTEGER NOT NULL,
  good          INTEGER NOT NULL,
  took_us       INTEGER NOT NULL,
  status        INTEGER,                -- NULL: there was no answer
  reason        TEXT,                   -- NULL: it is good
  PRIMARY KEY (deployment_id, at_ms)
) WITHOUT ROWID;
-- Ninety days by the hour.
CREATE TABLE deployment_hour (
  deployment_id BLOB    NOT NULL,
  hour_ms       INTEGER NOT NULL,
  probes        INTEGER NOT NULL,
  good          INTEGER NOT NULL,
  latency       BLOB    NOT NULL,       -- a histogram of the good ones
  PRIMARY KEY (deployment_id, hour_ms)
) WITHOUT ROWID;
-- From the first bad answer to the first good one of two.
CREATE TABLE deployment_outage (
  deployment_id BLOB    NOT NULL,
  from_ms       INTEGER NOT NULL,
  to_ms         INTEGER,                -- NULL: it is down now
  reason        TEXT,
  status        INTEGER,
  PRIMARY KEY (deployment_id, from_ms)
) WITHOUT ROWID;
-- What a Comanda said last of its settings, and what was accepted of them.
CREATE TABLE deployment_settings (
  deployment_id BLOB    NOT NULL PRIMARY KEY,
  asked_ms      INTEGER NOT NULL,
  trouble       TEXT,                   -- NULL: it said them when it was asked last
  reason        TEXT,                   -- why it did not answer
  seen_ms       INTEGER,                -- NULL: it has never said them
  seen          TEXT,                   -- JSON
  accepted_ms   INTEGER,
  accepted      TEXT,                   -- JSON
  accepted_by   TEXT                    -- NULL: what it said first
) WITHOUT ROWID;

-- Local: how a backup of a service is asked for. Secret headers lie with its token.
CREATE TABLE deployment_trigger (
  deployment_id BLOB    NOT NULL PRIMARY KEY,
  body          TEXT    NOT NULL        -- JSON
) WITHOUT ROWID;
-- Local: backups that were asked for.
CREATE TABLE deployment_run (
  id            BLOB    NOT NULL PRIMARY KEY,
  deployment_id BLOB    NOT NULL,
  state         TEXT    NOT NULL,
  began_ms      INTEGER NOT NULL,
  ended_ms      INTEGER,                -- NULL: under way, or the engine stopped meanwhile
  polls         INTEGER NOT NULL,       -- times it was asked how far it is
  status        INTEGER,
  said          TEXT,                   -- what it said last where one looks
  fault         TEXT,                   -- NULL: none
  reason        TEXT,                   -- NULL: it answered
  by_name       TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX deployment_run_began ON deployment_run(deployment_id, began_ms);

-- Local: what was told of this computer and of deployments. At most one of a rule and a subject is on.
CREATE TABLE alert (
  id         BLOB    NOT NULL PRIMARY KEY,
  rule       TEXT    NOT NULL,
  severity   TEXT    NOT NULL,
  threshold  INTEGER NOT NULL,          -- the limit it fired at
  value      INTEGER NOT NULL,
  fired_ms   INTEGER NOT NULL,
  ended_ms   INTEGER,
  acked_ms   INTEGER,
  acked_by   BLOB,                      -- account
  acked_name TEXT,
  subject_id BLOB,                      -- deployment; NULL: this computer
  subject_name TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX alert_on ON alert(rule, coalesce(subject_id, x'')) WHERE ended_ms IS NULL;

-- Local: what was changed of a rule. NULL: as it comes.
CREATE TABLE alert_rule (
  name      TEXT    NOT NULL PRIMARY KEY,
  is_off    INTEGER NOT NULL,
  threshold INTEGER,
  for_s     INTEGER
) WITHOUT ROWID;

-- Secret: who is told of alerts outside. A chat's address opens the chat.
CREATE TABLE notice_target (
  id            BLOB    NOT NULL PRIMARY KEY,
  name          TEXT    NOT NULL,
  address       TEXT    NOT NULL,
  only_critical INTEGER NOT NULL,
  secret        BLOB    NOT NULL,       -- signs what is sent there
  made_ms       INTEGER NOT NULL
) WITHOUT ROWID;

-- Secret: the server mail goes through; one row.
CREATE TABLE mail_server (
  id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  host     TEXT    NOT NULL,
  port     INTEGER NOT NULL,
  security TEXT    NOT NULL,            -- tls | starttls | none
  user     TEXT,
  password TEXT,
  sender   TEXT    NOT NULL
) WITHOUT ROWID;

-- Local: what waits to be sent, and the last that was.
CREATE TABLE notice (
  id        BLOB    NOT NULL PRIMARY KEY,
  target_id BLOB    NOT NULL,
  kind      TEXT    NOT NULL,
  body      TEXT    NOT NULL,           -- JSON, as it is sent
  made_ms   INTEGER NOT NULL,
  state     TEXT    NOT NULL,           -- waiting | sent | given_up
  tries     INTEGER NOT NULL,           -- that failed
  next_ms   INTEGER NOT NULL,
  tried_ms  INTEGER,
  reason    TEXT,                       -- why the last try failed
  status    INTEGER                     -- what it was answered with
) WITHOUT ROWID;
CREATE INDEX notice_target_state ON notice(target_id, state, id);

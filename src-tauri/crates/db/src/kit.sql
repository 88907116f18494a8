-- The two records and what is kept about them. See docs/decisions/0001-ledger-and-journal.md.

-- What was asked and answered. A row is never changed, except that `position` is
-- filled in once when the sequencer has placed the command.
CREATE TABLE ledger (
  seq        INTEGER PRIMARY KEY,  -- order of arrival on this disk
  id         BLOB    NOT NULL,     -- command id: UUID, minted by the client; the idempotency key
  device     BLOB    NOT NULL,     -- device that accepted it
  device_seq INTEGER,              -- dense per device; NULL: refused where it was accepted, never shipped
  actor      BLOB    NOT NULL,     -- who asked
  name       TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  at_ms      INTEGER NOT NULL,     -- when the accepting engine prepared it
  request    BLOB    NOT NULL,     -- 8 bytes: fingerprint of what the client sent
  args       BLOB    NOT NULL,     -- frozen: JSON
  outcome    INTEGER NOT NULL,     -- first answer: 0 done, 1 refused
  answer     BLOB    NOT NULL,     -- first answer: JSON
  entry      INTEGER NOT NULL,     -- the journal entry written with it
  position   INTEGER               -- the sequencer's; NULL while pending
);

-- Row of each command id, so that a repeated command is known for ever. In a block, ids that its clock
-- finds (`low`, `high`) have none.
CREATE TABLE ledger_id (
  id  BLOB PRIMARY KEY,
  seq INTEGER NOT NULL
) WITHOUT ROWID;

-- What changed on this disk: one row a commit of a command, hash-chained, never rewritten.
CREATE TABLE journal (
  entry    INTEGER PRIMARY KEY,    -- dense from 1
  cause    INTEGER NOT NULL,       -- 0 run, 1 undo, 2 apply, 3 re-run, 4 migration
  seq      INTEGER NOT NULL,       -- ledger row it belongs to; 0: none (migration)
  position INTEGER,                -- the sequencer's, where known when written
  changes  BLOB    NOT NULL,       -- CBOR, see changes.rs
  state    BLOB,                   -- 16 bytes: hash of all synced rows after it; NULL: it was in a block
  hash     BLOB    NOT NULL        -- 32 bytes: the chain's link, folded with the state
);

-- Old rows of both records, many to a block, in the same chain.
CREATE TABLE block (
  entry INTEGER PRIMARY KEY,       -- its first journal entry
  last  INTEGER NOT NULL,          -- its last
  seq   INTEGER NOT NULL,          -- its first ledger row
  seqs  INTEGER NOT NULL,          -- how many of them
  low   INTEGER NOT NULL,          -- an id minted from `low` to `high` (ms, in a UUID of version 7) is not
  high  INTEGER NOT NULL,          --   in the indexes below: if this block knows it, `ids` has it
  ids   BLOB    NOT NULL,          -- every id in it, once
  body  BLOB    NOT NULL,          -- the rest, see pack/body.rs
  hash  BLOB    NOT NULL           -- 32 bytes: blake3 of all the above; not every flipped bit changes what it unpacks to
);
CREATE INDEX block_seq ON block (seq);
CREATE INDEX block_minted ON block (high, low);

-- Which entries touched which row: history of one thing without reading the whole journal.
CREATE TABLE touched (
  entity BLOB    NOT NULL,         -- first key column of the changed row, where it is an id
  entry  INTEGER NOT NULL,
  PRIMARY KEY (entity, entry)
) WITHOUT ROWID;

-- What each full run of 1,024 ledger rows holds, for searching the trail. Written when searched; see trail.rs.
CREATE TABLE span (
  run      INTEGER PRIMARY KEY,    -- rows run * 1024 + 1 to (run + 1) * 1024
  first_ms INTEGER NOT NULL,       -- least and greatest at_ms
  last_ms  INTEGER NOT NULL,
  actors   BLOB    NOT NULL,       -- 16 bytes each
  names    TEXT    NOT NULL        -- between spaces
);

-- Order-independent hash per synced table, kept row by row.
CREATE TABLE state (
  name TEXT    PRIMARY KEY,
  rows INTEGER NOT NULL,
  sum  BLOB    NOT NULL            -- 16 bytes: sum of row hashes, two lanes of 64 bits
) WITHOUT ROWID;

-- Where both records end; one row, written with every commit.
CREATE TABLE head (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  entry      INTEGER NOT NULL,
  hash       BLOB    NOT NULL,
  seq        INTEGER NOT NULL,
  device_seq INTEGER NOT NULL,
  position   INTEGER NOT NULL      -- the last one known here
);

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- Own commands the sequencer has not placed yet, in order.
CREATE TABLE outbox (
  device_seq INTEGER PRIMARY KEY,
  seq        INTEGER NOT NULL,
  entry      INTEGER NOT NULL      -- its latest run or re-run
);

-- What a person should see: an intent refused elsewhere, an outcome that changed after the first answer.
CREATE TABLE inbox (
  seq         INTEGER PRIMARY KEY, -- ledger row
  kind        TEXT    NOT NULL,    -- 'refused' | 'changed'
  answer      BLOB    NOT NULL,    -- the sequencer's answer
  resolved_ms INTEGER
);

-- Sequencer: how far each device has been heard.
CREATE TABLE device (
  id         BLOB PRIMARY KEY,
  device_seq INTEGER NOT NULL
) WITHOUT ROWID;

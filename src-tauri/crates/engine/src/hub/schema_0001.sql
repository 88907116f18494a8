-- One hub: every restaurant's line, and the installation's under the id of zeros. Only processes of the hub write here.

CREATE TABLE hub (
  one     boolean PRIMARY KEY CHECK (one),
  version integer NOT NULL,            -- of these tables
  id      uuid    NOT NULL             -- copies on a process's disk belong to this one
);

-- Where each line ends. Its row is the one lock a restaurant has.
CREATE TABLE head (
  restaurant uuid    PRIMARY KEY,
  turn       bigint  NOT NULL,         -- groups taken so far
  position   bigint  NOT NULL,         -- commands placed so far
  epoch      bigint  NOT NULL,
  schema     integer NOT NULL,         -- of the restaurant's file
  floor      bigint  NOT NULL,         -- rows apart of the turns up to here are in snapshots alone
  written    uuid                      -- drawn by whoever wrote the last turn, to know it again
);

-- What was asked and answered.
CREATE TABLE ledger (
  restaurant uuid   NOT NULL,
  position   bigint NOT NULL,          -- dense from 1
  command_id uuid   NOT NULL,
  body       bytea  NOT NULL,          -- CBOR, see sync/wire.rs
  PRIMARY KEY (restaurant, position),
  UNIQUE (restaurant, command_id)
);

-- What it changed.
CREATE TABLE effects (
  restaurant uuid    NOT NULL,
  position   bigint  NOT NULL,
  schema     integer NOT NULL,         -- of the file it was run on
  body       bytea   NOT NULL,
  PRIMARY KEY (restaurant, position)
);

-- Changed rows that are in no record: secrets, sessions, devices, pictures.
CREATE TABLE apart (
  restaurant uuid   NOT NULL,
  turn       bigint NOT NULL,
  body       bytea  NOT NULL,
  PRIMARY KEY (restaurant, turn)
);

-- Devices that were heard without placing anything.
CREATE TABLE heard (
  restaurant uuid   NOT NULL,
  device     uuid   NOT NULL,
  device_seq bigint NOT NULL,
  PRIMARY KEY (restaurant, device)
);

-- Whole files, so that a copy is made without all of the line.
CREATE TABLE snapshot (
  restaurant uuid   NOT NULL,
  turn       bigint NOT NULL,
  pieces     integer NOT NULL,
  PRIMARY KEY (restaurant, turn)
);

CREATE TABLE snapshot_piece (
  restaurant uuid    NOT NULL,
  turn       bigint  NOT NULL,
  piece      integer NOT NULL,         -- from 0
  bytes      bytea   NOT NULL,         -- a part of the file's zstd
  PRIMARY KEY (restaurant, turn, piece)
);

-- Link codes that wait to be used, ten minutes long.
CREATE TABLE link_code (
  proof      text   PRIMARY KEY,
  code       text   NOT NULL,
  restaurant uuid   NOT NULL,
  ends_ms    bigint NOT NULL
);

-- A restaurant's file. Synced tables first, then the roll-ups kept by triggers.
--
-- Keys are UUIDv7 as 16 bytes, children keyed (parent, own); keys never change. A column is NULL
-- where its usual value applies, because NULL costs nothing in the records. No fact refers by
-- constraint to what an intent made, so a fact can always run again.

-- settings ---------------------------------------------------------------------------------

CREATE TABLE restaurant (
  id                  BLOB    NOT NULL PRIMARY KEY,
  name                TEXT    NOT NULL,
  currency            TEXT    NOT NULL,  -- ISO 4217
  time_zone           TEXT    NOT NULL,  -- IANA
  locale              TEXT    NOT NULL,
  day_cutoff_minute   INTEGER NOT NULL,  -- the business day ends this long after midnight
  tax_mode            TEXT    NOT NULL,  -- inclusive | exclusive
  tax_rounding        TEXT    NOT NULL,  -- line | rate | check
  rounding            TEXT    NOT NULL,  -- half_up | half_even
  cash_rounding_minor INTEGER NOT NULL,  -- smallest coin; 0: exact
  default_tax_rate_bp INTEGER NOT NULL,
  service_dine_in_bp  INTEGER,           -- service charge by kind of order; NULL: none
  service_takeaway_bp INTEGER,
  service_delivery_bp INTEGER,
  service_tax_bp      INTEGER,           -- its tax rate; NULL: the default one
  cap_cashier_bp      INTEGER,           -- discount without approval; NULL: 1000
  cap_waiter_bp       INTEGER,           -- NULL: 0
  lock_after_minutes  INTEGER,           -- an idle screen asks for a PIN; NULL: never
  kitchen_amber_minutes INTEGER,         -- a ticket that waits this long turns amber; NULL: 10
  kitchen_red_minutes INTEGER,           -- and red; NULL: 15
  invoice_prefix      TEXT,              -- NULL: F
  credit_prefix       TEXT,              -- NULL: C
  invoice_yearly      INTEGER,           -- 0: one series for ever; NULL: a new one each year
  accounts            TEXT,              -- JSON {kind: code} of the accountant's journal; NULL: the usual ones
  receipt             TEXT               -- JSON {head, foot}: what stands on every receipt; NULL: nothing
) WITHOUT ROWID;

-- Names and roles. Log-in and e-mail are in installation.db.
CREATE TABLE staff (
  id          BLOB NOT NULL PRIMARY KEY,
  account_id  BLOB NOT NULL,
  name        TEXT NOT NULL,
  role        TEXT NOT NULL,
  archived_ms INTEGER,
  pin_set_ms  INTEGER                    -- NULL: has no PIN
) WITHOUT ROWID;
CREATE UNIQUE INDEX staff_account ON staff(account_id);

-- Secret: never in ledger or journal. One salt a restaurant, so that a PIN alone says who it is and
-- two people cannot have the same.
CREATE TABLE pin (
  staff_id BLOB NOT NULL PRIMARY KEY,
  hash     BLOB NOT NULL                 -- argon2id of the PIN with the salt below
) WITHOUT ROWID;
CREATE UNIQUE INDEX pin_hash ON pin(hash);

CREATE TABLE pin_salt (
  one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  salt BLOB    NOT NULL
);

-- Local: wrong PINs by session, and by account over all its sessions.
CREATE TABLE pin_try (
  who     BLOB    NOT NULL PRIMARY KEY,
  failed  INTEGER NOT NULL,
  last_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Local: how the last check of the records of this disk ended.
CREATE TABLE chain_check (
  one            INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  at_ms          INTEGER NOT NULL,
  took_ms        INTEGER NOT NULL,
  entry          INTEGER NOT NULL,       -- looked at up to here
  commands       INTEGER NOT NULL,
  rows           INTEGER NOT NULL,
  findings_total INTEGER NOT NULL,
  findings       TEXT    NOT NULL        -- JSON
);

-- time clock and tasks ---------------------------------------------------------------------

CREATE TABLE time_entry (
  id         BLOB    NOT NULL PRIMARY KEY,
  staff_id   BLOB    NOT NULL,
  started_ms INTEGER NOT NULL,
  ended_ms   INTEGER,                    -- NULL: still there
  forgotten  INTEGER,                    -- 1: nobody clocked out; the end is not known
  voided_ms  INTEGER                     -- struck out by a manager
) WITHOUT ROWID;
CREATE INDEX time_entry_staff ON time_entry(staff_id, started_ms);

CREATE TABLE time_break (
  entry_id   BLOB    NOT NULL,
  id         BLOB    NOT NULL,
  started_ms INTEGER NOT NULL,
  ended_ms   INTEGER,
  PRIMARY KEY (entry_id, id)
) WITHOUT ROWID;

-- Appended only: why a shift is not what the clock said.
CREATE TABLE time_correction (
  entry_id       BLOB    NOT NULL,
  id             BLOB    NOT NULL,
  kind           TEXT    NOT NULL,       -- add | correct | void
  at_ms          INTEGER NOT NULL,
  by             BLOB    NOT NULL,       -- account
  reason         TEXT    NOT NULL,
  was_started_ms INTEGER,
  was_ended_ms   INTEGER,
  PRIMARY KEY (entry_id, id)
) WITHOUT ROWID;

CREATE TABLE task (
  id          BLOB NOT NULL PRIMARY KEY,
  title       TEXT NOT NULL,
  note        TEXT,
  staff_id    BLOB,                      -- for this person
  role        TEXT,                      -- for this role; NULL with no person: for anybody
  due_ms      INTEGER,
  repeats     TEXT,                      -- opening | daily | closing; NULL: once
  days        INTEGER,                   -- bit 0 Monday ... bit 6 Sunday; NULL: every business day
  archived_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE task_done (
  task_id BLOB    NOT NULL,
  day     TEXT    NOT NULL,              -- business date; '' where it does not repeat
  at_ms   INTEGER NOT NULL,
  by      BLOB    NOT NULL,              -- account
  PRIMARY KEY (task_id, day)
) WITHOUT ROWID;

-- where things are made -------------------------------------------------------------------

CREATE TABLE station (
  id          BLOB    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  position    INTEGER NOT NULL,
  archived_ms INTEGER
) WITHOUT ROWID;

-- What is made at a station by name: a category, or an item as an exception to its category.
CREATE TABLE station_route (
  target_id  BLOB NOT NULL PRIMARY KEY,  -- category or item
  station_id BLOB NOT NULL
) WITHOUT ROWID;

-- Local: the printers of this device and what they were given. In no record: another device
-- has other printers.
CREATE TABLE printer (
  id       BLOB    NOT NULL PRIMARY KEY,
  name     TEXT    NOT NULL,
  address  TEXT    NOT NULL,             -- host, host:port, or a device file
  language TEXT    NOT NULL,             -- escpos | plain
  columns  INTEGER NOT NULL,             -- characters on a row
  guests   INTEGER NOT NULL,             -- 1: bills, receipts and reports come out here
  drawer   INTEGER NOT NULL              -- 1: a cash drawer hangs on it
) WITHOUT ROWID;

CREATE TABLE station_printer (
  station_id BLOB    NOT NULL PRIMARY KEY,
  printer_id BLOB    NOT NULL,
  since_ms   INTEGER NOT NULL            -- what was fired before is not printed
) WITHOUT ROWID;

CREATE TABLE print_job (
  id         BLOB    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL,           -- ticket | bill | receipt | x | z | test | drawer
  subject    TEXT,                       -- asked for again, it is this row again; NULL: each is one of its own
  title      TEXT    NOT NULL,
  order_id   BLOB,
  table_name TEXT,
  service    TEXT,
  station_id BLOB,                       -- whose food
  printer_id BLOB    NOT NULL,
  blocks     TEXT    NOT NULL,           -- JSON, as it was when it was made; [] once it is old
  lines      TEXT    NOT NULL,           -- JSON, what is on it in short
  made_ms    INTEGER NOT NULL,           -- fired, or asked for
  state      TEXT    NOT NULL,           -- waiting | sending | failed | unsure | printed | by_hand
  copies     INTEGER NOT NULL,           -- how often it may be on paper already
  attempts   INTEGER NOT NULL,
  next_ms    INTEGER NOT NULL,           -- not sent before
  until_ms   INTEGER NOT NULL,           -- not tried by itself after
  failing_ms INTEGER,                    -- trouble since
  trouble    TEXT,
  done_ms    INTEGER,
  done_by    BLOB,                       -- account, where a person saw to it
  asked      BLOB                        -- the last request of a person: the same again changes nothing
) WITHOUT ROWID;
CREATE INDEX print_job_open ON print_job(made_ms) WHERE done_ms IS NULL;
CREATE INDEX print_job_done ON print_job(done_ms) WHERE done_ms IS NOT NULL;
CREATE UNIQUE INDEX print_job_subject ON print_job(subject) WHERE subject IS NOT NULL;

-- Firings that have a ticket.
CREATE TABLE ticket_line (
  line_id  BLOB    NOT NULL,             -- of a line that was cut: the one it was cut from
  fired_ms INTEGER NOT NULL,
  PRIMARY KEY (line_id, fired_ms)
) WITHOUT ROWID;

-- menu -------------------------------------------------------------------------------------

CREATE TABLE menu_category (
  id          BLOB    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  position    INTEGER NOT NULL,
  colour      TEXT,
  archived_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE menu_item (
  id            BLOB    NOT NULL PRIMARY KEY,
  category_id   BLOB    NOT NULL REFERENCES menu_category(id),
  name          TEXT    NOT NULL,
  price_minor   INTEGER NOT NULL,        -- of an item without variants
  tax_rate_bp   INTEGER NOT NULL,
  station       TEXT,                    -- NULL: kitchen
  sold_out      INTEGER,                 -- 1: "86"; NULL: available
  position      INTEGER NOT NULL,
  description   TEXT,
  allergens     TEXT,                    -- JSON ["gluten", ...]
  image         TEXT,                    -- hash of its bytes
  stock_tracked INTEGER,                 -- 1: its stock is kept
  archived_ms   INTEGER
) WITHOUT ROWID;
CREATE INDEX menu_item_category ON menu_item(category_id);

-- Where an item was before it moved to another category: what was ordered before `at_ms` was sold there.
CREATE TABLE menu_move (
  item_id BLOB    NOT NULL,
  at_ms   INTEGER NOT NULL,
  from_id BLOB    NOT NULL,              -- category
  PRIMARY KEY (item_id, at_ms)
) WITHOUT ROWID;

-- Sizes of an item; one is chosen when there are any.
CREATE TABLE menu_variant (
  item_id     BLOB    NOT NULL,
  id          BLOB    NOT NULL,
  name        TEXT    NOT NULL,
  price_minor INTEGER NOT NULL,
  sold_out    INTEGER,
  position    INTEGER NOT NULL,
  archived_ms INTEGER,
  PRIMARY KEY (item_id, id)
) WITHOUT ROWID;

-- Choices: so many of a group's modifiers go with an item.
CREATE TABLE modifier_group (
  id          BLOB    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  min         INTEGER,                   -- NULL: none is required
  max         INTEGER,                   -- NULL: any number
  position    INTEGER NOT NULL,
  archived_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE modifier (
  group_id       BLOB    NOT NULL,
  id             BLOB    NOT NULL,
  name           TEXT    NOT NULL,
  price_minor    INTEGER,                -- added to the item's; NULL: nothing
  opens_group_id BLOB,                   -- choosing it asks for a choice of this group
  sold_out       INTEGER,
  position       INTEGER NOT NULL,
  archived_ms    INTEGER,
  PRIMARY KEY (group_id, id)
) WITHOUT ROWID;

CREATE TABLE menu_item_group (
  item_id  BLOB    NOT NULL,
  group_id BLOB    NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (item_id, group_id)
) WITHOUT ROWID;

-- Other prices at certain times, on the restaurant's wall clock.
CREATE TABLE price_list (
  id          BLOB    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  days        INTEGER,                   -- bit 0 Monday ... bit 6 Sunday; NULL: every day
  from_minute INTEGER,                   -- of the day; NULL: all day
  to_minute   INTEGER,                   -- not above from_minute: on the day after
  from_date   TEXT,
  to_date     TEXT,
  priority    INTEGER,                   -- the highest one's price is taken; NULL: 0
  paused      INTEGER,
  archived_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE price_list_price (
  list_id     BLOB    NOT NULL,
  item_id     BLOB    NOT NULL,
  variant_id  BLOB    NOT NULL,          -- the item's own id where it has none
  price_minor INTEGER NOT NULL,
  PRIMARY KEY (list_id, item_id, variant_id)
) WITHOUT ROWID;
CREATE INDEX price_list_price_item ON price_list_price(item_id);

-- How many portions are left of what is counted down. Apart from the item, so that selling one
-- leaves the menu as it is.
CREATE TABLE menu_countdown (
  item_id BLOB    NOT NULL PRIMARY KEY,
  left    INTEGER NOT NULL,
  set_ms  INTEGER NOT NULL               -- lines added since are counted
) WITHOUT ROWID;

-- Pictures by the hash of their bytes; not in the records.
CREATE TABLE image (
  hash       TEXT NOT NULL PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes      BLOB NOT NULL
);

-- Full-text search over what is on the menu. Its texts stand in a table of their own, because full
-- text cannot refer to a table without row ids.
CREATE TABLE menu_text (
  id       INTEGER PRIMARY KEY,
  item_id  BLOB    NOT NULL UNIQUE,
  first    TEXT    NOT NULL,             -- the name's first word: finds names that begin so without reading them all
  name     TEXT    NOT NULL,
  category TEXT    NOT NULL
);
CREATE VIRTUAL TABLE menu_search USING fts5(
  first, name, category, content='menu_text', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
);

CREATE TRIGGER menu_text_new AFTER INSERT ON menu_item WHEN NEW.archived_ms IS NULL
BEGIN
  INSERT INTO menu_text (item_id, first, name, category)
  VALUES (NEW.id, substr(NEW.name, 1, instr(NEW.name || ' ', ' ') - 1), NEW.name,
          COALESCE((SELECT name FROM menu_category WHERE id = NEW.category_id), ''));
END;

CREATE TRIGGER menu_text_changed AFTER UPDATE OF name, category_id, archived_ms ON menu_item
WHEN OLD.name IS NOT NEW.name OR OLD.category_id IS NOT NEW.category_id OR OLD.archived_ms IS NOT NEW.archived_ms
BEGIN
  DELETE FROM menu_text WHERE item_id = OLD.id;
  INSERT INTO menu_text (item_id, first, name, category)
  SELECT NEW.id, substr(NEW.name, 1, instr(NEW.name || ' ', ' ') - 1), NEW.name,
         COALESCE((SELECT name FROM menu_category WHERE id = NEW.category_id), '')
  WHERE NEW.archived_ms IS NULL;
END;

CREATE TRIGGER menu_text_gone AFTER DELETE ON menu_item
BEGIN
  DELETE FROM menu_text WHERE item_id = OLD.id;
END;

-- When rows come in by sync, a category may come after its items.
CREATE TRIGGER menu_text_category_new AFTER INSERT ON menu_category
BEGIN
  UPDATE menu_text SET category = NEW.name
  WHERE item_id IN (SELECT id FROM menu_item WHERE category_id = NEW.id);
END;

CREATE TRIGGER menu_text_category_named AFTER UPDATE OF name ON menu_category WHEN OLD.name IS NOT NEW.name
BEGIN
  UPDATE menu_text SET category = NEW.name
  WHERE item_id IN (SELECT id FROM menu_item WHERE category_id = NEW.id);
END;

CREATE TRIGGER menu_search_new AFTER INSERT ON menu_text
BEGIN
  INSERT INTO menu_search (rowid, first, name, category) VALUES (NEW.id, NEW.first, NEW.name, NEW.category);
END;

CREATE TRIGGER menu_search_changed AFTER UPDATE ON menu_text
BEGIN
  INSERT INTO menu_search (menu_search, rowid, first, name, category)
  VALUES ('delete', OLD.id, OLD.first, OLD.name, OLD.category);
  INSERT INTO menu_search (rowid, first, name, category) VALUES (NEW.id, NEW.first, NEW.name, NEW.category);
END;

CREATE TRIGGER menu_search_gone AFTER DELETE ON menu_text
BEGIN
  INSERT INTO menu_search (menu_search, rowid, first, name, category)
  VALUES ('delete', OLD.id, OLD.first, OLD.name, OLD.category);
END;

-- floor ------------------------------------------------------------------------------------

CREATE TABLE floor_area (
  id          BLOB    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  width_cm    INTEGER NOT NULL,
  height_cm   INTEGER NOT NULL,
  archived_ms INTEGER
) WITHOUT ROWID;

-- An order is at the table whose name it has (orders.table_name).
CREATE TABLE floor_table (
  id          BLOB    NOT NULL PRIMARY KEY,
  area_id     BLOB    NOT NULL REFERENCES floor_area(id),
  name        TEXT    NOT NULL,          -- of no other table that stands, whatever the capitals
  shape       TEXT,                      -- round | rectangle | bar; NULL: square
  seats       INTEGER NOT NULL,
  x_cm        INTEGER NOT NULL,          -- of its upper left corner in the area
  y_cm        INTEGER NOT NULL,
  width_cm    INTEGER NOT NULL,
  height_cm   INTEGER NOT NULL,
  turn_deg    INTEGER,                   -- clockwise around its middle; NULL: not turned
  staff_id    BLOB,                      -- who serves it; NULL: nobody
  archived_ms INTEGER
) WITHOUT ROWID;

-- A table calls, and somebody comes.
CREATE TABLE floor_call (
  table_id    BLOB    NOT NULL,
  id          BLOB    NOT NULL,
  wants       TEXT,                      -- bill; NULL: a waiter
  called_ms   INTEGER NOT NULL,
  called_by   BLOB    NOT NULL,          -- account
  answered_ms INTEGER,
  answered_by BLOB,
  PRIMARY KEY (table_id, id)
) WITHOUT ROWID;

-- orders -----------------------------------------------------------------------------------

-- An order, which is its first check. Open while closed_ms is NULL; the sums are frozen when it completes.
CREATE TABLE orders (
  id             BLOB    NOT NULL PRIMARY KEY,
  number         TEXT    NOT NULL,       -- printed: device letters, counter of the business day
  business_date  TEXT    NOT NULL,       -- opened on
  hour           INTEGER NOT NULL,       -- opened at, local time
  service        TEXT    NOT NULL,       -- dine_in | takeaway | delivery
  table_name     TEXT,
  covers         INTEGER,
  note           TEXT,
  terms          TEXT    NOT NULL,       -- money rules of the check: 'EUR inclusive rate half_up 0'
  opened_ms      INTEGER NOT NULL,
  opened_by      BLOB    NOT NULL,       -- account
  batch_id       BLOB,                   -- brought in by this import; NULL: rung up here
  closed_ms      INTEGER,
  cancel_reason  TEXT,                   -- NULL when closed: completed
  merged_into    BLOB,                   -- the order that has its lines now; it counts as nothing
  sold_date      TEXT,                   -- completed on, where not the business_date
  total_minor    INTEGER,                -- with tax, before cash rounding
  tax_minor      INTEGER,
  tax_rate_bp    INTEGER,                -- the one rate; NULL: see taxes
  taxes          TEXT,                   -- JSON [[rate_bp,base,tax],...] when there are several rates
  service_bp     INTEGER,                -- service charge; NULL: none
  service_tax_bp INTEGER,                -- its tax rate
  service_reason TEXT,                   -- why it is another one than the order was opened with
  divided        INTEGER,                -- 1: has rows in order_check or order_discount
  attempted      INTEGER,                -- 1: has rows in payment_attempt
  discount_minor INTEGER,                -- in total_minor already, as the two below; NULL: none
  comp_minor     INTEGER,
  service_minor  INTEGER
) WITHOUT ROWID;
CREATE INDEX orders_open ON orders(id) WHERE closed_ms IS NULL;
CREATE INDEX orders_day ON orders(business_date, id);
CREATE INDEX orders_cancelled ON orders(id) WHERE cancel_reason IS NOT NULL;

CREATE TABLE order_line (
  order_id         BLOB    NOT NULL,
  id               BLOB    NOT NULL,
  item_id          BLOB,
  variant_id       BLOB,
  name             TEXT    NOT NULL,     -- name, price and rate as sold
  modifiers        TEXT,                 -- JSON [[name,price_minor,count],...]; unit_price_minor has them in it
  quantity_milli   INTEGER,              -- NULL: one
  unit_price_minor INTEGER NOT NULL,
  total_minor      INTEGER,              -- what is charged; NULL: price times quantity, exactly
  tax_rate_bp      INTEGER NOT NULL,
  station          TEXT,                 -- the item's word; NULL: kitchen
  station_id       BLOB,                 -- where it was fired to; NULL: as the word says
  cut_from         BLOB,                 -- cut off this line after it was fired: not fired again
  seat             INTEGER,
  note             TEXT,
  added_ms         INTEGER,              -- NULL: with the order
  added_by         BLOB,                 -- NULL: by whom the order was opened
  fired_ms         INTEGER,
  started_ms       INTEGER,
  ready_ms         INTEGER,
  served_ms        INTEGER,
  voided_ms        INTEGER,
  voided_by        BLOB,
  void_reason      TEXT,
  course           INTEGER,              -- NULL: fired with whatever is fired
  check_id         BLOB,                 -- NULL: the first
  discount_minor   INTEGER,              -- taken off its price; total_minor is what is left
  discount_reason  TEXT,
  discounted_by    BLOB,
  comped_ms        INTEGER,              -- given free; total_minor is 0
  comped_by        BLOB,
  comp_reason      TEXT,
  comp_minor       INTEGER,              -- what it would have cost
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;
-- What the kitchen shows.
CREATE INDEX order_line_fired ON order_line(fired_ms)
  WHERE fired_ms IS NOT NULL AND served_ms IS NULL AND voided_ms IS NULL;

-- Orders and lines that are being put together. Submitted, its row is gone: the order carries its id.
CREATE TABLE order_draft (
  id           BLOB    NOT NULL PRIMARY KEY,
  owner        BLOB    NOT NULL,         -- account
  order_id     BLOB,                     -- more lines for this order; NULL: a new one
  body         TEXT    NOT NULL,         -- JSON, as it is asked for
  saved_ms     INTEGER NOT NULL,
  abandoned_ms INTEGER
) WITHOUT ROWID;
CREATE INDEX order_draft_owner ON order_draft(owner) WHERE abandoned_ms IS NULL;

-- Checks beside the first. One that shares another equally has no lines of its own.
CREATE TABLE order_check (
  order_id BLOB    NOT NULL,
  id       BLOB    NOT NULL,
  number   INTEGER NOT NULL,             -- 2, 3, ... behind the order's number
  shares   BLOB,                         -- the check it shares
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;

-- Taken off whole checks; what is taken off a line stands on the line.
CREATE TABLE order_discount (
  order_id     BLOB    NOT NULL,
  id           BLOB    NOT NULL,
  check_id     BLOB,                     -- NULL: of all checks
  rate_bp      INTEGER,                  -- either this
  amount_minor INTEGER,                  -- or this
  reason       TEXT    NOT NULL,
  given_ms     INTEGER NOT NULL,
  given_by     BLOB    NOT NULL,
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;

CREATE TABLE payment (
  order_id       BLOB    NOT NULL,
  id             BLOB    NOT NULL,
  tender         TEXT    NOT NULL,       -- cash | card | voucher
  amount_minor   INTEGER NOT NULL,       -- settles this much of the check
  rounding_minor INTEGER,                -- cash rounding, on top of amount
  tip_minor      INTEGER,
  tendered_minor INTEGER,                -- cash handed over, where not exact
  reference      TEXT,
  taken_ms       INTEGER NOT NULL,
  taken_by       BLOB    NOT NULL,
  business_date  TEXT    NOT NULL,
  session_id     BLOB,                   -- the till it went into
  flag           TEXT,                   -- overpaid
  check_id       BLOB,                   -- NULL: the first
  refunded_minor INTEGER,                -- of amount; NULL: nothing
  unsettled_minor INTEGER,               -- of that, given back for nothing sold: the check owes it again
  voids          BLOB,                   -- takes this payment back: its sums are that one's, the other way
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;

-- A card payment from asking for it to its outcome. Captured, it is a payment with its id.
CREATE TABLE payment_attempt (
  order_id     BLOB    NOT NULL,
  id           BLOB    NOT NULL,
  check_id     BLOB,                     -- NULL: the first
  amount_minor INTEGER NOT NULL,
  tip_minor    INTEGER,
  begun_ms     INTEGER NOT NULL,
  begun_by     BLOB    NOT NULL,
  outcome      TEXT,                     -- captured | failed | voided; NULL: pending
  ended_ms     INTEGER,
  ended_by     BLOB,
  reason       TEXT,
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;
CREATE INDEX payment_attempt_pending ON payment_attempt(begun_ms) WHERE outcome IS NULL;

-- Money given back, on the day it is given.
CREATE TABLE refund (
  order_id        BLOB    NOT NULL,
  id              BLOB    NOT NULL,
  payment_id      BLOB,                  -- what it gives back of; NULL: paid elsewhere, before an import
  tender          TEXT    NOT NULL,
  amount_minor    INTEGER NOT NULL,
  rounding_minor  INTEGER,               -- cash rounding, on top of amount
  unsettled_minor INTEGER,               -- of amount, for nothing sold
  taxes           TEXT,                  -- JSON [[rate_bp,base,tax],...] in what was sold; NULL: none
  reference       TEXT,
  reason          TEXT    NOT NULL,
  restock         INTEGER,               -- 1: what came back can be sold again
  given_ms        INTEGER NOT NULL,
  given_by        BLOB    NOT NULL,
  business_date   TEXT    NOT NULL,
  session_id      BLOB,                  -- the till it came out of
  flag            TEXT,                  -- over_refunded
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;

CREATE TABLE refund_line (
  order_id       BLOB    NOT NULL,
  refund_id      BLOB    NOT NULL,
  line_id        BLOB    NOT NULL,       -- all zero: the service charge, where no line has its tax rate
  quantity_milli INTEGER,                -- NULL: money only
  amount_minor   INTEGER NOT NULL,
  PRIMARY KEY (order_id, refund_id, line_id)
) WITHOUT ROWID;

-- One row a device and business day; only that device advances it.
CREATE TABLE number_counter (
  letters       TEXT    NOT NULL,
  business_date TEXT    NOT NULL,
  last          INTEGER NOT NULL,
  PRIMARY KEY (letters, business_date)
) WITHOUT ROWID;

-- till -------------------------------------------------------------------------------------

CREATE TABLE till_session (
  id             BLOB    NOT NULL PRIMARY KEY,
  opened_ms      INTEGER NOT NULL,
  opened_by      BLOB    NOT NULL,
  float_minor    INTEGER NOT NULL,
  closed_ms      INTEGER,
  closed_by      BLOB,
  counted_minor  INTEGER,
  expected_minor INTEGER,                -- frozen at closing
  counts         TEXT,                   -- JSON [[coin or note,pieces],...], where counted so
  float_counts   TEXT,                   -- of the float, likewise
  z_number       INTEGER                 -- the report its over/short is in
) WITHOUT ROWID;

-- Cash put into a drawer or taken out of it for another reason than a guest.
CREATE TABLE till_move (
  session_id    BLOB    NOT NULL,
  id            BLOB    NOT NULL,
  kind          TEXT    NOT NULL,        -- pay_in | pay_out | drop
  amount_minor  INTEGER NOT NULL,
  reason        TEXT    NOT NULL,
  moved_ms      INTEGER NOT NULL,
  moved_by      BLOB    NOT NULL,
  business_date TEXT    NOT NULL,
  PRIMARY KEY (session_id, id)
) WITHOUT ROWID;

-- The drawer was opened without a sale.
CREATE TABLE drawer_opening (
  id        BLOB    NOT NULL PRIMARY KEY, -- of the command
  opened_ms INTEGER NOT NULL,
  opened_by BLOB    NOT NULL,             -- account
  reason    TEXT    NOT NULL
) WITHOUT ROWID;

-- Immutable once written.
CREATE TABLE z_report (
  number             INTEGER NOT NULL PRIMARY KEY,
  business_date      TEXT    NOT NULL,
  closed_ms          INTEGER NOT NULL,
  closed_by          BLOB    NOT NULL,
  orders             INTEGER NOT NULL,
  covers             INTEGER NOT NULL,
  gross_minor        INTEGER NOT NULL,
  tax_minor          INTEGER NOT NULL,
  voids              INTEGER NOT NULL,
  voids_minor        INTEGER NOT NULL,
  tips_minor         INTEGER NOT NULL,
  cash_minor         INTEGER NOT NULL,
  card_minor         INTEGER NOT NULL,
  voucher_minor      INTEGER NOT NULL,
  rounding_minor     INTEGER NOT NULL,
  taxes              TEXT    NOT NULL,   -- JSON [[rate_bp,base,tax],...]
  refunds            INTEGER NOT NULL,
  refunds_minor      INTEGER NOT NULL,
  refund_taxes       TEXT    NOT NULL,   -- JSON, as taxes
  discounts_minor    INTEGER NOT NULL,
  comps_minor        INTEGER NOT NULL,
  service_minor      INTEGER NOT NULL,
  pay_ins_minor      INTEGER NOT NULL,
  pay_outs_minor     INTEGER NOT NULL,
  drops_minor        INTEGER NOT NULL,
  tips_by            TEXT    NOT NULL,   -- JSON [[account,name,minor],...]
  handed_over_orders INTEGER NOT NULL,
  over_short_minor   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE business_day (
  date      TEXT    NOT NULL PRIMARY KEY,
  closed_ms INTEGER NOT NULL,
  z_number  INTEGER NOT NULL             -- the last report of the day
) WITHOUT ROWID;

-- A change of sequencer: from this epoch on the order of things is another desk's. What its former sequencer placed
-- above the fork is resubmitted by whoever has it.
CREATE TABLE take_over (
  epoch    INTEGER NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL,             -- the fork: the last that was the former sequencer's
  device   BLOB    NOT NULL,             -- the new one
  letters  TEXT    NOT NULL,
  at_ms    INTEGER NOT NULL
) WITHOUT ROWID;

-- invoices ---------------------------------------------------------------------------------

-- Invoices and credit notes, numbered in their series without a gap. Immutable once written.
CREATE TABLE invoice (
  series        TEXT    NOT NULL,
  number        INTEGER NOT NULL,
  order_id      BLOB    NOT NULL,
  check_id      BLOB,                    -- NULL: the first
  refund_id     BLOB,                    -- a credit note of this
  corrects      TEXT,                    -- printed number of the invoice a credit note is for
  issued_ms     INTEGER NOT NULL,
  issued_by     BLOB    NOT NULL,
  business_date TEXT    NOT NULL,
  total_minor   INTEGER NOT NULL,
  taxes         TEXT    NOT NULL,        -- JSON [[rate_bp,base,tax],...]
  hash          BLOB    NOT NULL,        -- of its canonical bytes and the hash before it in its series
  PRIMARY KEY (series, number)
) WITHOUT ROWID;
CREATE INDEX invoice_order ON invoice(order_id);

-- What the signing hook answered; series Z: of a Z report.
CREATE TABLE signature (
  series    TEXT    NOT NULL,
  number    INTEGER NOT NULL,
  value     TEXT    NOT NULL,
  signed_ms INTEGER NOT NULL,
  PRIMARY KEY (series, number)
) WITHOUT ROWID;

-- imports and flags ------------------------------------------------------------------------

CREATE TABLE import_batch (
  id          BLOB    NOT NULL PRIMARY KEY, -- from the fingerprint of file and mapping
  kind        TEXT    NOT NULL,             -- csv | demo
  name        TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  at_ms       INTEGER NOT NULL,
  actor       BLOB    NOT NULL,
  orders      INTEGER NOT NULL,
  lines       INTEGER NOT NULL,
  skipped     INTEGER NOT NULL,             -- dirty rows left out on request
  total_minor INTEGER NOT NULL,
  first_date  TEXT    NOT NULL,
  last_date   TEXT    NOT NULL
) WITHOUT ROWID;

-- What a person should look at.
CREATE TABLE flag (
  id          BLOB    NOT NULL PRIMARY KEY,
  kind        TEXT    NOT NULL,          -- overpaid | ...
  at_ms       INTEGER NOT NULL,
  order_id    BLOB,
  number      TEXT,
  params      TEXT,                      -- JSON, for the text of that kind
  resolved_ms INTEGER,
  resolved_by BLOB,
  note        TEXT
) WITHOUT ROWID;
CREATE INDEX flag_open ON flag(at_ms) WHERE resolved_ms IS NULL;

-- roll-ups ---------------------------------------------------------------------------------
-- source 0: rung up here (what a Z report counts); 1: brought in by an import.

CREATE TABLE day_total (
  business_date   TEXT    NOT NULL,
  source          INTEGER NOT NULL,
  orders          INTEGER NOT NULL DEFAULT 0,
  covers          INTEGER NOT NULL DEFAULT 0,
  gross_minor     INTEGER NOT NULL DEFAULT 0,
  covered_minor   INTEGER NOT NULL DEFAULT 0, -- of it, what guests who were counted had
  tax_minor       INTEGER NOT NULL DEFAULT 0,
  discounts_minor INTEGER NOT NULL DEFAULT 0,
  comps_minor     INTEGER NOT NULL DEFAULT 0,
  service_minor   INTEGER NOT NULL DEFAULT 0,
  turns           INTEGER NOT NULL DEFAULT 0, -- orders that took time; sales brought in do not
  turn_ms         INTEGER NOT NULL DEFAULT 0, -- from opening to completion, of all of them
  cancelled       INTEGER NOT NULL DEFAULT 0,
  rounding_minor  INTEGER NOT NULL DEFAULT 0,
  tips_minor      INTEGER NOT NULL DEFAULT 0,
  cash_minor      INTEGER NOT NULL DEFAULT 0,
  card_minor      INTEGER NOT NULL DEFAULT 0,
  voucher_minor   INTEGER NOT NULL DEFAULT 0,
  refunds         INTEGER NOT NULL DEFAULT 0,
  refunds_minor   INTEGER NOT NULL DEFAULT 0,
  pay_ins_minor   INTEGER NOT NULL DEFAULT 0,
  pay_outs_minor  INTEGER NOT NULL DEFAULT 0,
  drops_minor     INTEGER NOT NULL DEFAULT 0,
  voids           INTEGER NOT NULL DEFAULT 0,
  voids_minor     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (business_date, source)
) WITHOUT ROWID;

CREATE TABLE day_tax (
  business_date   TEXT    NOT NULL,
  source          INTEGER NOT NULL,
  rate_bp         INTEGER NOT NULL,
  base_minor      INTEGER NOT NULL DEFAULT 0,
  tax_minor       INTEGER NOT NULL DEFAULT 0,
  back_base_minor INTEGER NOT NULL DEFAULT 0, -- given back by refunds
  back_tax_minor  INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (business_date, source, rate_bp)
) WITHOUT ROWID;

CREATE TABLE hour_total (
  business_date TEXT    NOT NULL,
  hour          INTEGER NOT NULL,
  orders        INTEGER NOT NULL,
  covers        INTEGER NOT NULL,
  gross_minor   INTEGER NOT NULL,
  PRIMARY KEY (business_date, hour)
) WITHOUT ROWID;

CREATE TABLE item_day (
  business_date  TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  item_id        BLOB    NOT NULL,       -- empty: sold without one
  moves          INTEGER NOT NULL,       -- so often had it moved when it was ordered: its category then
  quantity_milli INTEGER NOT NULL,
  gross_minor    INTEGER NOT NULL,       -- as charged on the check
  PRIMARY KEY (business_date, name, item_id, moves)
) WITHOUT ROWID;

-- Orders of who opened them, money of who took it or gave it back, voids of who voided.
CREATE TABLE staff_day (
  business_date   TEXT    NOT NULL,
  source          INTEGER NOT NULL,
  account_id      BLOB    NOT NULL,
  orders          INTEGER NOT NULL DEFAULT 0,
  covers          INTEGER NOT NULL DEFAULT 0,
  gross_minor     INTEGER NOT NULL DEFAULT 0,
  discounts_minor INTEGER NOT NULL DEFAULT 0,
  comps_minor     INTEGER NOT NULL DEFAULT 0,
  voids           INTEGER NOT NULL DEFAULT 0,
  voids_minor     INTEGER NOT NULL DEFAULT 0,
  payments        INTEGER NOT NULL DEFAULT 0,
  taken_minor     INTEGER NOT NULL DEFAULT 0, -- with rounding and tips
  tips_minor      INTEGER NOT NULL DEFAULT 0,
  refunds         INTEGER NOT NULL DEFAULT 0,
  refunds_minor   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (business_date, source, account_id)
) WITHOUT ROWID;

CREATE TABLE tender_day (
  business_date  TEXT    NOT NULL,
  tender         TEXT    NOT NULL,
  payments       INTEGER NOT NULL,
  settled_minor  INTEGER NOT NULL,       -- of checks
  rounding_minor INTEGER NOT NULL,
  tips_minor     INTEGER NOT NULL,
  refunds        INTEGER NOT NULL,
  refunds_minor  INTEGER NOT NULL,       -- with their rounding
  PRIMARY KEY (business_date, tender)
) WITHOUT ROWID;

-- Cash in a drawer beyond its float.
CREATE TABLE till_total (
  session_id BLOB    NOT NULL PRIMARY KEY,
  cash_minor INTEGER NOT NULL
) WITHOUT ROWID;

-- Kept by persistent triggers: a sale counts when its order completes, and counts back when that is
-- undone; money counts when it is taken or given back. Each sum is written once, in the trigger of a
-- view that holds nothing: it is told what to count, with its sign.
--
-- An order or a line that is written costs nothing here: a trigger on their insertion would make SQLite
-- keep a journal for every such statement. So an order is always inserted open and completed by an
-- update; and it is removed only when its opening is undone, after everything that was done to it.
-- Lines are read when the order completes; a completed order is opened again before they change.

CREATE VIEW sale (way, order_id, source, business_date, hour, account_id, covers, gross_minor, tax_minor,
                  discounts_minor, comps_minor, service_minor, turn_ms, rate_bp, taxes, opened_ms) AS
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE false;

-- way 1: completed; -1: not completed after all. Sums have NULL in them while an order is open.
CREATE TRIGGER order_completed AFTER UPDATE OF closed_ms ON orders
WHEN (OLD.closed_ms IS NULL) <> (NEW.closed_ms IS NULL) AND OLD.cancel_reason IS NULL AND NEW.cancel_reason IS NULL
BEGIN
  INSERT INTO sale (way, order_id, source, business_date, hour, account_id, covers, gross_minor, tax_minor,
                    discounts_minor, comps_minor, service_minor, turn_ms, rate_bp, taxes, opened_ms)
  SELECT way, NEW.id, NEW.batch_id IS NOT NULL, COALESCE(NEW.sold_date, OLD.sold_date, NEW.business_date), NEW.hour,
         NEW.opened_by,
         way * COALESCE(iif(way > 0, NEW.covers, OLD.covers), 0),
         way * COALESCE(NEW.total_minor, OLD.total_minor),
         way * COALESCE(NEW.tax_minor, OLD.tax_minor),
         way * COALESCE(NEW.discount_minor, OLD.discount_minor, 0),
         way * COALESCE(NEW.comp_minor, OLD.comp_minor, 0),
         way * COALESCE(NEW.service_minor, OLD.service_minor, 0),
         way * (COALESCE(NEW.closed_ms, OLD.closed_ms) - NEW.opened_ms),
         COALESCE(NEW.tax_rate_bp, OLD.tax_rate_bp), COALESCE(NEW.taxes, OLD.taxes), NEW.opened_ms
  FROM (SELECT iif(NEW.closed_ms IS NULL, -1, 1) AS way);
END;

CREATE TRIGGER sale_counted INSTEAD OF INSERT ON sale
BEGIN
  INSERT INTO day_total (business_date, source, orders, covers, gross_minor, covered_minor, tax_minor, discounts_minor,
                         comps_minor, service_minor, turns, turn_ms)
  VALUES (NEW.business_date, NEW.source, NEW.way, NEW.covers, NEW.gross_minor,
          iif(NEW.covers = 0, 0, NEW.gross_minor), NEW.tax_minor, NEW.discounts_minor, NEW.comps_minor,
          NEW.service_minor, iif(NEW.turn_ms = 0, 0, NEW.way), NEW.turn_ms)
  ON CONFLICT DO UPDATE SET orders = orders + excluded.orders, covers = covers + excluded.covers,
    gross_minor = gross_minor + excluded.gross_minor, covered_minor = covered_minor + excluded.covered_minor,
    tax_minor = tax_minor + excluded.tax_minor,
    discounts_minor = discounts_minor + excluded.discounts_minor, comps_minor = comps_minor + excluded.comps_minor,
    service_minor = service_minor + excluded.service_minor, turns = turns + excluded.turns,
    turn_ms = turn_ms + excluded.turn_ms;
  INSERT INTO hour_total (business_date, hour, orders, covers, gross_minor)
  VALUES (NEW.business_date, NEW.hour, NEW.way, NEW.covers, NEW.gross_minor)
  ON CONFLICT DO UPDATE SET orders = orders + excluded.orders, covers = covers + excluded.covers,
    gross_minor = gross_minor + excluded.gross_minor;
  INSERT INTO staff_day (business_date, source, account_id, orders, covers, gross_minor, discounts_minor, comps_minor)
  VALUES (NEW.business_date, NEW.source, NEW.account_id, NEW.way, NEW.covers, NEW.gross_minor, NEW.discounts_minor,
          NEW.comps_minor)
  ON CONFLICT DO UPDATE SET orders = orders + excluded.orders, covers = covers + excluded.covers,
    gross_minor = gross_minor + excluded.gross_minor, discounts_minor = discounts_minor + excluded.discounts_minor,
    comps_minor = comps_minor + excluded.comps_minor;
  INSERT INTO day_tax (business_date, source, rate_bp, base_minor, tax_minor)
  SELECT NEW.business_date, NEW.source, NEW.rate_bp, NEW.gross_minor - NEW.tax_minor, NEW.tax_minor
  WHERE NEW.rate_bp IS NOT NULL
  UNION ALL
  SELECT NEW.business_date, NEW.source, value ->> 0, NEW.way * (value ->> 1), NEW.way * (value ->> 2)
  FROM json_each(NEW.taxes) WHERE NEW.taxes IS NOT NULL
  ON CONFLICT DO UPDATE SET base_minor = base_minor + excluded.base_minor, tax_minor = tax_minor + excluded.tax_minor;
  INSERT INTO item_day (business_date, name, item_id, moves, quantity_milli, gross_minor)
  SELECT NEW.business_date, name, COALESCE(item_id, x''), moves, NEW.way * SUM(COALESCE(quantity_milli, 1000)),
         NEW.way * SUM(COALESCE(total_minor, unit_price_minor * COALESCE(quantity_milli, 1000) / 1000))
  FROM (SELECT name, item_id, quantity_milli, total_minor, unit_price_minor,
               (SELECT COUNT(*) FROM menu_move m
                WHERE m.item_id = l.item_id AND m.at_ms <= COALESCE(l.added_ms, NEW.opened_ms)) AS moves
        FROM order_line l WHERE order_id = NEW.order_id AND voided_ms IS NULL)
  GROUP BY name, item_id, moves
  ON CONFLICT DO UPDATE SET quantity_milli = quantity_milli + excluded.quantity_milli,
    gross_minor = gross_minor + excluded.gross_minor;
END;

CREATE TRIGGER order_cancelled AFTER UPDATE OF closed_ms ON orders
WHEN (OLD.closed_ms IS NULL) <> (NEW.closed_ms IS NULL) AND COALESCE(NEW.cancel_reason, OLD.cancel_reason) IS NOT NULL
  AND COALESCE(NEW.merged_into, OLD.merged_into) IS NULL
BEGIN
  INSERT INTO day_total (business_date, source, cancelled)
  VALUES (NEW.business_date, NEW.batch_id IS NOT NULL, iif(NEW.closed_ms IS NULL, -1, 1))
  ON CONFLICT DO UPDATE SET cancelled = cancelled + excluded.cancelled;
END;

CREATE VIEW void (way, source, business_date, account_id, amount_minor) AS
SELECT NULL, NULL, NULL, NULL, NULL WHERE false;

CREATE TRIGGER line_voided AFTER UPDATE OF voided_ms ON order_line
WHEN (OLD.voided_ms IS NULL) <> (NEW.voided_ms IS NULL)
BEGIN
  INSERT INTO void (way, source, business_date, account_id, amount_minor)
  SELECT way, batch_id IS NOT NULL, business_date, COALESCE(NEW.voided_by, OLD.voided_by),
         way * COALESCE(NEW.total_minor, NEW.unit_price_minor * COALESCE(NEW.quantity_milli, 1000) / 1000)
  FROM orders, (SELECT iif(NEW.voided_ms IS NULL, -1, 1) AS way) WHERE id = NEW.order_id;
END;

CREATE TRIGGER void_counted INSTEAD OF INSERT ON void
BEGIN
  INSERT INTO day_total (business_date, source, voids, voids_minor)
  VALUES (NEW.business_date, NEW.source, NEW.way, NEW.amount_minor)
  ON CONFLICT DO UPDATE SET voids = voids + excluded.voids, voids_minor = voids_minor + excluded.voids_minor;
  INSERT INTO staff_day (business_date, source, account_id, voids, voids_minor)
  VALUES (NEW.business_date, NEW.source, NEW.account_id, NEW.way, NEW.amount_minor)
  ON CONFLICT DO UPDATE SET voids = voids + excluded.voids, voids_minor = voids_minor + excluded.voids_minor;
END;

-- Money in: settled, its cash rounding and tip are positive. Money out: refunds and refunds_minor are.
CREATE VIEW money (source, business_date, tender, account_id, session_id, payments, settled_minor, rounding_minor,
                   tips_minor, refunds, refunds_minor, refund_rounding_minor) AS
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE false;

CREATE TRIGGER payment_taken AFTER INSERT ON payment
BEGIN
  INSERT INTO money VALUES (
    EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND batch_id IS NOT NULL), NEW.business_date, NEW.tender,
    NEW.taken_by, NEW.session_id,
    iif(NEW.voids IS NULL, 1, -1), NEW.amount_minor, COALESCE(NEW.rounding_minor, 0), COALESCE(NEW.tip_minor, 0), 0, 0, 0);
END;

CREATE TRIGGER payment_gone BEFORE DELETE ON payment
BEGIN
  INSERT INTO money VALUES (
    EXISTS (SELECT 1 FROM orders WHERE id = OLD.order_id AND batch_id IS NOT NULL), OLD.business_date, OLD.tender,
    OLD.taken_by, OLD.session_id,
    iif(OLD.voids IS NULL, -1, 1), -OLD.amount_minor, -COALESCE(OLD.rounding_minor, 0), -COALESCE(OLD.tip_minor, 0), 0, 0, 0);
END;

-- A refund belongs to the day it is given on and to here, also of sales that were brought in.
CREATE TRIGGER refund_given AFTER INSERT ON refund
BEGIN
  INSERT INTO money VALUES (0, NEW.business_date, NEW.tender, NEW.given_by, NEW.session_id,
    0, 0, 0, 0, 1, NEW.amount_minor, COALESCE(NEW.rounding_minor, 0));
  INSERT INTO day_tax (business_date, source, rate_bp, back_base_minor, back_tax_minor)
  SELECT NEW.business_date, 0, value ->> 0, value ->> 1, value ->> 2
  FROM json_each(NEW.taxes) WHERE NEW.taxes IS NOT NULL
  ON CONFLICT DO UPDATE SET back_base_minor = back_base_minor + excluded.back_base_minor,
    back_tax_minor = back_tax_minor + excluded.back_tax_minor;
END;

CREATE TRIGGER refund_gone BEFORE DELETE ON refund
BEGIN
  INSERT INTO money VALUES (0, OLD.business_date, OLD.tender, OLD.given_by, OLD.session_id,
    0, 0, 0, 0, -1, -OLD.amount_minor, -COALESCE(OLD.rounding_minor, 0));
  INSERT INTO day_tax (business_date, source, rate_bp, back_base_minor, back_tax_minor)
  SELECT OLD.business_date, 0, value ->> 0, -(value ->> 1), -(value ->> 2)
  FROM json_each(OLD.taxes) WHERE OLD.taxes IS NOT NULL
  ON CONFLICT DO UPDATE SET back_base_minor = back_base_minor + excluded.back_base_minor,
    back_tax_minor = back_tax_minor + excluded.back_tax_minor;
END;

CREATE TRIGGER money_counted INSTEAD OF INSERT ON money
BEGIN
  INSERT INTO day_total (business_date, source, cash_minor, card_minor, voucher_minor, rounding_minor, tips_minor,
                         refunds, refunds_minor)
  SELECT NEW.business_date, NEW.source, iif(NEW.tender = 'cash', moved, 0), iif(NEW.tender = 'card', moved, 0),
         iif(NEW.tender = 'voucher', moved, 0), NEW.rounding_minor - NEW.refund_rounding_minor, NEW.tips_minor,
         NEW.refunds, NEW.refunds_minor
  FROM (SELECT NEW.settled_minor + NEW.rounding_minor + NEW.tips_minor - NEW.refunds_minor - NEW.refund_rounding_minor
               AS moved)
  WHERE true
  ON CONFLICT DO UPDATE SET cash_minor = cash_minor + excluded.cash_minor, card_minor = card_minor + excluded.card_minor,
    voucher_minor = voucher_minor + excluded.voucher_minor, rounding_minor = rounding_minor + excluded.rounding_minor,
    tips_minor = tips_minor + excluded.tips_minor, refunds = refunds + excluded.refunds,
    refunds_minor = refunds_minor + excluded.refunds_minor;
  INSERT INTO tender_day (business_date, tender, payments, settled_minor, rounding_minor, tips_minor, refunds,
                          refunds_minor)
  VALUES (NEW.business_date, NEW.tender, NEW.payments, NEW.settled_minor, NEW.rounding_minor, NEW.tips_minor,
          NEW.refunds, NEW.refunds_minor + NEW.refund_rounding_minor)
  ON CONFLICT DO UPDATE SET payments = payments + excluded.payments, settled_minor = settled_minor + excluded.settled_minor,
    rounding_minor = rounding_minor + excluded.rounding_minor, tips_minor = tips_minor + excluded.tips_minor,
    refunds = refunds + excluded.refunds, refunds_minor = refunds_minor + excluded.refunds_minor;
  INSERT INTO staff_day (business_date, source, account_id, payments, taken_minor, tips_minor, refunds, refunds_minor)
  VALUES (NEW.business_date, NEW.source, NEW.account_id, NEW.payments,
          NEW.settled_minor + NEW.rounding_minor + NEW.tips_minor, NEW.tips_minor, NEW.refunds,
          NEW.refunds_minor + NEW.refund_rounding_minor)
  ON CONFLICT DO UPDATE SET payments = payments + excluded.payments, taken_minor = taken_minor + excluded.taken_minor,
    tips_minor = tips_minor + excluded.tips_minor, refunds = refunds + excluded.refunds,
    refunds_minor = refunds_minor + excluded.refunds_minor;
  INSERT INTO till_total (session_id, cash_minor)
  SELECT NEW.session_id, NEW.settled_minor + NEW.rounding_minor + NEW.tips_minor - NEW.refunds_minor
                         - NEW.refund_rounding_minor
  WHERE NEW.session_id IS NOT NULL AND NEW.tender = 'cash'
  ON CONFLICT DO UPDATE SET cash_minor = cash_minor + excluded.cash_minor;
END;

CREATE VIEW drawer_move (business_date, session_id, kind, amount_minor) AS SELECT NULL, NULL, NULL, NULL WHERE false;

CREATE TRIGGER till_moved AFTER INSERT ON till_move
BEGIN
  INSERT INTO drawer_move VALUES (NEW.business_date, NEW.session_id, NEW.kind, NEW.amount_minor);
END;

CREATE TRIGGER till_unmoved BEFORE DELETE ON till_move
BEGIN
  INSERT INTO drawer_move VALUES (OLD.business_date, OLD.session_id, OLD.kind, -OLD.amount_minor);
END;

CREATE TRIGGER drawer_move_counted INSTEAD OF INSERT ON drawer_move
BEGIN
  INSERT INTO day_total (business_date, source, pay_ins_minor, pay_outs_minor, drops_minor)
  VALUES (NEW.business_date, 0, iif(NEW.kind = 'pay_in', NEW.amount_minor, 0),
          iif(NEW.kind = 'pay_out', NEW.amount_minor, 0), iif(NEW.kind = 'drop', NEW.amount_minor, 0))
  ON CONFLICT DO UPDATE SET pay_ins_minor = pay_ins_minor + excluded.pay_ins_minor,
    pay_outs_minor = pay_outs_minor + excluded.pay_outs_minor, drops_minor = drops_minor + excluded.drops_minor;
  INSERT INTO till_total (session_id, cash_minor)
  VALUES (NEW.session_id, iif(NEW.kind = 'pay_in', NEW.amount_minor, -NEW.amount_minor))
  ON CONFLICT DO UPDATE SET cash_minor = cash_minor + excluded.cash_minor;
END;

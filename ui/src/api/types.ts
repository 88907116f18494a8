// The shapes the engine speaks, written from its HTTP contract. Money is whole minor units (`*_minor`),
// quantities are thousandths (`*_milli`), rates basis points (`*_bp`), instants Unix milliseconds (`*_ms`).
export type Role = "owner" | "manager" | "cashier" | "waiter" | "chef" | "admin";
export type Station = "kitchen" | "bar" | "none";

export interface Membership {
  id: string;
  name: string;
  role: Role;
  currency: string;
  exponent: number;
  locale: string;
  time_zone: string;
}
export interface Me {
  account_id: string;
  name: string;
  email: string;
  restaurants: Membership[];
}

export interface Restaurant {
  id: string;
  name: string;
  currency: string;
  exponent: number;
  locale: string;
  time_zone: string;
  day_cutoff_minute: number;
  tax_mode: "inclusive" | "exclusive";
  tax_rounding: "line" | "rate" | "check";
  rounding: "half_up" | "half_even";
  cash_rounding_minor: number;
  default_tax_rate_bp: number;
  device_letters: string;
  business_date: string;
  permissions: string[];
}

export interface SetupState {
  needed: boolean;
  currencies: { code: string; exponent: number; name: string }[];
  time_zones: string[];
  locales: string[];
}
export interface SetupRequest {
  restaurant: {
    name: string;
    currency: string;
    time_zone: string;
    day_cutoff_minute: number;
    tax_mode: "inclusive" | "exclusive";
    tax_rate_bp: number;
    locale: string;
  };
  owner: { name: string; email: string; password: string };
  start: "empty" | "demo";
  demo_orders?: number;
}

export interface MenuItem {
  id: string;
  category_id: string;
  name: string;
  price_minor: number;
  tax_rate_bp: number;
  station: Station;
  available: boolean;
  position: number;
}
export interface MenuCategory {
  id: string;
  name: string;
  position: number;
  items: MenuItem[];
}
export interface Menu {
  categories: MenuCategory[];
}

export type LineState = "held" | "fired" | "preparing" | "ready" | "served" | "voided";
export interface Line {
  id: string;
  item_id?: string | null;
  name: string;
  quantity_milli: number;
  unit_price_minor: number;
  total_minor: number;
  tax_rate_bp: number;
  note: string | null;
  seat: number | null;
  station: Station;
  state: LineState;
  void_reason?: string | null;
  added_by_name: string;
  added_at_ms: number;
  fired_at_ms?: number | null;
}
export interface Payment {
  id: string;
  tender: "cash" | "card";
  amount_minor: number;
  tip_minor: number;
  rounding_minor: number;
  tendered_minor: number | null;
  change_minor: number | null;
  state: "captured";
  taken_by_name: string;
  taken_at_ms: number;
  flag?: "overpaid" | null;
  reference?: string | null;
}
export interface TaxLine {
  rate_bp: number;
  base_minor: number;
  tax_minor: number;
}
export interface OrderSummary {
  id: string;
  number: string;
  business_date: string;
  service: "dine_in" | "takeaway" | "delivery";
  table: string | null;
  covers: number | null;
  state: "open" | "completed" | "cancelled";
  stage: "taking" | "kitchen" | "to_pay" | "done";
  opened_at_ms: number;
  opened_by_name: string;
  total_minor: number;
  paid_minor: number;
  due_minor: number;
  lines_count: number;
  lines_ready: number;
  lines_fired: number;
  item_names: string;
  flags: string[];
}
export interface Order extends OrderSummary {
  note: string | null;
  lines: Line[];
  payments: Payment[];
  totals: {
    net_minor: number;
    taxes: TaxLine[];
    gross_minor: number;
    rounding_minor: number;
    tips_minor: number;
    paid_minor: number;
    due_minor: number;
  };
  tax_mode: "inclusive" | "exclusive";
  closed_at_ms?: number | null;
  cancel_reason?: string | null;
}
export interface NewLine {
  item_id: string;
  quantity_milli?: number;
  note?: string;
  seat?: number;
}
export interface HistoryEntry {
  entry: number;
  at_ms: number;
  actor_name: string;
  action: string;
  summary_key: string;
  outcome: "done" | "refused";
  changes: { table: string; op: string; key: unknown; before: unknown; after: unknown }[];
}

export interface TicketLine {
  line_id: string;
  name: string;
  quantity_milli: number;
  note: string | null;
  seat: number | null;
  state: LineState;
  fired_at_ms: number;
}
export interface Kitchen {
  now_ms: number;
  tickets: {
    order_id: string;
    number: string;
    table: string | null;
    service: OrderSummary["service"];
    fired_at_ms: number;
    lines: TicketLine[];
  }[];
  all_day: { name: string; quantity_milli: number }[];
}

export interface Totals {
  orders: number;
  covers: number;
  gross_minor: number;
  net_minor: number;
  tax_minor: number;
  voids: { count: number; minor: number };
  tips_minor: number;
  cash_minor: number;
  card_minor: number;
  rounding_minor: number;
  average_minor: number;
  taxes: TaxLine[];
}
export interface ZReport extends Totals {
  number: number;
  business_date: string;
  closed_at_ms: number;
  closed_by_name: string;
  handed_over_orders: number;
  over_short_minor: number;
}
export interface TillSession {
  id: string;
  opened_at_ms: number;
  opened_by_name: string;
  float_minor: number;
  cash_minor: number;
  expected_minor: number;
  state: "opened" | "closed";
  counted_minor?: number | null;
  over_short_minor?: number | null;
}
export interface Till {
  session: TillSession | null;
  business_date: string;
  x: Totals;
  open_orders: number;
}

export interface Flag {
  id: string;
  /** "overpaid", "refused_intent", "changed_outcome"; newer engines may know more. */
  kind: string;
  at_ms: number;
  order_id?: string | null;
  number?: string | null;
  text_key: string;
  params: Record<string, unknown> | null;
  resolved: boolean;
}
export interface Today {
  business_date: string;
  now_ms: number;
  totals: Totals;
  open: { orders: number; covers: number; minor: number };
  by_hour: { hour: number; orders: number; gross_minor: number }[];
  last_week_by_hour: { hour: number; gross_minor: number }[];
  top_items: { name: string; quantity_milli: number; gross_minor: number }[];
  last_days: { business_date: string; orders: number; gross_minor: number }[];
  flags: Flag[];
}

export interface Person {
  id: string;
  account_id: string;
  name: string;
  email?: string | null;
  role: Role;
  active: boolean;
}

export interface ImportMapping {
  order_id?: string | null;
  date?: string | null;
  time?: string | null;
  item?: string | null;
  variant?: string | null;
  category?: string | null;
  price?: string | null;
  quantity?: string | null;
  tax?: string | null;
}
export interface ImportPreview {
  columns: string[];
  mapping: ImportMapping;
  rows: number;
  sample: string[][];
  clean_rows: number;
  dirty: { line: number; kind: string; reason: string; raw: string }[];
  dirty_count: number;
  orders: number;
  total_minor: number;
  first_date: string | null;
  last_date: string | null;
  already_imported: boolean;
  fingerprint: string;
}
export interface ImportResult {
  id: string;
  orders: number;
  lines: number;
  total_minor: number;
  first_date: string;
  last_date: string;
  created: boolean;
  duration_ms: number;
}
export interface PastImport {
  id: string;
  kind: "csv" | "demo";
  name: string;
  at_ms: number;
  by_name: string;
  orders: number;
  lines: number;
  skipped: number;
  total_minor: number;
  first_date: string;
  last_date: string;
}
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
export interface ErrorBody {
  error: {
    code: string;
    message: string;
    field: string | null;
    request_id: string;
    details: Record<string, unknown> | null;
  };
}

// Which address takes and gives what, in the shape openapi-fetch reads. Replaced by schema.d.ts once generated.
import type * as T from "./types";

interface Spec {
  path?: object;
  query?: object;
  body?: unknown;
  answer: unknown;
}
type Parameters<S> = (S extends { path: infer P } ? { path: P } : { path?: never }) &
  (S extends { query: infer Q } ? { query?: Q } : { query?: never }) & {
    header?: { "Idempotency-Key"?: string };
  };
type Call<S extends Spec> = {
  parameters: Parameters<S>;
  responses: {
    200: { content: { "application/json": S["answer"] } };
    default: { content: { "application/json": T.ErrorBody } };
  };
} & (S extends { body: infer B }
  ? { requestBody: { content: { "application/json": B } } }
  : { requestBody?: never });
type R = { rid: string };
type WithId = { rid: string; id: string };
type Paging = { cursor?: string; limit?: number };
type PaymentRequest = {
  tender: "cash" | "card";
  amount_minor: number;
  tip_minor?: number;
  tendered_minor?: number;
  reference?: string;
};

export interface paths {
  "/api/v1/health": { get: Call<{ answer: { status: string; version: string; uptime_s: number } }> };
  "/api/v1/setup": {
    get: Call<{ answer: T.SetupState }>;
    post: Call<{ body: T.SetupRequest; answer: { token: string; me: T.Me; restaurant_id: string } }>;
  };
  "/api/v1/codes/exchange": {
    post: Call<{ body: { code: string }; answer: { kind: "setup" | "session"; token: string; me?: T.Me } }>;
  };
  "/api/v1/sessions": {
    post: Call<{ body: { email: string; password: string }; answer: { token: string; me: T.Me } }>;
  };
  "/api/v1/sessions/current": { delete: Call<{ answer: undefined }> };
  "/api/v1/me": { get: Call<{ answer: T.Me }> };
  "/api/v1/restaurants/{rid}": {
    get: Call<{ path: R; answer: T.Restaurant }>;
    patch: Call<{
      path: R;
      body: Partial<Pick<T.Restaurant, "name" | "day_cutoff_minute" | "cash_rounding_minor" | "locale">>;
      answer: T.Restaurant;
    }>;
  };
  "/api/v1/restaurants/{rid}/menu": { get: Call<{ path: R; answer: T.Menu }> };
  "/api/v1/restaurants/{rid}/menu/categories": {
    post: Call<{ path: R; body: { name: string }; answer: T.MenuCategory }>;
  };
  "/api/v1/restaurants/{rid}/menu/categories/{id}": {
    patch: Call<{ path: WithId; body: { name?: string; position?: number }; answer: T.MenuCategory }>;
    delete: Call<{ path: WithId; answer: undefined }>;
  };
  "/api/v1/restaurants/{rid}/menu/items": {
    post: Call<{
      path: R;
      body: {
        category_id: string;
        name: string;
        price_minor: number;
        tax_rate_bp?: number;
        station?: T.Station;
      };
      answer: T.MenuItem;
    }>;
  };
  "/api/v1/restaurants/{rid}/menu/items/{id}": {
    patch: Call<{
      path: WithId;
      body: Partial<
        Pick<
          T.MenuItem,
          "name" | "price_minor" | "tax_rate_bp" | "station" | "available" | "category_id" | "position"
        >
      >;
      answer: T.MenuItem;
    }>;
    delete: Call<{ path: WithId; answer: undefined }>;
  };
  "/api/v1/restaurants/{rid}/orders": {
    get: Call<{
      path: R;
      query: Paging & { state?: T.OrderSummary["state"]; business_date?: string; q?: string };
      answer: T.Page<T.OrderSummary>;
    }>;
    post: Call<{
      path: R;
      body: {
        service: T.OrderSummary["service"];
        table?: string;
        covers?: number;
        note?: string;
        lines?: T.NewLine[];
      };
      answer: T.Order;
    }>;
  };
  "/api/v1/restaurants/{rid}/orders/{id}": { get: Call<{ path: WithId; answer: T.Order }> };
  "/api/v1/restaurants/{rid}/orders/{id}/lines": {
    post: Call<{ path: WithId; body: { lines: T.NewLine[] }; answer: T.Order }>;
  };
  "/api/v1/restaurants/{rid}/orders/{id}/fire": {
    post: Call<{ path: WithId; body: { line_ids?: string[] }; answer: T.Order }>;
  };
  "/api/v1/restaurants/{rid}/orders/{id}/serve": {
    post: Call<{ path: WithId; body: { line_ids?: string[] }; answer: T.Order }>;
  };
  "/api/v1/restaurants/{rid}/orders/{id}/lines/{line_id}/void": {
    post: Call<{ path: WithId & { line_id: string }; body: { reason: string }; answer: T.Order }>;
  };
  "/api/v1/restaurants/{rid}/orders/{id}/payments": {
    post: Call<{ path: WithId; body: PaymentRequest; answer: T.Order }>;
  };
  "/api/v1/restaurants/{rid}/orders/{id}/cancel": {
    post: Call<{ path: WithId; body: { reason: string }; answer: T.Order }>;
  };
  "/api/v1/restaurants/{rid}/orders/{id}/history": {
    get: Call<{ path: WithId; answer: { items: T.HistoryEntry[] } }>;
  };
  "/api/v1/restaurants/{rid}/kitchen": {
    get: Call<{ path: R; query: { station?: T.Station }; answer: T.Kitchen }>;
  };
  "/api/v1/restaurants/{rid}/kitchen/{order_id}/lines/{line_id}/bump": {
    post: Call<{
      path: R & { order_id: string; line_id: string };
      body: { to: "preparing" | "ready" | "served" };
      answer: T.TicketLine;
    }>;
  };
  "/api/v1/restaurants/{rid}/kitchen/{order_id}/lines/{line_id}/recall": {
    post: Call<{ path: R & { order_id: string; line_id: string }; answer: T.TicketLine }>;
  };
  "/api/v1/restaurants/{rid}/till": { get: Call<{ path: R; answer: T.Till }> };
  "/api/v1/restaurants/{rid}/till/open": {
    post: Call<{ path: R; body: { float_minor: number }; answer: T.TillSession }>;
  };
  "/api/v1/restaurants/{rid}/till/close": {
    post: Call<{ path: R; body: { counted_minor: number }; answer: { session: T.TillSession } }>;
  };
  "/api/v1/restaurants/{rid}/till/z": { post: Call<{ path: R; answer: T.ZReport }> };
  "/api/v1/restaurants/{rid}/till/z-reports": {
    get: Call<{ path: R; query: Paging; answer: T.Page<T.ZReport> }>;
  };
  "/api/v1/restaurants/{rid}/till/z-reports/{number}": {
    get: Call<{ path: R & { number: number }; answer: T.ZReport }>;
  };
  "/api/v1/restaurants/{rid}/today": { get: Call<{ path: R; answer: T.Today }> };
  "/api/v1/restaurants/{rid}/inbox": {
    get: Call<{ path: R; query: Paging & { open?: boolean }; answer: T.Page<T.Flag> }>;
  };
  "/api/v1/restaurants/{rid}/inbox/{id}/resolve": {
    post: Call<{ path: WithId; body: { note?: string }; answer: undefined }>;
  };
  "/api/v1/restaurants/{rid}/staff": {
    get: Call<{ path: R; query: Paging; answer: T.Page<T.Person> }>;
    post: Call<{
      path: R;
      body: { name: string; email: string; role: T.Role; password: string };
      answer: T.Person;
    }>;
  };
  "/api/v1/restaurants/{rid}/staff/{id}": {
    patch: Call<{
      path: WithId;
      body: Partial<Pick<T.Person, "name" | "role" | "active">>;
      answer: T.Person;
    }>;
  };
  "/api/v1/restaurants/{rid}/imports": {
    get: Call<{ path: R; query: Paging; answer: T.Page<T.PastImport> }>;
    post: Call<{
      path: R;
      query: T.ImportMapping & { skip_dirty?: boolean; name?: string };
      body: string;
      answer: T.ImportResult;
    }>;
  };
  "/api/v1/restaurants/{rid}/imports/preview": {
    post: Call<{ path: R; query: T.ImportMapping; body: string; answer: T.ImportPreview }>;
  };
}

import { describe, expect, it } from "vitest";
import { guessCurrency, placeOf, requestOf, type Values, wrongInStep } from "./model";

const values: Values = {
  name: " Trattoria Luna ",
  locale: "en",
  time_zone: "Europe/Madrid",
  currency: "EUR",
  tax_mode: "inclusive",
  tax_percent: 8.25,
  day_cutoff_minute: "240",
  owner_name: "Marta",
  email: "marta@luna.example",
  password: "Trattoria-26",
  start: "import",
  demo_orders: 2000,
};

describe("the first run", () => {
  it("asks the engine in its own units, and an import begins empty", () => {
    expect(requestOf(values)).toEqual({
      restaurant: {
        name: "Trattoria Luna",
        currency: "EUR",
        time_zone: "Europe/Madrid",
        day_cutoff_minute: 240,
        tax_mode: "inclusive",
        tax_rate_bp: 825,
        locale: "en",
      },
      owner: { name: "Marta", email: "marta@luna.example", password: "Trattoria-26" },
      start: "empty",
    });
    expect(requestOf({ ...values, start: "demo", demo_orders: "500" }).demo_orders).toBe(500);
  });

  it("goes on only from a complete step", () => {
    expect(wrongInStep("restaurant", { ...values, name: "  " })).toEqual([["name", "name"]]);
    expect(wrongInStep("owner", { ...values, email: "marta", password: "short" })).toEqual([
      ["email", "email"],
      ["password", "password"],
    ]);
    expect(wrongInStep("start", { ...values, start: "demo", demo_orders: 0 })).toEqual([
      ["demo_orders", "demo"],
    ]);
    expect(wrongInStep("start", { ...values, demo_orders: 0 })).toEqual([]);
  });

  it("leads back to the step the engine complained about", () => {
    expect(placeOf("owner.email")).toEqual({ step: "owner", field: "email" });
    expect(placeOf("restaurant.tax_rate_bp")).toEqual({ step: "money", field: "tax_percent" });
    expect(placeOf("anything.else")).toBeNull();
  });

  it("guesses the currency from where the computer stands", () => {
    const known = ["EUR", "USD", "GBP", "MXN"].map((code) => ({ code, exponent: 2, name: code }));
    const check = (zone: string, currency: string) => expect(guessCurrency(zone, known), zone).toBe(currency);
    check("Europe/Madrid", "EUR");
    check("Europe/London", "GBP");
    check("America/Mexico_City", "MXN");
    check("America/New_York", "USD");
    check("Asia/Tokyo", "EUR");
  });
});

// Which coins and notes a drawer holds, by currency, in minor units, largest first. Pure.

/** In minor units. Currencies that are not named have the usual series of their exponent. */
const known: Record<string, number[]> = {
  EUR: [50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  USD: [10_000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1],
  GBP: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  CHF: [100_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
  CAD: [10_000, 5000, 2000, 1000, 500, 200, 100, 25, 10, 5],
  AUD: [10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
  NZD: [10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10],
  SEK: [100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100],
  NOK: [100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 100],
  DKK: [100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50],
  PLN: [50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  CZK: [500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100],
  HUF: [2_000_000, 1_000_000, 500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500],
  MXN: [100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10],
  BRL: [20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5],
  COP: [10_000_000, 5_000_000, 2_000_000, 1_000_000, 500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5000],
  CLP: [20_000, 10_000, 5000, 2000, 1000, 500, 100, 50, 10],
  PEN: [20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10],
  JPY: [10_000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1],
  KRW: [50_000, 10_000, 5000, 1000, 500, 100, 50, 10],
  KWD: [20_000, 10_000, 5000, 1000, 500, 250, 100, 50, 20, 10, 5],
};

/** Coins below the smallest one cash is rounded to are not about any more. */
export function denominations(currency: string, exponent: number, smallest: number): number[] {
  const usual = () =>
    Array.from({ length: exponent + 3 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power))
      .flat()
      .filter((value) => value <= 2 * 10 ** (exponent + 2))
      .reverse();
  return (known[currency] ?? usual()).filter((value) => value >= smallest);
}

export interface Pieces {
  value_minor: number;
  count: number;
}

export function sumOf(pieces: Pieces[]): number {
  return pieces.reduce((sum, one) => sum + one.value_minor * one.count, 0);
}

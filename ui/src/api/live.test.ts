import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, it } from "vitest";
import { refresh } from "./live";

const client = new QueryClient();
afterEach(() => client.clear());

/** Shows a query and notes in `asked` whenever it is asked for again. */
function show(queryKey: string[], asked: string[]): () => void {
  client.setQueryData(queryKey, 0);
  const queryFn = async () => {
    asked.push(`${queryKey.join(" ")} asked`);
    await new Promise((answered) => setTimeout(answered, 5));
    asked.push(`${queryKey.join(" ")} there`);
    return 1;
  };
  return new QueryObserver(client, { queryKey, queryFn, staleTime: Infinity }).subscribe(() => undefined);
}

describe("what a change touched", () => {
  it("is fetched for the page first, then for what is counted beside it", async () => {
    const asked: string[] = [];
    const stops = [
      ["orders", "r"],
      ["kitchen", "r"],
      ["menu", "r"],
    ].map((key) => show(key, asked));
    await refresh(client, ["orders", "kitchen"], "/kitchen");
    expect(asked).toEqual(["kitchen r asked", "kitchen r there", "orders r asked", "orders r there"]);
    asked.length = 0;
    await refresh(client, ["orders", "kitchen"], "/settings");
    expect(asked.slice(0, 2)).toEqual(["orders r asked", "kitchen r asked"]);
    stops.forEach((stop) => stop());
  });

  it("is the floor on the page of the tables", async () => {
    const asked: string[] = [];
    const stops = [
      ["orders", "r"],
      ["floor", "r"],
    ].map((key) => show(key, asked));
    await refresh(client, ["orders", "floor"], "/tables");
    expect(asked[0]).toBe("floor r asked");
    stops.forEach((stop) => stop());
  });

  it("is fetched once more where the first answer was on its way and may be of before", async () => {
    let now = "before";
    const queryFn = async () => {
      const read = now;
      await new Promise((answered) => setTimeout(answered, 5));
      return read;
    };
    const stop = new QueryObserver(client, { queryKey: ["orders", "r"], queryFn }).subscribe(() => undefined);
    now = "after";
    await refresh(client, ["orders"], "/orders");
    expect(client.getQueryData(["orders", "r"])).toBe("after");
    stop();
  });

  it("is fetched when it is shown again, where nothing shows it now", async () => {
    client.setQueryData(["orders", "r"], 0);
    await refresh(client, ["orders"], "/kitchen");
    expect(client.getQueryState(["orders", "r"])?.isInvalidated).toBe(true);
  });
});

// Screen state lives in the address. These check what stands there: anything unexpected is dropped, never an error.

/** Optional texts, e.g. `text("q", "category")`. Lengths are bounded: an address is typed by anybody. */
export function text<K extends string>(
  ...names: K[]
): (search: Record<string, unknown>) => Partial<Record<K, string>> {
  return (search) => {
    const kept: Partial<Record<K, string>> = {};
    for (const name of names) {
      const value = search[name];
      if ((typeof value === "string" || typeof value === "number") && String(value) !== "") {
        kept[name] = String(value).slice(0, 200);
      }
    }
    return kept;
  };
}

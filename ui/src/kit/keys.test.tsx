import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { chordOf, type KeyEntry, listenToKeys, useKeys } from "./keys";

function Keys(props: { list: KeyEntry[] }) {
  useKeys(props.list);
  return <input aria-label="field" />;
}
const press = (key: string, target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

beforeAll(() => listenToKeys());
afterEach(cleanup);

describe("keys", () => {
  it("run alone and one after the other, and rest while somebody types", () => {
    const plain = vi.fn();
    const sequence = vi.fn();
    const { getByLabelText } = render(
      <Keys
        list={[
          { keys: "n", label: "New", group: "g", run: plain },
          { keys: "g t", label: "Today", group: "g", run: sequence },
        ]}
      />,
    );
    press("n");
    expect(plain).toHaveBeenCalledTimes(1);
    press("g");
    press("t");
    expect(sequence).toHaveBeenCalledTimes(1);
    press("n", getByLabelText("field"));
    expect(plain).toHaveBeenCalledTimes(1);
  });

  it("are gone with their component", () => {
    const run = vi.fn();
    render(<Keys list={[{ keys: "x", label: "X", group: "g", run }]} />).unmount();
    press("x");
    expect(run).not.toHaveBeenCalled();
  });

  it("name a chord the same on every computer", () => {
    const base = { key: "K", ctrlKey: false, metaKey: false, altKey: false };
    expect(chordOf({ ...base, ctrlKey: true })).toBe("mod+k");
    expect(chordOf({ ...base, metaKey: true })).toBe("mod+k");
  });
});

import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { chordOf, type KeyEntry, listenToKeys, useKeys } from "./keys";
import { keepTyped, takeTyped } from "./typed-ahead";

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

  it("leave Escape to an open menu, and nothing behind it closes", () => {
    const close = vi.fn();
    const { unmount } = render(
      <>
        <Keys list={[{ keys: "Escape", label: "Close", group: "g", run: close }]} />
        <div role="menu" />
      </>,
    );
    press("Escape");
    expect(close).not.toHaveBeenCalled();
    unmount();
    render(<Keys list={[{ keys: "Escape", label: "Close", group: "g", run: close }]} />);
    press("Escape");
    expect(close).toHaveBeenCalledTimes(1);
  });

  it("rest while a field is on its way, which gets what was typed", () => {
    const run = vi.fn();
    render(<Keys list={[{ keys: "n", label: "New", group: "g", run }]} />);
    keepTyped();
    for (const key of ["n", "x", "Backspace", "o"]) press(key);
    expect(run).not.toHaveBeenCalled();
    expect(takeTyped()).toBe("no");
    press("n");
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("name a chord the same on every computer", () => {
    const base = { key: "K", ctrlKey: false, metaKey: false, altKey: false };
    expect(chordOf({ ...base, ctrlKey: true })).toBe("mod+k");
    expect(chordOf({ ...base, metaKey: true })).toBe("mod+k");
  });
});

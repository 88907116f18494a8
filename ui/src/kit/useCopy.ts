// Copies a text; where a browser lends no clipboard, what is shown is marked so that it can be copied by hand.
import { type RefObject, useState } from "react";

export type Copied = "yes" | "by_hand" | null;

export function useCopy(shown: RefObject<HTMLElement | null>): [Copied, (text: string) => Promise<void>] {
  const [copied, setCopied] = useState<Copied>(null);
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied("yes");
    } catch {
      // Over plain http from another computer there is none.
      if (shown.current !== null) window.getSelection()?.selectAllChildren(shown.current);
      setCopied("by_hand");
    }
  };
  return [copied, copy];
}

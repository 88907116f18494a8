// The time of day for ages on screen, ticking once in `every_ms`; in the past it stands at the moment.
import { useEffect, useState } from "react";
import { useRewound } from "../app/rewound";

export function useNow(every_ms = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), every_ms);
    return () => window.clearInterval(timer);
  }, [every_ms]);
  return useRewound()?.at_ms ?? now;
}

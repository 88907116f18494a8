// The kitchen alone on a tablet's screen: without rail and top bar, and without the browser's own where it lets us.
import { useEffect, useState } from "react";

export function useWall(): [boolean, (on: boolean) => void] {
  const [isWall, setWall] = useState(false);
  useEffect(() => {
    const root = document.documentElement;
    if (!isWall) return undefined;
    root.dataset["wall"] = "";
    // The browser leaves by its own Escape, and so do we.
    const look = () => {
      if (document.fullscreenElement === null) setWall(false);
    };
    document.addEventListener("fullscreenchange", look);
    void root.requestFullscreen?.().catch(() => undefined);
    return () => {
      document.removeEventListener("fullscreenchange", look);
      delete root.dataset["wall"];
      if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => undefined);
    };
  }, [isWall]);
  return [isWall, setWall];
}

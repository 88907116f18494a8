// Pages that the desktop asks for: a link, the tray, a clicked notification. What names no page opens the start page.
import i18next from "i18next";
import { hearPages } from "../desktop";
import { router } from "./router";

const START = "/";
const PATH = /^(\/[\w-]+)+$/;
const ORDER = /^\/orders\/([\w-]+)$/;

/** The address inside the window of a path that came from outside. Nothing but a path is taken from it. */
export function addressOf(path: string): string {
  if (!PATH.test(path)) return START;
  const order = ORDER.exec(path)?.[1];
  if (order !== undefined) return `/orders?order=${order}`;
  const [, , found] = router.getMatchedRoutes(path);
  const known = found?.options.staticData?.title !== undefined;
  return known ? path : START;
}

/** From now on, and again whenever another language is spoken. */
export async function openWhatIsAsked(): Promise<void> {
  const hear = () => hearPages(i18next.language, (path) => void router.navigate({ href: addressOf(path) }));
  i18next.on("languageChanged", () => void hear());
  await hear();
}

// An engine, a browser and a person at it, for all the tests of one file.
import { after, before } from "node:test";
import { hands, open, photograph } from "./browser.js";
import { serve } from "./headless.js";

/** `prepare` sees the stage once it stands; what it holds is there from the first test on. */
export function stage(prepare) {
  const stands = {};
  before(async () => {
    stands.engine = await serve();
    stands.browser = await open();
    stands.person = hands(stands.browser.page);
    await stands.browser.page.goto(stands.engine.link);
    try {
      await prepare?.(stands);
    } catch (error) {
      await photograph(stands.browser.page, "broken-before");
      throw error;
    }
  });
  after(async () => {
    await stands.browser?.close();
    await stands.engine?.stop();
  });
  return stands;
}

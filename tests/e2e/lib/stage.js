// An engine, a browser and a person at it, for all the tests of one file; and the chapters of its story.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { examine, hands, open, photograph } from "./browser.js";
import { serve } from "./headless.js";

/** `prepare` sees the stage once it stands; what `here` holds is there from the first test on. */
export function stage(prepare) {
  const here = {};
  /** What was found wrong on the pages of this chapter; it fails the chapter, not the story. */
  let findings = [];
  /** What comes after a broken chapter is not told; a picture shows where it broke. */
  let brokenAt = null;

  /** Looks at the page: no barrier for anybody, nothing in the console, pictures for a person. */
  here.lookAt = async (name) => {
    findings.push(...(await examine(here.browser.page, name)));
    findings.push(...here.browser.complaints.splice(0).map((complaint) => `${name}, console: ${complaint}`));
  };
  /** The same for a test that stands alone. */
  here.looksRight = async (name) => {
    await here.browser.page.waitForLoadState("networkidle");
    findings = [];
    await here.lookAt(name);
    assert.deepEqual(findings, []);
  };
  here.chapter = (name, tell) =>
    test(name, async () => {
      assert.equal(brokenAt, null, "the story broke off earlier");
      findings = [];
      try {
        await tell();
      } catch (error) {
        brokenAt = name;
        await photograph(here.browser.page, `broken-${name}`);
        throw error;
      }
      const complaints = here.browser.complaints.splice(0);
      assert.deepEqual([...findings, ...complaints], []);
    });

  before(async () => {
    here.engine = await serve();
    here.browser = await open();
    here.person = hands(here.browser.page);
    await here.browser.page.goto(here.engine.link);
    try {
      await prepare?.(here);
    } catch (error) {
      await photograph(here.browser.page, "broken-before");
      throw error;
    }
  });
  after(async () => {
    await here.browser?.close();
    await here.engine?.stop();
  });
  return here;
}

// Programs that follow a restaurant, with the official client: events by name, and after a cut in the line
// everything that was missed and nothing twice.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { open, hands } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import * as story from "../story.js";

const { io } = createRequire(new URL("../../../ui/package.json", import.meta.url))("socket.io-client");

let engine;
let browser;
let session;
let ask;
before(async () => {
  engine = await serve();
  browser = await open();
  await browser.page.goto(engine.link);
  await story.openTheRestaurant(hands(browser.page), undefined, "demo");
  const asked = await browser.page.waitForRequest(/\/api\/v1\/restaurants\/[^/]+\//);
  const token = asked.headers().authorization.replace("Bearer ", "");
  session = { token, restaurant_id: /restaurants\/([^/]+)/.exec(asked.url())[1] };
  ask = async (path, body) => {
    const answer = await fetch(`${engine.origin}/api/v1/restaurants/${session.restaurant_id}${path}`, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, await answer.clone().text());
    return answer.json();
  };
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

/** A follower that remembers how far it has heard, as a program of somebody else's would. */
function follow() {
  const heard = [];
  let since;
  const line = io(engine.origin, {
    transports: ["websocket"],
    reconnectionDelay: 50,
    auth: (give) => give({ ...session, events: true, since }),
  });
  line.onAny((name, says) => {
    if (says.position === undefined) return;
    since = says.position;
    heard.push([name, says]);
  });
  return {
    line,
    heard,
    orders: () => heard.filter(([name]) => name === "order:create").map(([, says]) => says.order_id),
  };
}

async function until(condition) {
  const late = Date.now() + 60_000;
  while (!condition()) {
    assert.ok(Date.now() < late, "it did not come");
    await new Promise((go) => setTimeout(go, 20));
  }
}

test("A program that follows hears of every order once, over a cut in the line and a restart of the engine", async () => {
  const items = (await ask("/menu")).categories.flatMap((category) => category.items);
  const item = items.find((one) => one.available && !one.variants?.length && !one.group_ids?.length);
  const order = async () => (await ask("/orders", { service: "takeaway", lines: [{ item_id: item.id }] })).id;
  const follower = follow();
  await once(follower.line, "connect");
  const opened = [await order()];
  await until(() => follower.orders().length === 1);

  follower.line.io.engine.close();
  opened.push(await order(), await order());
  await until(() => follower.orders().length === 3);

  follower.line.disconnect();
  opened.push(await order());
  await engine.cut();
  await engine.resume();
  opened.push(await order());
  follower.line.connect();
  opened.push(await order());
  await until(() => follower.orders().length >= opened.length);
  opened.push(await order());
  await until(() => follower.orders().length >= opened.length);

  assert.deepEqual(follower.orders(), opened);
  const positions = follower.heard.map(([, says]) => says.position);
  assert.equal(new Set(positions).size, positions.length, "nothing twice");
  follower.line.close();
});

test("A token that is not one is refused, and one that is logged out is sent away", async () => {
  const stranger = io(engine.origin, {
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    auth: { ...session, token: "guess", events: true },
  });
  const [error] = await once(stranger, "connect_error");
  assert.match(error.message, /unauthenticated/);
  stranger.close();
});

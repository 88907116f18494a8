// The first steps as programs that run as they stand: this engine, this restaurant, a dish of its menu, and the key
// from the environment. The story of this page runs them.
import type { Menu } from "../api/types";

export const LANGUAGES = ["curl", "python", "javascript"] as const;
export type Language = (typeof LANGUAGES)[number];
export const STEPS = ["list", "open", "follow"] as const;
export type Step = (typeof STEPS)[number];

export interface Place {
  origin: string;
  restaurant: string;
  /** What is ordered; null: nothing can be ordered as it is. */
  item: string | null;
}

/** How a file of it is called, and what runs it. */
export const files: Record<Language, { ending: string; run: string }> = {
  curl: { ending: "sh", run: "sh" },
  python: { ending: "py", run: "python3" },
  javascript: { ending: "mjs", run: "node" },
};

/** One that is ordered without choosing anything. */
export function plainItem(menu: Menu): { id: string; name: string } | null {
  const required = new Set(menu.modifier_groups.filter((group) => group.min > 0).map((group) => group.id));
  const items = menu.categories.flatMap((category) => category.items);
  return (
    items.find(
      (item) =>
        item.available && item.variants.length === 0 && !item.group_ids.some((group) => required.has(group)),
    ) ?? null
  );
}

export function sample(language: Language, step: Step, place: Place): string {
  return programs[language][step](place);
}

const base = ({ origin, restaurant }: Place) => `${origin}/api/v1/restaurants/${restaurant}`;
const order = ({ item }: Place, indent = 0) =>
  JSON.stringify(
    { service: "takeaway", lines: item === null ? [] : [{ item_id: item, quantity_milli: 1000 }] },
    null,
    indent,
  );

const programs: Record<Language, Record<Step, (place: Place) => string>> = {
  curl: {
    list: (place) => `curl -sS --fail-with-body "${base(place)}/orders?state=open" \\
  -H "Authorization: Bearer $COMANDA_KEY"`,
    open: (place) => `# One for each wish: sent again, it gives the same answer and no second order.
WISH="order-$(date +%s)-$$"

curl -sS --fail-with-body "${base(place)}/orders" \\
  -H "Authorization: Bearer $COMANDA_KEY" \\
  -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $WISH" \\
  -d '${order(place)}'`,
    follow: (place) => `# Asks again; while nothing has changed the answer is 304, and empty.
touch open.etag
while true; do
  curl -sS --fail-with-body --etag-compare open.etag --etag-save open.etag \\
    "${base(place)}/orders?state=open" \\
    -H "Authorization: Bearer $COMANDA_KEY"
  sleep 10
done`,
  },
  python: {
    list: (place) => `import json
import os
import urllib.request

BASE = "${base(place)}"

request = urllib.request.Request(
    f"{BASE}/orders?state=open",
    headers={"Authorization": f"Bearer {os.environ['COMANDA_KEY']}"},
)
with urllib.request.urlopen(request) as answer:
    for order in json.load(answer)["items"]:
        print(order["number"], order["total_minor"], order["item_names"])`,
    open: (place) => `import json
import os
import urllib.request
import uuid

BASE = "${base(place)}"

wish = ${order(place, 4)}
request = urllib.request.Request(
    f"{BASE}/orders",
    data=json.dumps(wish).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['COMANDA_KEY']}",
        "Content-Type": "application/json",
        # One for each wish: sent again, it gives the same answer and no second order.
        "Idempotency-Key": str(uuid.uuid4()),
    },
)
with urllib.request.urlopen(request) as answer:
    order = json.load(answer)
    print(order["number"], order["id"])`,
    follow: (place) => `import json
import os
import time
import urllib.error
import urllib.request

URL = "${base(place)}/orders?state=open"
headers = {"Authorization": f"Bearer {os.environ['COMANDA_KEY']}"}

while True:
    try:
        with urllib.request.urlopen(urllib.request.Request(URL, headers=headers)) as answer:
            headers["If-None-Match"] = answer.headers["ETag"]
            print(len(json.load(answer)["items"]), "open", flush=True)
    except urllib.error.HTTPError as error:
        if error.code != 304:  # 304: nothing has changed.
            raise
    time.sleep(10)`,
  },
  javascript: {
    list: (place) => `const base = "${base(place)}";

const answer = await fetch(\`\${base}/orders?state=open\`, {
  headers: { Authorization: \`Bearer \${process.env.COMANDA_KEY}\` },
});
if (!answer.ok) throw new Error(await answer.text());
for (const order of (await answer.json()).items) {
  console.log(order.number, order.total_minor, order.item_names);
}`,
    open: (place) => `import { randomUUID } from "node:crypto";

const base = "${base(place)}";

const wish = ${order(place, 2)};
const answer = await fetch(\`\${base}/orders\`, {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env.COMANDA_KEY}\`,
    "Content-Type": "application/json",
    // One for each wish: sent again, it gives the same answer and no second order.
    "Idempotency-Key": randomUUID(),
  },
  body: JSON.stringify(wish),
});
if (!answer.ok) throw new Error(await answer.text());
const order = await answer.json();
console.log(order.number, order.id);`,
    follow: ({ origin, restaurant }) => `// npm install socket.io-client
import { io } from "socket.io-client";

const key = process.env.COMANDA_KEY;
const restaurant_id = "${restaurant}";
let since; // The last position heard: after a cut comes what was missed, and nothing twice.

const line = io("${origin}", {
  transports: ["websocket"],
  auth: (give) => give({ token: key, restaurant_id, events: true, since }),
});
line.on("connect", () => console.log("connected"));
line.on("connect_error", (error) => console.error(error.message));
line.onAny((name, event) => {
  since = event.position ?? since;
  console.log(name, JSON.stringify(event));
});`,
  },
};

// A printer on this machine: a port that takes bytes and hangs up as a printer does.
import { once } from "node:events";
import net from "node:net";

export async function printer() {
  const slips = [];
  const waiting = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    const pieces = [];
    socket.on("data", (some) => pieces.push(some));
    socket.on("end", () => {
      socket.end();
      slips.push(Buffer.concat(pieces));
      waiting.splice(0).forEach((tell) => tell());
    });
  });
  // A test that fails leaves it behind; the program ends all the same.
  server.unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bytes = async () => {
    while (slips.length === 0) await new Promise((tell) => waiting.push(tell));
    return slips.shift();
  };
  return {
    address: `127.0.0.1:${server.address().port}`,
    /** The next that comes out. */
    bytes,
    /** Its letters. */
    slip: async () => (await bytes()).toString("latin1"),
    close: () => new Promise((closed) => server.close(closed)),
  };
}

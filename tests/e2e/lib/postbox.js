// A mail server of the owner's, on this machine: it asks for user and password and keeps what it is sent.
import assert from "node:assert/strict";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

const ARRIVES_MS_MAX = 60_000;

/** Takes mail of `user` with `password`, in the open or with STARTTLS by a certificate of nobody known. */
export function postbox(user, password) {
  const mails = [];
  let server = null;
  let port = 0;
  const options = {
    logger: false,
    allowInsecureAuth: true,
    onAuth: (given, _session, answer) =>
      given.username === user && given.password === password
        ? answer(null, { user })
        : answer(new Error("Wrong user or password")),
    onData: async (stream, { envelope }, answer) => {
      const letter = await PostalMime.parse(await buffer(stream));
      mails.push({ ...letter, envelope });
      answer();
    },
  };
  return {
    get port() {
      return port;
    },
    /** Listens, after it was closed at the same port again. */
    async open() {
      server = new SMTPServer(options);
      // Somebody who does not trust the certificate goes away in the middle.
      server.on("error", () => undefined);
      await once(server.listen(port, "127.0.0.1"), "listening");
      port = server.server.address().port;
    },
    close: () => new Promise((closed) => (server === null ? closed() : server.close(closed))),
    /** The next mail about this; what comes besides, as of a disk that is really full, is passed over. */
    async next(subject) {
      const until = Date.now() + ARRIVES_MS_MAX;
      for (;;) {
        assert.ok(Date.now() < until, `no mail came about ${subject}`);
        const mail = mails.shift();
        if (mail !== undefined && subject.test(mail.subject)) return mail;
        if (mail === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

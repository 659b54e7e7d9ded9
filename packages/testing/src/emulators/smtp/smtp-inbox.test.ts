import { createTransport } from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSmtpInbox, type SmtpInbox } from "./smtp-inbox.js";

let inbox: SmtpInbox;

beforeEach(async () => {
  inbox = await createSmtpInbox({ password: "canaryPassword" }).listen();
});

afterEach(() => inbox.stop());

const mail = {
  from: "Fairlead <deploy@shop.example>",
  to: ["ops@shop.example", "dev@shop.example"],
  subject: "Release 2 – serves",
  text: "It is well.",
  html: "<p>It is well.</p>",
};

function send(more: object = {}, transport: SMTPTransport.Options = {}): Promise<SMTPTransport.SentMessageInfo> {
  const { host, port, user, password: pass } = inbox;
  const options: SMTPTransport.Options = {
    host,
    port,
    auth: { user, pass },
    socketTimeout: 400,
    tls: { rejectUnauthorized: false },
    ...transport,
  };
  return createTransport(options).sendMail({ ...mail, ...more });
}

/** How nodemailer words its failure. */
async function failureOf(sent: Promise<unknown>): Promise<[unknown, unknown]> {
  return sent.then(
    () => ["sent", undefined],
    (error: unknown) => {
      const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
      return [code, responseCode];
    },
  );
}

describe("the inbox", () => {
  it("takes mail from nodemailer and shows it as it is read", async () => {
    await send({
      messageId: "<two@shop.example>",
      references: ["<one@shop.example>"],
      inReplyTo: "<one@shop.example>",
      headers: { "List-Id": "deployments" },
    });
    const { messages, requests, effects } = await inbox.ledger();
    expect(messages).toMatchObject([
      {
        number: 1,
        envelope: { from: "deploy@shop.example", to: ["ops@shop.example", "dev@shop.example"] },
        messageId: "<two@shop.example>",
        references: ["<one@shop.example>"],
        inReplyTo: "<one@shop.example>",
        subject: "Release 2 – serves",
        from: "deploy@shop.example",
        to: ["ops@shop.example", "dev@shop.example"],
        text: "It is well.\n",
        headers: { "list-id": "deployments" },
        duplicate: false,
      },
    ]);
    expect(messages[0]?.html).toContain("<p>It is well.</p>");
    expect(requests.map(({ method, path, authorized, status }) => [method, path, authorized, status])).toEqual([
      ["CONNECT", "", true, 220],
      ["AUTH", "mailer", true, 235],
      ["MAIL", "deploy@shop.example", true, 250],
      ["RCPT", "ops@shop.example", true, 250],
      ["RCPT", "dev@shop.example", true, 250],
      ["DATA", "ops@shop.example,dev@shop.example", true, 250],
    ]);
    expect(effects).toMatchObject([{ kind: "message.received", subject: "<two@shop.example>", request: 6 }]);
    expect(JSON.stringify([await inbox.ledger(), await inbox.state()])).not.toContain("canary");
  });

  it("refuses a wrong password and mail without one", async () => {
    expect(await failureOf(send({}, { auth: { user: inbox.user, pass: "wrong" } }))).toEqual(["EAUTH", 535]);
    const { host, port } = inbox;
    expect((await failureOf(createTransport({ host, port, tls: { rejectUnauthorized: false } }).sendMail(mail)))[1]).toBe(530);
    expect((await inbox.ledger()).messages).toEqual([]);
  });

  it("takes mail without AUTH where none is asked for", async () => {
    await using open = await createSmtpInbox({ authentication: "none" }).listen();
    await createTransport({ host: open.host, port: open.port }).sendMail(mail);
    expect((await open.ledger()).messages).toHaveLength(1);
  });

  it.each([
    ["starttls", { requireTLS: true }],
    ["implicit", { secure: true }],
  ] as const)("speaks TLS: %s", async (tls, transport) => {
    await using secure = await createSmtpInbox({ tls }).listen();
    const { host, port, user, password: pass } = secure;
    await createTransport({ host, port, auth: { user, pass }, tls: { rejectUnauthorized: false }, ...transport }).sendMail(mail);
    expect((await secure.ledger()).messages).toHaveLength(1);
  });
});

describe("faults", () => {
  it.each([
    [451, "RCPT", ["EENVELOPE", 451]],
    [550, "MAIL", ["EENVELOPE", 550]],
    [451, "DATA", ["EMESSAGE", 451]],
    [421, "CONNECT", ["EPROTOCOL", 421]],
  ] as const)("answer %s to %s", async (status, method, expected) => {
    await inbox.fault({ kind: "status", status, match: { method }, every: true });
    expect(await failureOf(send())).toEqual(expected);
    expect((await inbox.ledger()).messages).toEqual([]);
  });

  it("strike the nth mail only", async () => {
    await inbox.fault({ kind: "status", status: 451, match: { operation: "smtp.data" }, nth: 2 });
    expect([await failureOf(send()), await failureOf(send()), await failureOf(send())]).toEqual([
      ["sent", undefined],
      ["EMESSAGE", 451],
      ["sent", undefined],
    ]);
  });

  it.each([
    ["reset-before", 0],
    ["reset-after", 1],
    ["lost-response", 1],
    ["hang", 0],
    ["hang-after", 1],
  ] as const)("%s fails for the sender; mails taken: %s", async (kind, taken) => {
    await inbox.fault({ kind, match: { method: "DATA" } });
    expect((await failureOf(send()))[0]).not.toBe("sent");
    expect((await inbox.ledger()).messages).toHaveLength(taken);
  });

  it("hold the answer to what was taken", async () => {
    await inbox.fault({ kind: "hold", match: { method: "DATA" } });
    const sent = send();
    expect(await inbox.held()).toMatchObject({ operation: "smtp.data", acted: true });
    expect((await inbox.ledger()).messages).toHaveLength(1);
    await inbox.release();
    await sent;
  });

  it("show a second mail with the same Message-ID as one", async () => {
    await send({ messageId: "<same@shop.example>" });
    await send({ messageId: "<same@shop.example>" });
    const { messages, effects } = await inbox.ledger();
    expect(messages.map(({ duplicate }) => duplicate)).toEqual([false, true]);
    expect(effects.map(({ kind }) => kind)).toEqual(["message.received", "message.duplicated"]);
  });

  it("refuse connections until it accepts them again, at the same port", async () => {
    await inbox.configure({ accepting: false });
    expect((await failureOf(send()))[0]).toBe("ESOCKET");
    await inbox.configure({ accepting: true });
    expect((await failureOf(send()))[0]).toBe("sent");
  });
});

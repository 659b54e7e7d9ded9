import type { AddressInfo, Server, Socket } from "node:net";
import { fail } from "@fairlead/core";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { emulatorErrors } from "../shared/emulator-errors.js";
import type { EmulatorFrame } from "../shared/http-exchange.js";
import type { MailLog, MailRecord } from "./mail-log.js";
import { takeCommand, type SmtpCommand, type SmtpReply } from "./smtp-commands.js";
import type { ParsedSmtpOptions } from "./smtp-options.js";

/** The inbox' SMTP port, which can be closed and opened again. */
export interface SmtpListener {
  /** Opens the port and returns its number; the same one every time. */
  open(): Promise<number>;
  /** Closes the port and cuts every connection. */
  close(): Promise<void>;
}

export function createSmtpListener(
  options: ParsedSmtpOptions,
  credentials: { readonly user: string; readonly password: string },
  frame: EmulatorFrame,
  mails: MailLog,
): SmtpListener {
  let port = options.port ?? 0;
  let server: SMTPServer | undefined;
  const sockets = new Map<number, Socket>();

  const run = (session: SMTPServerSession, command: Omit<SmtpCommand, "reset" | "end">, callback: (error?: Error | null) => void): void => {
    const socket = sockets.get(session.remotePort);
    const connection = { reset: () => socket?.resetAndDestroy(), end: () => socket?.end() };
    takeCommand(frame, { ...command, ...connection }).then(
      (reply) => {
        if (reply !== undefined) callback(reply.code < 400 ? null : toSmtpError(reply));
      },
      (error: unknown) => {
        callback(toSmtpError({ code: 451, message: `The inbox failed: ${String(error)}` }));
      },
    );
  };

  const takeMail = async (body: Uint8Array, envelope: MailRecord["envelope"], request: number): Promise<SmtpReply> => {
    const at = frame.clock.now();
    const { duplicate, messageId, number } = await mails.add(body, envelope, at);
    const kind = duplicate ? "message.duplicated" : "message.received";
    frame.ledger.effect({ at, kind, subject: messageId ?? "", details: { channel: "smtp", number }, request });
    return { code: 250 };
  };

  const isKnown = (session: SMTPServerSession): boolean => options.authentication === "none" || session.user !== undefined;
  const build = (): SMTPServer =>
    new SMTPServer({
      secure: options.tls === "implicit",
      authOptional: options.authentication === "none",
      authMethods: ["PLAIN", "LOGIN"],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      disabledCommands: options.tls === "starttls" ? [] : ["STARTTLS"],
      ...options.certificate,
      logger: false,
      onConnect(session, callback) {
        run(session, { name: "CONNECT", argument: "", authorized: true, act: () => Promise.resolve({ code: 220 }) }, callback);
      },
      onAuth(auth, session, callback) {
        const right = auth.username === credentials.user && auth.password === credentials.password;
        const act = (): Promise<SmtpReply> =>
          Promise.resolve(right ? { code: 235 } : { code: 535, message: "Authentication credentials invalid" });
        run(session, { name: "AUTH", argument: auth.username ?? "", authorized: right, act }, (error) => {
          callback(error, { user: auth.username });
        });
      },
      onMailFrom(address, session, callback) {
        run(
          session,
          { name: "MAIL", argument: address.address, authorized: isKnown(session), act: () => Promise.resolve({ code: 250 }) },
          callback,
        );
      },
      onRcptTo(address, session, callback) {
        run(
          session,
          { name: "RCPT", argument: address.address, authorized: isKnown(session), act: () => Promise.resolve({ code: 250 }) },
          callback,
        );
      },
      onData(stream, session, callback) {
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = { from: mailFrom === false ? "" : mailFrom.address, to: rcptTo.map(({ address }) => address) };
        const take = (body: Uint8Array): void => {
          const act = (request: number): Promise<SmtpReply> => takeMail(body, envelope, request);
          run(session, { name: "DATA", argument: envelope.to.join(","), authorized: isKnown(session), body, act }, callback);
        };
        // A sender that goes away in the middle of a mail leaves nothing to answer.
        readAll(stream).then(take, () => undefined);
      },
    });

  return {
    async open() {
      const opened = build();
      server = opened;
      opened.on("error", () => undefined);
      const listener: Server = opened.server;
      listener.on("connection", (socket: Socket) => {
        const { remotePort = 0 } = socket;
        sockets.set(remotePort, socket);
        socket.once("close", () => sockets.delete(remotePort));
      });
      await new Promise<void>((resolve, reject) => {
        listener.once("error", reject);
        listener.listen(port, options.host ?? "127.0.0.1", resolve);
      });
      port = (listener.address() as AddressInfo).port;
      return port;
    },
    async close() {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      for (const socket of sockets.values()) socket.destroy();
      await new Promise<void>((resolve) => {
        closing.close(() => {
          resolve();
        });
      });
    },
  };
}

/** A refusal as `smtp-server` takes it. */
function toSmtpError({ code, message: reason = "Refused" }: SmtpReply): Error {
  return Object.assign(fail(emulatorErrors, "EMULATOR_MAIL_REFUSED", { code, reason }), { responseCode: code });
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

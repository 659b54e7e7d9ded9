import {
  definePlugin,
  fail,
  type CallOptions,
  type Notification,
  type Notifier,
  type PluginFactory,
  type Secret,
  type SecretReference,
} from "@fairlead/core";
import type { SendMailOptions, Transporter } from "nodemailer";
import * as z from "zod";
import { notifyErrors } from "./notify-errors.js";
import { secretOption } from "./secret-option.js";

export interface EmailOptions {
  /** `smtp://user:password@host:587` (STARTTLS where the server offers it) or `smtps://…:465`. Certificates are verified. */
  readonly url: SecretReference;
  /** `Shop deployments <deploy@example.com>`. */
  readonly from: string;
  readonly to: string | readonly string[];
}

/** Most each stage of the conversation may take, in milliseconds. */
const patience = 8_000;

const address = z.string().regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, "Expected an e-mail address");

/** Sends e-mail by SMTP with `nodemailer`, which is installed beside this package. The Message-ID follows from the message, so that mail servers and readers can tell a repeated one. */
export const email: PluginFactory<"email", "notifier", EmailOptions> = definePlugin({
  id: "email",
  provides: ["notifier"],
  options: z.strictObject({ url: secretOption, from: address, to: z.union([address, z.array(address).min(1).readonly()]) }),
  setup: ({ url, from, to }, { name }) => {
    const notifier: Notifier = {
      description: `e-mail (${name})`,
      keyed: true,
      deliver: async (notification, call) => {
        const message = { from, to: typeof to === "string" ? to : [...to], ...mailOf(notification) };
        return { reference: await send({ channel: name, url, message }, call) };
      },
    };
    return { notifier };
  },
});

function mailOf({ id, title, text, fields, links, application, deploymentId }: Notification): SendMailOptions {
  const thread = deploymentId === undefined ? undefined : `<${deploymentId}@${application}.fairlead>`;
  const lines = [...fields.map(({ name, value }) => `${name}: ${value}`), ...links.map(({ name, url }) => `${name}: ${url}`)];
  return {
    subject: title.replace(/[\r\n]+/g, " "),
    messageId: `<${id}@${application}.fairlead>`,
    ...(thread === undefined ? {} : { references: [thread], inReplyTo: thread }),
    headers: { "Auto-Submitted": "auto-generated", "List-Id": `<${application}.fairlead>` },
    text: [text, lines.join("\n")].filter((part) => part !== "").join("\n\n"),
  };
}

async function send(
  { channel, url, message }: { readonly channel: string; readonly url: Secret; readonly message: SendMailOptions },
  call: CallOptions,
): Promise<string> {
  const transport = await transportOf(channel, url);
  try {
    // Without the signal the connection would outlive the call, and what was given up might still be sent.
    const { messageId } = await transport.sendMail({ ...message, signal: call.signal });
    return messageId;
  } catch (error) {
    call.signal.throwIfAborted();
    throw classified(channel, error);
  }
}

async function transportOf(channel: string, url: Secret): Promise<Transporter<{ messageId: string }>> {
  const address = URL.parse(url.reveal());
  if (address === null || !["smtp:", "smtps:"].includes(address.protocol)) {
    throw fail(notifyErrors, "NOTIFIER_SECRET_MALFORMED", {
      channel,
      secret: url.name,
      expected: "an address that begins with smtp:// or smtps://",
    });
  }
  const { createTransport } = await import("nodemailer").catch(() => {
    throw fail(notifyErrors, "NOTIFIER_LIBRARY_MISSING", { library: "nodemailer" });
  });
  return createTransport({
    host: address.hostname,
    port: Number(address.port === "" ? (address.protocol === "smtps:" ? 465 : 587) : address.port),
    secure: address.protocol === "smtps:",
    ...(address.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) } }),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  });
}

/** A server's 4xx and every failure of the connection may pass; its 5xx does not. What it said is not kept: it may quote the sign-in. */
function classified(channel: string, error: unknown): Error {
  const details: object = typeof error === "object" && error !== null ? error : {};
  const answer = "responseCode" in details && typeof details.responseCode === "number" ? details.responseCode : undefined;
  if (answer !== undefined && answer >= 500) return fail(notifyErrors, "NOTIFIER_REFUSED", { channel, answer: String(answer) });
  if (answer !== undefined) return fail(notifyErrors, "NOTIFIER_BUSY", { channel, answer });
  // The library's own code says at which stage it was; the system's says what happened.
  const codes = ["originalCode" in details ? details.originalCode : undefined, "code" in details ? details.code : undefined];
  const problem = codes.find((code) => typeof code === "string") ?? "no connection";
  return fail(notifyErrors, "NOTIFIER_UNREACHABLE", { channel, problem });
}

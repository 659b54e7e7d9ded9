import type { SecrecyStage } from "./secrecy-stage.ts";

/** What is asked of Vercel in a deployment. */
const operations = ["project.read", "deployment.list", "file.upload", "deployment.create", "deployment.read", "domain.list", "alias.read"];

/** From now on everybody's first answer to each question is a failure that says again what was sent. */
export async function echoEverywhere({ world, echo, body }: SecrecyStage): Promise<void> {
  for (const operation of operations) await world.vercel.fault({ kind: "status", status: 503, body, match: { operation } });
  await world.messages.fault({ kind: "status", status: 500, body: echo, match: { operation: "slack.post" } });
  await world.messages.fault({ kind: "status", status: 403, body: echo, match: { operation: "webhook.receive" } });
  // A line of SMTP is no longer than this.
  await world.mails.fault({ kind: "status", status: 451, body: echo.slice(0, 400), match: { operation: "smtp.mail" } });
}

/** From now on the Docker engine makes no container, and quotes all of its environment. */
export function refuseContainers({ wires, echo }: SecrecyStage): void {
  const body = JSON.stringify({ message: echo });
  const head = [
    "HTTP/1.1 500 Internal Server Error",
    "content-type: application/json",
    `content-length: ${String(Buffer.byteLength(body))}`,
  ];
  wires.docker.answer(/^POST \S*\/containers\/create/, [...head, "connection: close", "", body].join("\r\n"));
}

/** Secrets that cannot be used as they are: whoever takes one apart may quote it. */
export const malformed = {
  channels: ({ env }: SecrecyStage): Readonly<Record<string, string>> => ({
    SLACK_WEBHOOK_URL: (env["SLACK_WEBHOOK_URL"] ?? "").replace("http://", "http:// "),
    SMTP_URL: (env["SMTP_URL"] ?? "").replace("smtp://", "smtp:"),
    WEBHOOK_URL: (env["WEBHOOK_URL"] ?? "").replace("http://", "ftp://"),
    WEBHOOK_SECRET: `${env["WEBHOOK_SECRET"] ?? ""}é`,
  }),
  others: ({ env }: SecrecyStage): readonly Readonly<Record<string, string>>[] => [
    { VERCEL_TOKEN: `${env["VERCEL_TOKEN"] ?? ""}\n`, DATABASE_URL: (env["DATABASE_URL"] ?? "").replace(/:\d+\//, ":port/") },
    { DATABASE_URL: (env["DATABASE_URL"] ?? "").replace("postgres://", "") },
    { DATABASE_URL: (env["DATABASE_URL"] ?? "").replace("@127.0.0.1", "@no-such-host.invalid") },
  ],
};

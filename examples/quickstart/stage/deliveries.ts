import type { MessageLedger, SmtpLedger } from "@fairlead/testing/emulators";

/** A message, and when it arrived on each channel. Times are milliseconds since the epoch. */
export interface Delivery {
  readonly deploymentId: string;
  readonly event: string;
  readonly title: string;
  readonly at: { readonly slack: number | null; readonly email: number | null; readonly webhook: number };
}

/** What arrived, in order. The webhook says what a message is about; the same is looked for on the other channels. */
export function deliveriesIn({ messages }: MessageLedger, { messages: mails }: SmtpLedger): readonly Delivery[] {
  return messages.flatMap(({ channel, payload, at, duplicate }) => {
    if (channel !== "webhook" || duplicate || !isWebhookEvent(payload)) return [];
    const { title, deploymentId } = payload.data;
    const slack = messages.find((one) => one.channel === "slack" && one.text.includes(title) && one.text.includes(deploymentId));
    const mail = mails.find(({ subject, text }) => subject === title && text.includes(deploymentId));
    return [{ deploymentId, event: payload.type, title, at: { slack: slack?.at ?? null, email: mail?.at ?? null, webhook: at } }];
  });
}

interface WebhookEvent {
  readonly type: string;
  readonly data: { readonly title: string; readonly deploymentId: string };
}

function isWebhookEvent(payload: unknown): payload is WebhookEvent {
  if (typeof payload !== "object" || payload === null || !("type" in payload) || !("data" in payload)) return false;
  const { type, data } = payload;
  return (
    typeof type === "string" &&
    typeof data === "object" &&
    data !== null &&
    "title" in data &&
    typeof data.title === "string" &&
    "deploymentId" in data &&
    typeof data.deploymentId === "string"
  );
}

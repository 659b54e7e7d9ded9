import { randomBytes } from "node:crypto";
import { createEmulatorClock } from "../shared/emulator-clock.js";
import { createFaultBook } from "../shared/fault-book.js";
import { createHeldResponses } from "../shared/held-responses.js";
import { createHttpEmulator } from "../shared/http-emulator.js";
import { createLedger } from "../shared/ledger.js";
import type { RunningEmulator } from "../shared/running-emulator.js";
import { createDiscordChannel } from "./discord-channel.js";
import { messageOptionsSchema } from "./message-options.js";
import { createMessageProvider } from "./message-provider.js";
import { createSlackChannel } from "./slack-channel.js";
import { createWebhookChannel } from "./webhook-channel.js";

/** Starts the message sink in this process. */
export async function runMessageSink(given: unknown): Promise<RunningEmulator> {
  const options = messageOptionsSchema.parse(given ?? {});
  const webhookSecret = options.webhookSecret ?? `whsec_${randomBytes(24).toString("base64")}`;
  const channels = {
    slack: createSlackChannel(options.slackToken ?? randomBytes(12).toString("hex")),
    discord: createDiscordChannel(options.discordToken ?? randomBytes(34).toString("base64url")),
    webhook: createWebhookChannel(webhookSecret),
  };
  const frame = {
    clock: createEmulatorClock(options.clock),
    faults: createFaultBook(),
    held: createHeldResponses(),
    ledger: createLedger(),
  };
  const provider = createMessageProvider(channels, options.settings, frame);
  const server = createHttpEmulator(frame, provider, provider);
  const url = await server.listen({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 });
  return {
    address: {
      url,
      slackUrl: url + channels.slack.path,
      discordUrl: url + channels.discord.path,
      webhookUrl: url + channels.webhook.path,
      webhookSecret,
    },
    stop: () => server.close(),
  };
}

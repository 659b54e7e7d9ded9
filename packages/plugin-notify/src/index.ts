export { discord, type DiscordOptions } from "./discord.js";
export { email, type EmailOptions } from "./email.js";
export { notifyErrors } from "./notify-errors.js";
export { slack, type SlackOptions } from "./slack.js";
export { webhook, type WebhookOptions } from "./webhook.js";

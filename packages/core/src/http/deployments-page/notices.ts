import { html, type Html } from "../../status/page/html.js";

/** What a command has answered, by the word that the address of the page has. Nothing of an address is shown. */
const notices = {
  approved: "You agreed. It is in the journal.",
  rejected: "You refused. It is in the journal.",
  stopping: "You asked it to stop. What was begun is taken back by whoever drives it.",
  asked: "The rollback is recorded. A worker is there and carries it out.",
  waits: "The rollback is recorded, but no worker is there now: it waits until one comes. Start one: a process that calls deployer.work().",
} as const;

export type Notice = keyof typeof notices;

export function notice(said: string | undefined): Html {
  if (said === undefined || !Object.hasOwn(notices, said)) return html``;
  return html`<p class="banner m" role="status">${notices[said as Notice]}</p>`;
}

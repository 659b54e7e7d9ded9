import { defineCommand } from "../command.js";
import { count } from "../render/words.js";
import { environmentOf } from "../subject.js";
import { environmentBrief } from "./shared-flags.js";

export const redeliverCommand = defineCommand<object>({
  name: "redeliver",
  brief: "Try messages again that could not be delivered",
  description:
    "Queues the messages of an environment that were given up, once their channels are in order again, and delivers what it can at the end.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ["redeliver production"],
  flags: {},
  async run(session, _flags, subject) {
    const environment = environmentOf(session, subject);
    const messages = await session.deployer.redeliver({ environment });
    session.output.record("redelivery", { environment, messages });
    session.output.text([messages === 0 ? "No message was given up." : `${count(messages, "message")} queued once more.`]);
    return { exitCode: 0, next: [`status ${environment}`] };
  },
});

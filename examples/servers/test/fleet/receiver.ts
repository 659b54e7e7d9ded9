// A receiver of webhooks in a process of its own: takes what is signed, and tells the process that has forked it of each message. The first one of a kind is answered only when that one says so.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

const verifier = new Webhook(process.env["HOOK_SECRET"] ?? "");
const held = new Map<string, () => void>();
const seen = new Set<string>();

const server = createServer((request, response) => {
  take().catch(() => response.writeHead(401).end());

  async function take(): Promise<void> {
    const body = await text(request);
    const { type } = verifier.verify(body, request.headers as Record<string, string>) as { readonly type: string };
    const answer = (): void => void response.writeHead(204).end();
    const isFirst = !seen.has(type);
    seen.add(type);
    if (isFirst) held.set(type, answer);
    process.send?.({ type, id: request.headers["webhook-id"] });
    if (!isFirst) answer();
  }
});

process.on("message", (type: string) => held.get(type)?.());
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ listening: server.address() }));

import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** People who ask over and over, and what they saw. */
export interface Customers {
  /** How many requests were answered as they should be. */
  served(): number;
  /** What went wrong, in words. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** `each` customers of every kind: with connections that are kept or closed, `GET` or `POST`. Nobody tries a second time. */
export function startCustomers(port: number, each: number): Customers {
  const failures: string[] = [];
  let count = 0;
  let isOver = false;

  const shopping = async (method: string, agent: Agent): Promise<void> => {
    while (!isOver) {
      const body = method === "POST" ? `order ${String(count)}` : "";
      try {
        const request = httpRequest({ host: "127.0.0.1", port, method, path: "/", agent, headers: { "content-length": body.length } }).end(
          body,
        );
        const [response] = (await once(request, "response")) as [IncomingMessage];
        const answer = await text(response);
        if (response.statusCode === 200 && answer === `${method} ${body}`) count += 1;
        else failures.push(`${method} was answered ${String(response.statusCode)}: ${answer}`);
      } catch (error) {
        failures.push(`${method} failed: ${String(error)}`);
      }
    }
    agent.destroy();
  };
  const all = [true, false].flatMap((keepAlive) =>
    ["GET", "POST"].flatMap((method) => Array.from({ length: each }, () => shopping(method, new Agent({ keepAlive, maxSockets: 1 })))),
  );
  return {
    served: () => count,
    failures,
    async stop() {
      isOver = true;
      await Promise.all(all);
    },
  };
}

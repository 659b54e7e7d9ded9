// A PostgreSQL server in a process of its own. It ends when the process that started it lets go of it or is gone, however that ended.
import { startPostgres } from "@fairlead/testing/postgres";

const server = await startPostgres();
const stop = async (): Promise<void> => {
  await server.stop();
  process.exit();
};
process.on("disconnect", () => void stop());
if (process.connected) process.send?.(server.url);
else await stop();

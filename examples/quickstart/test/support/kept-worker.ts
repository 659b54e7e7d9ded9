import Docker from "dockerode";

/** The one container of an application, which can be made to be the only one and to run again. */
export interface KeptWorker {
  readonly id: string;
  /** Removes all others, and stops this one. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function keepWorker(socketPath: string, application: string): Promise<KeptWorker> {
  const docker = new Docker({ socketPath });
  const list = async () => docker.listContainers({ all: true, filters: { label: [`fairlead.application=${application}`] } });
  const [kept, ...more] = await list();
  if (kept === undefined || more.length > 0) throw new Error(`There should be one container of ${application}`);
  const container = docker.getContainer(kept.Id);
  return {
    id: kept.Id,
    async stop() {
      const others = (await list()).filter(({ Id }) => Id !== kept.Id);
      await Promise.all(others.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
      if ((await container.inspect()).State.Running) await container.kill();
    },
    start: () => container.start(),
  };
}

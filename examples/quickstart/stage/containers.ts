import Docker from "dockerode";

/** Removes the containers of an application, whatever state they are in. */
export async function removeContainers(socketPath: string, application: string): Promise<void> {
  const docker = new Docker({ socketPath });
  const containers = await docker.listContainers({ all: true, filters: { label: [`fairlead.application=${application}`] } });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true }).catch(unlessGone)));
}

/** 404: gone already. 409: somebody else removes it. */
function unlessGone(error: unknown): void {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : undefined;
  if (status !== 404 && status !== 409) throw error;
}

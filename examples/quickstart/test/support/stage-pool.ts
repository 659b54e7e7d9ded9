interface Stage {
  stop(): Promise<void>;
}

/** Stages for cases that run beside one another. Each is started when there is first use for it. */
export interface StagePool<Kind extends Stage> {
  /** Waits for a free one. */
  use<Result>(work: (stage: Kind) => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
}

export function createStagePool<Kind extends Stage>(size: number, create: (index: number) => Promise<Kind>): StagePool<Kind> {
  const started: Promise<Kind>[] = [];
  const free: Kind[] = [];
  const waiting: ((stage: Kind) => void)[] = [];
  const take = (): Promise<Kind> => {
    const known = free.pop();
    if (known !== undefined) return Promise.resolve(known);
    if (started.length === size) return new Promise((resolve) => waiting.push(resolve));
    const fresh = create(started.length);
    started.push(fresh);
    return fresh;
  };
  return {
    async use(work) {
      const stage = await take();
      try {
        return await work(stage);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(stage);
        else next(stage);
      }
    },
    async stop() {
      await Promise.all(started.map(async (stage) => (await stage).stop()));
    },
  };
}

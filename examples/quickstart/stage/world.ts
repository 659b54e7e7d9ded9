import {
  startMessageSink,
  startSmtpInbox,
  startVercelEmulator,
  type MessageSink,
  type SmtpInbox,
  type VercelEmulator,
} from "@fairlead/testing/emulators";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeContainers } from "./containers.ts";
import { startDatabase, type Database } from "./database.ts";
import { names } from "./folder.ts";
import { makeWorkerImage } from "./worker-image.ts";

export interface WorldOptions {
  /** Where everything is kept that a run leaves. */
  readonly folder: string;
  /** The shop's name; containers are told apart by it. */
  readonly application: string;
  /** Default `/var/run/docker.sock`. */
  readonly dockerSocket?: string;
  /** `never` leaves the worker out also where there is a Docker engine. Default `where-possible`. */
  readonly worker?: "where-possible" | "never";
  /** What the providers take. Default: random ones. */
  readonly credentials?: Credentials;
}

/** What the providers and the channels know the shop by. */
export interface Credentials {
  readonly vercelToken: string;
  /** The last part of the path of Slack's webhook. */
  readonly slackToken: string;
  /** `whsec_` and base64. */
  readonly webhookSecret: string;
  readonly mailPassword: string;
  readonly databasePassword: string;
  readonly workerPassword: string;
}

/** Everything that the shop's `deploy.ts` needs: a database, the providers and the channels, each in a process of its own, and the worker's image. */
export interface World {
  /** Absolute. */
  readonly folder: string;
  /** Addresses and secrets, as `deploy.ts` finds them in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly database: Database;
  readonly vercel: VercelEmulator;
  readonly messages: MessageSink;
  readonly mails: SmtpInbox;
  /** Where customers find the shop: the origin of its production domain. */
  readonly shopUrl: string;
  /** The folder of the release that is deployed next. */
  readonly release: string;
  readonly worker: { readonly available: true; readonly image: string } | { readonly available: false; readonly reason: string };
  /** As new: nothing deployed, an empty database, an empty journal, empty ledgers. Addresses stay. */
  reset(): Promise<void>;
  /** Ends all processes and containers. What is in the folder stays. */
  stop(): Promise<void>;
}

const domain = "shop.example";

/** Starts the world. What began and cannot be finished is ended again. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { application, dockerSocket = "/var/run/docker.sock", worker: wanted = "where-possible", credentials } = options;
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const started = async <Part extends { stop(): Promise<void> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(stops.splice(0).map((end) => end()));
  };

  const starting = [
    started(startDatabase(credentials && { owner: credentials.databasePassword, worker: credentials.workerPassword })),
    started(
      startVercelEmulator({
        token: credentials?.vercelToken ?? randomBytes(18).toString("base64url"),
        projects: [{ name: "shop", domains: [domain] }],
        settings: { build: "300ms", move: "200ms" },
      }),
    ),
    started(startMessageSink(credentials && { slackToken: credentials.slackToken, webhookSecret: credentials.webhookSecret })),
    started(startSmtpInbox(credentials && { password: credentials.mailPassword })),
    wanted === "never" ? noWorker : makeWorkerImage(dockerSocket),
  ] as const;
  try {
    const [database, vercel, messages, mails, image] = await Promise.all(starting);
    const worker = image.available ? ({ available: true, image: image.tag } as const) : image;
    if (worker.available) stops.push(() => removeContainers(dockerSocket, application));
    const shopUrl = await vercel.siteUrl(domain);
    const [release, journal] = [join(folder, names.release), join(folder, names.journal)];
    const smtp = `smtp://${mails.user}:${encodeURIComponent(mails.password)}@${mails.host}:${mails.port}`;
    const env = {
      SHOP_APPLICATION: application,
      SHOP_RELEASE: release,
      SHOP_JOURNAL: journal,
      SHOP_URL: shopUrl,
      VERCEL_API_URL: vercel.url,
      VERCEL_TOKEN: vercel.token,
      DATABASE_URL: database.url,
      SLACK_WEBHOOK_URL: messages.slackUrl,
      WEBHOOK_URL: messages.webhookUrl,
      WEBHOOK_SECRET: messages.webhookSecret,
      SMTP_URL: smtp,
      ...(worker.available
        ? { SHOP_WORKER_IMAGE: worker.image, SHOP_WORKER_DATABASE_URL: database.workerUrl, SHOP_DOCKER_SOCKET: dockerSocket }
        : {}),
    };
    const removeTraces = async (): Promise<void> => {
      if (worker.available) await removeContainers(dockerSocket, application);
      for (const trace of [release, journal, `${journal}-wal`, `${journal}-shm`]) await rm(trace, { recursive: true, force: true });
    };
    await removeTraces();
    await writeFile(join(folder, names.env), toEnvFile(env), { mode: 0o600 });
    return {
      folder,
      env,
      database,
      vercel,
      messages,
      mails,
      shopUrl,
      release,
      worker,
      async reset() {
        await removeTraces();
        await Promise.all([database.reset(), vercel.reset(), messages.reset(), mails.reset()]);
      },
      stop,
    };
  } catch (error) {
    await Promise.allSettled(starting);
    await stop();
    throw error;
  }
}

const noWorker = Promise.resolve({ available: false, reason: "it is not wanted here" } as const);

/** As `node --env-file` reads it. */
function toEnvFile(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}

import { randomBytes } from "node:crypto";
import type { Credentials } from "../../stage/world.ts";

/** A secret of the shop, made to be recognised wherever it turns up. */
export interface PlantedSecret {
  /** As `deploy.ts` calls what holds it. */
  readonly name: string;
  /** What is secret in it: of an address the password, of a signing key the bytes. */
  readonly value: string;
}

/** One secret for every slot of the shop. */
export interface PlantedSecrets {
  readonly credentials: Credentials;
  /** The last part of the address that signed events are posted to. */
  readonly webhookKey: string;
  readonly secrets: readonly PlantedSecret[];
}

/** Each is random, and has between its letters what encodings write in different ways, as far as its slot takes it. */
export function plantSecrets(): PlantedSecrets {
  // No header carries more than this, no path of the sink's more than that.
  const vercelToken = plant(`/+"%=&'\\<~`);
  const slackToken = plant("+=~'!$");
  const signingKey = plant(`/+"%'\\é`);
  const mailPassword = plant(`/:@"%é?#'\\`);
  const databasePassword = plant(`/:@"%ß&?#'\\`);
  const workerPassword = plant(`/:@"%ü+?#`);
  const webhookKey = plant(`/+"%é&`);
  return {
    credentials: {
      vercelToken,
      slackToken,
      webhookSecret: `whsec_${Buffer.from(signingKey).toString("base64")}`,
      mailPassword,
      databasePassword,
      workerPassword,
    },
    webhookKey,
    secrets: [
      { name: "VERCEL_TOKEN", value: vercelToken },
      { name: "DATABASE_URL", value: databasePassword },
      { name: "SLACK_WEBHOOK_URL", value: slackToken },
      { name: "SMTP_URL", value: mailPassword },
      { name: "WEBHOOK_URL", value: webhookKey },
      { name: "WEBHOOK_SECRET", value: signingKey },
      { name: "SHOP_WORKER_DATABASE_URL", value: workerPassword },
    ],
  };
}

function plant(marks: string): string {
  const letters = (): string => randomBytes(6).toString("base64url").slice(0, 5);
  return Array.from(marks, (mark) => letters() + mark).join("") + letters();
}

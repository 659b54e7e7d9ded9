import { defineErrors, digestOf, error, fail, type ResolvedSecret, type SecretSource } from "@fairlead/core";
import type { SecretsFixture } from "../../src/conformance/secrets/fixture.js";

/** What fake sources throw. */
export const sourceErrors = defineErrors({
  FAKE_SOURCE_UNREACHABLE: error<{ problem: string }>({
    status: 503,
    retryable: true,
    message: ({ problem }) => `The fake source does not answer: ${problem}`,
    hint: () => "Look at the case.",
  }),
});

/** What all instances of a source know. */
export interface Vault {
  readonly secrets: Map<string, string>;
  state: "answers" | "unreachable" | "silent";
}

/** What a source does otherwise than the good one. Called once for each instance. */
export type Deviation = (good: SecretSource, vault: Vault) => Partial<SecretSource>;

/** What the vault is asked with. */
export const credential = "Xk2vQp8LmZr4TyNw";

const environment = "production";

/** A source in memory, a good one unless it deviates. */
export function createFixture(deviation: Deviation = () => ({})): SecretsFixture {
  const vault: Vault = { secrets: new Map(), state: "answers" };
  const putInto = (place: string) => (secrets: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(secrets)) vault.secrets.set(`${place}/${name}`, value);
  };
  const again = (): SecretSource => {
    const good = goodSource(vault);
    return { ...good, ...deviation(good, vault) };
  };
  return {
    source: again(),
    again,
    environment,
    put: putInto(environment),
    putElsewhere: putInto("staging"),
    outage: () => (vault.state = "unreachable"),
    silence: () => (vault.state = "silent"),
    credentials: [credential],
    dispose: () => undefined,
  };
}

/** The same where less can happen. */
export function without(fixture: SecretsFixture): SecretsFixture {
  const { putElsewhere: _elsewhere, outage: _outage, silence: _silence, credentials: _credentials, ...bare } = fixture;
  return bare;
}

function goodSource(vault: Vault): SecretSource {
  return {
    async resolve(names, call) {
      call.signal.throwIfAborted();
      if (vault.state === "unreachable") throw fail(sourceErrors, "FAKE_SOURCE_UNREACHABLE", { problem: "it was told so." });
      if (vault.state === "silent")
        await new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(new Error("aborted"))));
      const found = names.flatMap((name): (readonly [string, ResolvedSecret])[] => {
        const value = vault.secrets.get(`${call.environment}/${name}`);
        return value === undefined ? [] : [[name, { value, version: digestOf(value).slice(-8) }]];
      });
      return Object.fromEntries(found);
    },
  };
}

import { checkedSecretName, secretLabel } from "./secret-name.js";

const referenceBrand: unique symbol = Symbol.for("fairlead.secret-reference");
const secretBrand: unique symbol = Symbol.for("fairlead.secret");
const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** The name of a secret in a configuration, until a deployer resolves it in an environment. Holds no value; frozen; prints as `[secret NAME]`, in JSON too. */
export interface SecretReference {
  readonly [referenceBrand]: true;
  readonly name: string;
}

/**
 * Names a secret: `url: secret("DATABASE_URL")`. Reads nothing; whoever needs the value is handed a `Secret`.
 * Throws `SECRET_NAME_INVALID` unless the name begins with a letter or `_` and goes on with letters, digits and `_ . : / @ -`.
 */
export function secret(name: string): SecretReference {
  const reference = { name: checkedSecretName(name), [referenceBrand]: true } as const;
  Object.defineProperty(reference, referenceBrand, { enumerable: false });
  for (const key of ["toString", "toJSON", Symbol.toPrimitive, inspect]) {
    Object.defineProperty(reference, key, { value: () => secretLabel(name) });
  }
  return Object.freeze(reference);
}

/** Whether a value came from `secret()`, of any copy of this package. No longer so after a trip through JSON. */
export function isSecretReference(value: unknown): value is SecretReference {
  return typeof value === "object" && value !== null && referenceBrand in value;
}

/**
 * The value of a secret. Prints as `[secret NAME]` wherever it is printed, joined or serialized; only `reveal()` gives the value away.
 * Cloning it, or posting it to another thread, throws.
 */
export class Secret {
  readonly name: string;
  /** The value. Call it where the value is handed over, and keep the result nowhere. */
  readonly reveal: () => string;
  readonly #value: string;

  constructor(name: string, value: string) {
    this.name = checkedSecretName(name);
    this.#value = value;
    // As an own function it makes structuredClone throw instead of handing on an object that looks empty.
    this.reveal = () => this.#value;
    Object.freeze(this);
  }

  get [secretBrand](): true {
    return true;
  }

  toString(): string {
    return secretLabel(this.name);
  }

  toJSON(): string {
    return secretLabel(this.name);
  }

  [Symbol.toPrimitive](): string {
    return secretLabel(this.name);
  }

  [inspect](): string {
    return secretLabel(this.name);
  }
}

/** Whether a value is a `Secret`, of any copy of this package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && secretBrand in value;
}

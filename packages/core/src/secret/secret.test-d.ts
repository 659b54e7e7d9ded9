import { expectTypeOf, test } from "vitest";
import { isSecret, isSecretReference, secret, type Secret, type SecretReference } from "./secret.js";

interface Options {
  readonly token: SecretReference | string;
}

test("a reference is not a text, a secret, nor anything that looks like it", () => {
  expectTypeOf({ token: secret("TOKEN") }).toExtend<Options>();
  expectTypeOf({ token: "in the clear" }).toExtend<Options>();
  expectTypeOf<{ name: string }>().not.toExtend<SecretReference>();
  expectTypeOf<Secret>().not.toExtend<SecretReference>();
  expectTypeOf<SecretReference>().not.toExtend<Secret>();
  expectTypeOf<string>().not.toExtend<Secret>();
});

test("the guards narrow", () => {
  const option: unknown = secret("TOKEN");
  if (isSecretReference(option)) expectTypeOf(option).toEqualTypeOf<SecretReference>();
  if (isSecret(option)) expectTypeOf(option.reveal()).toEqualTypeOf<string>();
});

import { expect, test } from "vitest";
import { secretFilesOf } from "./secret-files.js";

const secrets = [
  ".env",
  ".env.production",
  "apps/web/.env.staging",
  ".ENV",
  ".npmrc",
  "config/.netrc",
  ".git/config",
  "home/.ssh/known_hosts",
  ".aws/credentials",
  ".fairlead/journal.db",
  "deploy/id_ed25519",
  "certs/server.key",
  "certs/bundle.pem",
  "android/release.keystore",
  "terraform.tfstate",
  "service-account-prod.json",
];

const others = [
  "index.html",
  ".env.example",
  "docs/.env.sample",
  "environment.ts",
  "keys.html",
  "monkey",
  "src/key.ts",
  ".gitignore",
  ".well-known/security.txt",
  "keyboard.keys",
];

test("what looks like a secret is found by its name, in any folder", () => {
  expect(secretFilesOf([...secrets, ...others])).toEqual(secrets);
});

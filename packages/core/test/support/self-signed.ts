import { generateKeyPairSync, sign } from "node:crypto";

/** A certificate that signs itself, for `localhost`, with its key, both in PEM. */
export function selfSigned({ from, until }: { readonly from: Date; readonly until: Date }): {
  readonly cert: string;
  readonly key: string;
} {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"));
  const name = sequence(node(0x31, sequence(Buffer.from("0603550403", "hex"), node(0x0c, Buffer.from("localhost")))));
  const names = sequence(node(0x82, Buffer.from("localhost")), node(0x87, Buffer.from([127, 0, 0, 1])));
  const alternative = sequence(Buffer.from("0603551d11", "hex"), node(0x04, names));
  const body = sequence(
    node(0xa0, node(0x02, Buffer.from([2]))),
    node(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    node(0xa3, sequence(alternative)),
  );
  const signature = sign("sha256", body, privateKey);
  const whole = sequence(body, ecdsaWithSha256, node(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** One node of DER. */
function node(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return node(0x30, Buffer.concat(parts));
}

function time(moment: Date): Buffer {
  const digits = moment.toISOString().replaceAll(/\D/g, "").slice(0, 14);
  return node(0x18, Buffer.from(`${digits}Z`));
}

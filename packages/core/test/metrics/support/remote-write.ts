/** One value of one series at one moment. */
export interface WrittenSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Writes samples into Prometheus by its remote write protocol 1.0: protocol buffers in a block of Snappy. */
export async function remoteWrite(origin: string, samples: readonly WrittenSample[]): Promise<void> {
  const response = await fetch(`${origin}/api/v1/write`, {
    method: "POST",
    headers: { "content-encoding": "snappy", "content-type": "application/x-protobuf", "x-prometheus-remote-write-version": "0.1.0" },
    body: snappy(Buffer.concat(samples.map((sample) => field(1, timeSeries(sample))))),
  });
  if (!response.ok) throw new Error(`remote write: ${String(response.status)} ${await response.text()}`);
}

function timeSeries({ labels, value, at }: WrittenSample): Buffer {
  const names = Object.keys(labels).sort();
  const written = names.map((name) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(labels[name] ?? ""))])));
  const double = Buffer.alloc(9);
  double.writeUInt8((1 << 3) | 1);
  double.writeDoubleLE(value, 1);
  return Buffer.concat([...written, field(2, Buffer.concat([double, Buffer.from([2 << 3]), varint(at)]))]);
}

/** A field of bytes. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A block of Snappy that is all literals. */
function snappy(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [varint(bytes.length)];
  for (let start = 0; start < bytes.length; start += 65_536) {
    const literal = bytes.subarray(start, start + 65_536);
    const header = Buffer.from([61 << 2, 0, 0]);
    header.writeUInt16LE(literal.length - 1, 1);
    chunks.push(header, literal);
  }
  return Buffer.concat(chunks);
}

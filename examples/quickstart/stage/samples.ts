/** What a client got from production at a moment. Times are milliseconds since the epoch. */
export interface Sample {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** `null` where there was no answer. */
  readonly status: number | null;
  /** The release that answered, by what it says about itself; `null` where none did. */
  readonly release: string | null;
  /** Why there was no answer. */
  readonly problem: string | null;
}

/** Answers of one kind in a row. */
export interface Span {
  readonly release: string | null;
  readonly status: number | null;
  readonly from: number;
  readonly to: number;
  readonly samples: number;
}

/** Samples as stretches in which production answered alike. */
export function spansOf(samples: readonly Sample[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { release, status, sentAt, receivedAt } of samples) {
    const last = spans.at(-1);
    if (last?.release === release && last.status === status)
      spans[spans.length - 1] = { ...last, to: receivedAt, samples: last.samples + 1 };
    else spans.push({ release, status, from: sentAt, to: receivedAt, samples: 1 });
  }
  return spans;
}

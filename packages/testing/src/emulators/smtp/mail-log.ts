import PostalMime from "postal-mime";

/** An e-mail that the inbox took. */
export interface MailRecord {
  /** 1, 2, 3 … since the start or the last reset. */
  readonly number: number;
  readonly at: number;
  /** As the SMTP commands said it. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly messageId: string | null;
  /** The Message-ID came before. */
  readonly duplicate: boolean;
  readonly subject: string;
  /** Addresses of the headers. */
  readonly from: string;
  readonly to: readonly string[];
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly text: string;
  readonly html: string | null;
  /** Names in lower case, decoded values. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The mails that were taken, in order. */
export interface MailLog {
  add(raw: Uint8Array, envelope: MailRecord["envelope"], at: number): Promise<MailRecord>;
  list(): readonly MailRecord[];
  restore(records: readonly MailRecord[]): void;
}

export function createMailLog(): MailLog {
  let records: MailRecord[] = [];
  return {
    async add(raw, envelope, at) {
      const mail = await PostalMime.parse(raw);
      const messageId = mail.messageId ?? null;
      const record: MailRecord = {
        number: records.length + 1,
        at,
        envelope,
        messageId,
        duplicate: messageId !== null && records.some((one) => one.messageId === messageId),
        subject: mail.subject ?? "",
        from: mail.from?.address ?? "",
        to: (mail.to ?? []).map(({ address }) => address ?? ""),
        inReplyTo: mail.inReplyTo ?? null,
        references: (mail.references ?? "").split(/\s+/).filter((one) => one !== ""),
        text: mail.text ?? "",
        html: mail.html ?? null,
        headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
      };
      records.push(record);
      return record;
    },
    list: () => records,
    restore(given) {
      records = [...given];
    },
  };
}

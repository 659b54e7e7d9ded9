/** Of an answer no more is read than a check has use for, in characters. */
const mostRead = 2 ** 20;

/** The start of the text of an answer, whatever it goes on with. */
export async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= mostRead) break;
  }
  return text;
}

const MOST = 4_096;
const LONGEST = 64;

/** Texts that come again and again, such as names of fields and types: read once, and found again by their bytes. ASCII only; others are decoded. */
export class KnownTexts {
  private texts = new Map<number, string>();

  read(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    const known = this.texts.get(hash);
    if (known !== undefined && isText(known, bytes, start, length)) return known;
    const text = bytes.toString('utf8', start, end);
    if (this.texts.size >= MOST) this.texts = new Map();
    this.texts.set(hash, text);
    return text;
  }
}

/** Whether a text has these bytes; of one that is not all ASCII it is not said. */
export function isText(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

/** Where a running shop is looked for: `SHOP_URL`, else this machine's `PORT` (3000). */
export function wantedUrl({ SHOP_URL, PORT }: Readonly<Record<string, string | undefined>>): string {
  return SHOP_URL || `http://127.0.0.1:${PORT || '3000'}`;
}

/** Whether a shop answers there: something else may listen on that port. */
export async function shopAnswers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/openapi.json', url), { signal: AbortSignal.timeout(3_000) });
    const document = (await answer.json()) as { readonly info?: { readonly title?: string } };
    return document.info?.title === 'Nestfold shop';
  } catch {
    return false;
  }
}

import { z } from 'zod';

/** A whole number between two others, both included; `problem` says what a value outside is not. */
export function wholeNumber(problem: string, min: number, max: number) {
  return z
    .string()
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max, {
      error: ({ input }) => `'${String(input)}' ${problem}: a whole number from ${min} to ${max}`,
    })
    .transform(Number);
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(...words: T) {
  return z.enum(words, { error: ({ input }) => `'${String(input)}' is none of ${words.join(', ')}` });
}

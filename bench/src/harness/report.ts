import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BenchResult } from './result.js';

/** Prints one table of all figures. */
export function printTable(results: readonly BenchResult[]): void {
  const rows = [
    ['path', 'ours', 'twin', 'ratio', 'unit'],
    ...results.map((one) => [one.key, String(one.ours), String(one.twin), `${one.ratio}×`, one.unit]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) =>
          column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
  }
}

/** Writes the figures by key. */
export async function writeResults(file: string, results: readonly BenchResult[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const byKey = Object.fromEntries(results.map(({ key, ...figures }) => [key, figures]));
  await writeFile(file, `${JSON.stringify(byKey, undefined, 2)}\n`);
}

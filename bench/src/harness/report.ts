import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BenchResult } from './result.js';
import { inWords, missedBy, targetsOf } from './targets.js';

/** Says what is being done. */
export function say(label: string, step: string): void {
  console.log(`▶ ${label} … ${step}`);
}

/** Prints one table of all figures, with what they are to reach, and a mark at those that do not. */
export function printTable(results: readonly BenchResult[]): void {
  const rows = [['path', 'ours', 'twin', 'ratio', 'unit', 'target', ''], ...results.map(rowOf)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column >= 1 && column <= 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
  const missed = results.filter((one) => missedBy(one).length > 0).map(({ key }) => key);
  console.log(missed.length === 0 ? 'All targets are met.' : `Missed: ${missed.join(', ')}.`);
}

function rowOf(result: BenchResult): string[] {
  const { key, ours, twin, ratio, unit } = result;
  return [
    key,
    String(ours),
    twin === null ? '–' : String(twin),
    ratio === null ? '–' : `${ratio}×`,
    unit,
    targetsOf(result).map(inWords).join(', '),
    missedBy(result).length > 0 ? '✘ missed' : '',
  ];
}

/** Reads figures that were written; none where there is no file. */
export async function readResults(file: string): Promise<BenchResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const byKey = JSON.parse(text) as Record<string, Omit<BenchResult, 'key'>>;
  return Object.entries(byKey).map(([key, figures]) => ({ key, ...figures }));
}

/** Writes the figures by key. */
export async function writeResults(file: string, results: readonly BenchResult[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const byKey = Object.fromEntries(results.map(({ key, ...figures }) => [key, figures]));
  await writeFile(file, `${JSON.stringify(byKey, undefined, 2)}\n`);
}

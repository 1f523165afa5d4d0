import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { ENTRIES } from './entries.js';
import { runEntry } from './run-entry.js';

// `npm run reliability -- R02 [--short] [--seed N]`: one entry of the battery. What is wrong goes to stderr; the last line is its result.

const SHOWN = 20;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
});
const entry = ENTRIES.find(({ id }) => id === positionals[0]?.toUpperCase());
const seed = Number(values.seed);
if (entry === undefined || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run reliability -- <entry> [--short] [--seed <whole number>]. Entries:');
  for (const { id, title } of ENTRIES) console.error(`  ${id}  ${title}`);
  process.exit(2);
}
const { line, violations } = await runEntry(entry, { short: values.short, seed });
for (const { rule, message } of violations.slice(0, SHOWN)) console.error(`${rule}: ${message}`);
if (violations.length > SHOWN) console.error(`… and ${violations.length - SHOWN} more`);
console.log(JSON.stringify(line));
process.exit(violations.length > 0 || line.void ? 1 : 0);

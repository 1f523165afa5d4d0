import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { analyticsDocument, COMMITTED } from './analytics-document.js';

await writeFile(COMMITTED, await analyticsDocument());
process.stdout.write(`${COMMITTED} is up to date.\n`);

import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { COMMITTED, shopDocument } from './shop-document.js';

await writeFile(COMMITTED, await shopDocument());
process.stdout.write(`${COMMITTED} is up to date.\n`);

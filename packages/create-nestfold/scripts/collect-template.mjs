// Before `npm pack`: gathers the template from the repository's own libs and apps, so that there is no second copy to keep in step.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { collectTemplate, writeTemplate } from '../dist/index.js';

const target = fileURLToPath(new URL('../template', import.meta.url));
const template = collectTemplate(fileURLToPath(new URL('../../..', import.meta.url)));
await rm(target, { recursive: true, force: true });
writeTemplate(target, template);
// npm's JSON output goes to stdout.
console.error(`${template.size} files of the template`);

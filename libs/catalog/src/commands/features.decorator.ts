import { ValidateBy, buildMessage } from 'class-validator';

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
// A document's key that means something else to JavaScript.
const RESERVED = new Set(['constructor', 'prototype']);
const UNFIT = /[\p{Cc}\p{Surrogate}]/u;

/** Features of a product: at most 30 names, each with a text or a list of at most 20 texts of 100 characters. */
export function IsFeatures(): PropertyDecorator {
  return ValidateBy({
    name: 'isFeatures',
    validator: {
      validate: isFeatures,
      defaultMessage: buildMessage(
        (each) =>
          `${each}$property must map at most 30 names to texts, or lists of at most 20 texts, of 100 characters`,
      ),
    },
  });
}

/** Whether a name is fit for a feature: it becomes a key of a document. */
export function isFeatureName(name: string): boolean {
  return NAME.test(name) && !RESERVED.has(name);
}

function isFeatures(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= 30 &&
    entries.every(([name, texts]) => isFeatureName(name) && (isFeatureText(texts) || isFeatureList(texts)))
  );
}

function isFeatureList(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 20 && value.every(isFeatureText);
}

function isFeatureText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 100 && value.trim() !== '' && !UNFIT.test(value);
}

import { describe } from '@shop/platform';
import { ProductDetailsInput, ProductImageInput } from '../commands/product-details.input.js';

describe(ProductImageInput, {
  url: { type: 'string', maxLength: 2000, example: 'https://images.example.com/headphones.jpg' },
  type: { type: 'string', enum: ['main', 'gallery'] },
});

describe(ProductDetailsInput, {
  name: { type: 'string', maxLength: 200, example: 'Wireless Headphones' },
  displayName: {
    type: 'string',
    maxLength: 300,
    required: false,
    description: 'The long name; the name when left out.',
  },
  description: { type: 'string', maxLength: 5000, example: 'Over-ear headphones with noise cancellation.' },
  brand: { type: 'string', maxLength: 100, example: 'Sonora' },
  category: { type: 'string', maxLength: 200, example: 'Electronics > Audio > Headphones' },
  images: { type: () => [ProductImageInput], maxItems: 20, required: false },
  features: {
    type: 'object',
    selfRequired: false,
    description: 'At most 30 features, each a text or a list of texts.',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    example: { color: ['Black', 'Silver'], batteryLife: '30 hours' },
  },
});

/** The stated details as they stand in the OpenAPI document: bodies extend them. */
export { ProductDetailsInput };

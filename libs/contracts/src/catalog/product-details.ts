/** A picture of a product. */
export interface ProductImage {
  readonly url: string;
  readonly type: 'main' | 'gallery';
}

/** What tells one product from another, by the feature's name: `{color: ['Black', 'Silver']}`. */
export type ProductFeatures = Readonly<Record<string, readonly string[]>>;

/** What a product is, without its price and stock. Plain data: it stands in events as it is. */
export interface ProductDetails {
  readonly name: string;
  /** The long name for display. */
  readonly displayName: string;
  readonly description: string;
  readonly brand: string;
  /** From the widest to the narrowest: `Electronics > Audio > Headphones`. */
  readonly category: string;
  readonly images: readonly ProductImage[];
  readonly features: ProductFeatures;
}

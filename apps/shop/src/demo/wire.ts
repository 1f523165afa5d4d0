// What of the shop's answers the demo looks at, as it comes over the wire: the demo knows the API only.

/** An amount as the API shows it. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** The answer to a command. */
export interface Receipt {
  readonly id: string;
  readonly version: number;
}

/** A refusal. */
export interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** A page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly pages: number;
}

/** A product in the catalogue. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly price: Money;
}

/** A customer's account. */
export interface Customer {
  readonly id: string;
  readonly version: number;
  readonly name: string;
}

/** An order as it is shown. */
export interface Order {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly customer: { readonly customerId: string; readonly name: string };
  readonly items: readonly { readonly productId: string; readonly quantity: number; readonly subtotal: Money }[];
  readonly subtotal: Money;
  readonly tax: Money;
  readonly shipping: Money;
  readonly total: Money;
  readonly statusHistory: readonly { readonly status: string }[];
}

/** A projection, for operators. */
export interface ProjectionState {
  readonly name: string;
  readonly state: string;
  readonly generation: number;
  readonly lagEvents: number;
}

/** A rebuild, for operators. */
export interface Rebuild {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly processed: number;
  readonly endedAt?: string;
  readonly error?: { readonly message: string };
}

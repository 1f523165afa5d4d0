import { ValidateBy, buildMessage } from 'class-validator';

// Lone surrogates would be stored as another text, and NUL cuts texts short elsewhere.
const UNFIT_LINE = /[\p{Cc}\p{Surrogate}]/u;
const UNFIT_TEXT = /[^\P{Cc}\t\r\n]|\p{Surrogate}/u;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:@|-]{0,127}$/;

/** How long a text is, in UTF-16 units, and whether it may have several lines. */
export interface TextOptions {
  readonly max: number;
  /** Default 1: a text of blanks alone is refused then. 0 lets an empty text through. */
  readonly min?: 0 | 1;
  readonly lines?: boolean;
}

/** A text for people: without control characters and of whole characters. */
export function IsText({ max, min = 1, lines = false }: TextOptions): PropertyDecorator {
  const fits = (value: unknown): boolean =>
    typeof value === 'string' &&
    value.length <= max &&
    !(lines ? UNFIT_TEXT : UNFIT_LINE).test(value) &&
    (min === 0 || value.trim() !== '');
  return ValidateBy({
    name: 'isText',
    validator: {
      validate: fits,
      defaultMessage: buildMessage(
        (each) => `${each}$property must be a text of ${min} to ${max} characters without control characters`,
      ),
    },
  });
}

/** The id of something: letters, digits and `._:@|-`, at most 128. */
export function IsId(options: { readonly each?: boolean } = {}): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isId',
      validator: {
        validate: (value) => isId(value),
        defaultMessage: buildMessage(
          (each) => `${each}$property must be an id: letters, digits and ._:@|-, at most 128`,
        ),
      },
    },
    { each: options.each ?? false },
  );
}

/** Whether something is fit to be an id. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** A phone number in international or local writing. */
export function IsPhone(): PropertyDecorator {
  return ValidateBy({
    name: 'isPhone',
    validator: {
      validate: (value) => typeof value === 'string' && /^\+?[0-9][0-9 ()-]{3,30}$/.test(value),
      defaultMessage: buildMessage((each) => `${each}$property must be a phone number such as +1 555 0100`),
    },
  });
}

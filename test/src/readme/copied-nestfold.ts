/** The framework's own token in the copy of its modules that an example imported last: the spec imports it together with the example. */
export { Nestfold } from '@nestfold/nestjs';

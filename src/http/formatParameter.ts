import { formats } from './format.ts';
import { oneOf } from './parameterKind.ts';

/** Of every route that answers rows. */
export const formatParameter = {
  format: oneOf(formats, { description: 'Comes before the header Accept' }).optional(),
};

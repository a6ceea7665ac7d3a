import type { SimulatorAnswer } from './exchange.ts';
import { mapText } from './pieces.ts';

/** Names that differ in more than their first letter, by the models of Microsoft's own SDK. */
const special: Readonly<Record<string, string>> = { usdTotalCost: 'USDTotalCost' };

/** An answer whose property names begin with a capital, all numbers as they were. */
export function toPascalCase(answer: SimulatorAnswer): SimulatorAnswer {
  // Quotation marks within texts are escaped, so this matches only names.
  const change = (piece: string) =>
    piece.replace(
      /"([a-z]\w*)":/g,
      (_, name: string) => `"${special[name] ?? name.charAt(0).toUpperCase() + name.slice(1)}":`,
    );
  return { ...answer, body: mapText(answer.body, change) };
}

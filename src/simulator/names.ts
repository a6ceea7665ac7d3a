import { hash, pick, topics } from './random.ts';

const adjectives = [
  'Alpine',
  'Amber',
  'Baltic',
  'Bright',
  'Cobalt',
  'Coral',
  'Crown',
  'Delta',
  'Eastern',
  'Golden',
  'Harbour',
  'Lunar',
  'Maple',
  'Northern',
  'Olive',
  'Quiet',
  'River',
  'Silver',
  'Summit',
  'Western',
];
const nouns = [
  'Bakery',
  'Brewing',
  'Ceramics',
  'Clinics',
  'Dairy',
  'Energy',
  'Foods',
  'Freight',
  'Gardens',
  'Glass',
  'Hotels',
  'Insurance',
  'Logistics',
  'Media',
  'Paper',
  'Robotics',
  'Shipping',
  'Textiles',
  'Tools',
  'Travel',
];

/** Names that are difficult for CSV, key columns, sorting and spreadsheets. */
const awkward: readonly ((count: number) => string)[] = [
  (count) => `Ångström & Søn ${count} A/S`,
  (count) => `"Quoted" Works ${count}, Inc.`,
  (count) => `=Formula ${count} Ltd`,
  (count) => `O'Hara, Kelly & Co. ${count}`,
  (count) => `Čačak Građevina ${count} d.o.o.`,
  (count) => `東京データ${count}株式会社`,
  (count) => `Slash/Back\\Hash#${count}?`,
];

/** A company's name, different for each index. */
export function companyName(seed: number, index: number): string {
  // One in ten, at a different place in each ten, so that every kind of customer gets one.
  const ten = Math.floor(index / 10);
  if (index % 10 === hash(seed, topics.name, ten) % 10) {
    return pick(awkward, hash(seed, topics.name, ten, 1))(index);
  }
  const place = (index + hash(seed, topics.name)) % (adjectives.length * nouns.length);
  const round = Math.floor(index / (adjectives.length * nouns.length));
  // Each pair occurs once, and the nouns change from one customer to the next.
  const noun = Math.floor(place / adjectives.length) + 7 * (place % adjectives.length);
  const name = `${pick(adjectives, place)} ${pick(nouns, noun)}`;
  return round === 0 ? name : `${name} ${round + 1}`;
}

/** Names that are difficult for pages and tables. */
const foreign: readonly ((count: number) => string)[] = [
  (count) => `חברת החשמל הירוק ${count} בע"מ`,
  (count) => `شركة النور للتجارة ${count} (Al Noor) ذ.م.م`,
  (count) =>
    `Vereinigte Wohnungsbau- und Grundstücksverwaltungsgesellschaft ${count} für die Landkreise Mecklenburgische Seenplatte, Vorpommern-Rügen und Ludwigslust-Parchim mit beschränkter Haftung und Compagnie Kommanditgesellschaft`,
];

/** A name from right to left, or a very long one, different for each count. */
export function foreignName(count: number): string {
  return pick(foreign, count)(count);
}

/** The customer's first domain. */
export function domainName(index: number): string {
  return `customer${index}.onmicrosoft.com`;
}

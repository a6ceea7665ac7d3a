import Big from 'big.js';
import { type Amount, toAmount } from './amount.ts';

/** What a change of a customer's cost can be split by. */
export const changeLevels = ['azureSubscription', 'resourceGroup', 'resource', 'type'] as const;
export type ChangeLevel = (typeof changeLevels)[number];

/** A part of a customer's cost, as far down as it is split; of a type alone, only the type. */
export interface CostPart {
  /** A GUID in lower case, or what takes its place. */
  azureSubscriptionId?: string;
  azureSubscriptionName?: string;
  resourceGroup?: string;
  resource?: string;
  type?: string;
}

/** How a part of a customer's cost moved between two days. */
export interface Change extends CostPart {
  before: Amount;
  after: Amount;
  change: Amount;
}

/** Where a cost belongs. */
export interface CostPlace extends CostPart {
  azureSubscriptionId: string;
  /** The same for all spellings of one resource; absent where it is not tied to one. */
  resourceId?: string;
}

/** The cost of the two days that are compared. */
export interface ComparedCost {
  before: Big;
  after: Big;
}

interface Sum extends ComparedCost {
  part: CostPart;
}

const zero = new Big(0);

/** Adds up costs of two days by the parts that they belong to. */
export class ChangeSums {
  readonly #level: ChangeLevel;
  readonly #sums = new Map<string, Sum>();

  constructor(level: ChangeLevel) {
    this.#level = level;
  }

  /** Of several spellings, that of the first place is shown. */
  add(place: CostPlace, { before = zero, after = zero }: Partial<ComparedCost>): void {
    const key = keyOf(place, this.#level);
    const sum = this.#sums.get(key);
    if (sum === undefined) {
      this.#sums.set(key, { part: partOf(place, this.#level), before, after });
      return;
    }
    sum.before = sum.before.plus(before);
    sum.after = sum.after.plus(after);
  }

  /** The parts whose cost moved, the largest change first, up or down. */
  listChanges(): Change[] {
    const moved = [...this.#sums].flatMap(([key, { part, before, after }]) => {
      const change = after.minus(before);
      return change.eq(0) ? [] : { key, part, before, after, change };
    });
    moved.sort(
      (one, other) => other.change.abs().cmp(one.change.abs()) || (one.key < other.key ? -1 : 1),
    );
    return moved.map(({ part, before, after, change }) => ({
      ...part,
      before: toAmount(before),
      after: toAmount(after),
      change: toAmount(change),
    }));
  }
}

/** What the changes of its parts leave of a customer's change. */
export function computeUnexplained(change: Amount, parts: readonly Change[]): Amount {
  return toAmount(parts.reduce((rest, part) => rest.minus(part.change), new Big(change)));
}

function keyOf(place: CostPlace, level: ChangeLevel): string {
  const { azureSubscriptionId: id, resourceGroup = '', resourceId, type = '' } = place;
  switch (level) {
    case 'azureSubscription':
      return id;
    case 'resourceGroup':
      return `${id}|${resourceGroup.toLowerCase()}`;
    case 'resource':
      return `${id}|${resourceId ?? resourceGroup.toLowerCase()}`;
    case 'type':
      return type.toLowerCase();
  }
}

function partOf(place: CostPlace, level: ChangeLevel): CostPart {
  const { resourceId: _, ...part } = place;
  const { resource: __, type, ...ofGroup } = part;
  const { resourceGroup: ___, ...ofSubscription } = ofGroup;
  switch (level) {
    case 'azureSubscription':
      return ofSubscription;
    case 'resourceGroup':
      return ofGroup;
    case 'resource':
      return part;
    case 'type':
      return type === undefined ? {} : { type };
  }
}

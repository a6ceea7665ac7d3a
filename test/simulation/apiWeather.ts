import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import type { Faults } from '../../src/simulator/faults.ts';
import type { SignInOptions } from '../../src/simulator/signInOptions.ts';
import type { Override } from '../../src/simulator/simulatorOptions.ts';
import type { Dice } from './dice.ts';
import type { Partner } from './partner.ts';
import { pickSpells } from './spells.ts';
import { fairStorage, type StorageFaults, tableNames } from './weather.ts';
import type { World } from './world.ts';

type Overrides = Record<string, Override>;

/** All is well from now on. */
export function clearUp(world: World, partner: Partner): void {
  const { simulator, sky, weather, hidden, clock } = world;
  simulator.faults = {};
  simulator.overrides = {};
  simulator.signIn = partner.signIn;
  simulator.quirks = partner.quirks;
  sky.passing = [];
  weather.faults = fairStorage;
  for (const each of hidden) each.toMs = Math.min(each.toMs, clock.now());
  world.tokenStoreTrouble = 0;
  world.signInLosses = 0;
}

/** Faults at random, until the next change of the weather. */
export function changeWeather(world: World, partner: Partner, dice: Dice): void {
  clearUp(world, partner);
  const { simulator, sky, weather, trace, clock } = world;
  simulator.faults = pickFaults(dice.named('faults'), world.customers);
  simulator.signIn = { ...partner.signIn, ...pickSignIn(dice.named('signIn')) };
  simulator.overrides = pickOverrides(world, dice.named('overrides'));
  sky.passing = pickSpells(dice.named('spells'), partner.odds, world);
  const loops = dice.named('loops');
  if (loops.chance(0.06)) {
    const loop = loops.chance(0.5) ? { repeatedContinuation: true } : { foreignNextLink: true };
    simulator.quirks = { ...partner.quirks, ...loop };
    trace.count(`api.${Object.keys(loop).join()}`);
  }
  weather.faults = pickStorage(dice.named('storage'));
  const signIn = dice.named('signInHost');
  world.tokenStoreTrouble = signIn.chance(0.2) ? signIn.next() : 0;
  world.signInLosses = signIn.chance(0.15) ? signIn.pick([0.3, 0.9]) : 0;
  const { faults, overrides } = simulator;
  const facts = { faults, signIn: simulator.signIn, storage: weather.faults };
  trace.step(clock.now(), 'weather', JSON.stringify(facts));
  const spells = sky.passing.map(({ kind }) => kind);
  trace.step(clock.now(), 'overrides', ...spells, ...Object.keys(overrides));
}

function pickFaults(dice: Dice, customers: readonly ExpectedCustomer[]): Faults {
  const rate = () => dice.pick([0.02, 0.1, 0.4]);
  const faults: Faults = {};
  if (dice.chance(0.25)) {
    faults.throttle = {
      ...(dice.chance(0.6) && { perMinute: dice.int(3, 60) }),
      ...(dice.chance(0.6) && { hiddenPerMinute: dice.int(30, 400) }),
    };
  }
  if (dice.chance(0.35)) faults.serverError = { rate: rate() };
  if (dice.chance(0.2)) faults.reset = { rate: rate() };
  if (dice.chance(0.1)) faults.stall = { rate: dice.pick([0.01, 0.05]) };
  if (dice.chance(0.2)) faults.truncate = { rate: rate() };
  if (dice.chance(0.15)) faults.slow = { rate: rate(), delayMs: dice.int(500, 20_000) };
  if (dice.chance(0.15)) faults.expireToken = { afterRequests: dice.int(5, 200) };
  if (dice.chance(0.15)) faults.customerFails = { rate: dice.pick([0.05, 0.3, 1]) };
  if (dice.chance(0.2)) faults.customerRefused = pickRefused(dice, customers);
  if (dice.chance(0.2)) faults.signInTrouble = { rate: dice.pick([0.3, 0.9]) };
  return faults;
}

/** A few, as a rule; now and then so many that a role must have been lost. */
function pickRefused(dice: Dice, customers: readonly ExpectedCustomer[]) {
  if (dice.chance(0.3)) return { rate: dice.pick([0.5, 1]) };
  const ids = customers.filter(() => dice.chance(0.05)).map(({ id }) => id);
  return { ids };
}

function pickSignIn(dice: Dice): SignInOptions {
  if (!dice.chance(0.08)) return {};
  return dice.pick<SignInOptions>([
    { isWithoutMfa: true },
    { isAppOnly: true },
    { hasWrongAudience: true },
    { refusal: { error: 'invalid_grant', code: 50173 } },
  ]);
}

function pickStorage(dice: Dice): StorageFaults {
  if (!dice.chance(0.5)) return fairStorage;
  const rate = () => (dice.chance(0.4) ? dice.pick([0.01, 0.05, 0.3]) : 0);
  return {
    busy: rate(),
    lost: rate(),
    half: rate(),
    conflict: rate(),
    slow: rate(),
    slowMs: dice.int(1_000, 15_000),
    unreachable: dice.chance(0.1) ? [dice.pick(tableNames)] : [],
    hanging: [],
    rowsPerTransaction: dice.pick([100, 100, 7, 1]),
  };
}

const json = (status: number, body: unknown, headers = {}): Override => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const noUsage = json(404, { code: 3000, description: 'Customer does not have usage data.' });
const noRecords = json(200, { totalCount: 0, items: [] });
const forbidden = json(403, { code: 20002, description: 'No relationship.' });
const broken = json(500, { code: 800003, description: 'An unexpected error.' });

/** Something that cannot be read, or asks for patience. */
function pickTrouble(dice: Dice): Override {
  return dice.pick<Override>([
    broken,
    { status: 502, headers: {}, body: '<html>Bad gateway</html>' },
    { status: 200, headers: {}, body: '<html>Welcome</html>' },
    json(200, { unexpected: true }),
    json(200, { items: [{}] }),
    json(400, { code: 800002, description: 'Bad request.' }),
    json(429, { statusCode: 429 }, { 'retry-after': String(dice.pick([1, 45, 900, 7200])) }),
  ]);
}

function pickOverrides(world: World, dice: Dice): Overrides {
  const { trace, pageSize, customers } = world;
  const overrides: Overrides = {};
  const put = (name: string, path: string, answer: Override) => {
    overrides[path] = answer;
    trace.count(`api.${name}`);
  };
  if (dice.chance(0.08)) put('badUsageRecords', '/v1/customers/usagerecords', pickTrouble(dice));
  if (dice.chance(0.06)) put('badList', `/v1/customers?size=${pageSize}`, pickTrouble(dice));
  if (dice.chance(0.03)) put('refusedList', '/v1/customers', forbidden);
  if (dice.chance(0.1)) {
    const next = `/v1/customers?size=${pageSize}&seekOperation=Next`;
    put('brokenOffList', next, pickTrouble(dice));
  }
  if (dice.chance(0.1)) put('badPartnerSummary', '/v1/usagesummary', pickTrouble(dice));
  if (dice.chance(0.08)) hideCustomers(world, dice, put);
  if (dice.chance(0.3)) spoilCustomer(dice, dice.pick(customers), put);
  const withSubscriptions = customers.filter(({ subscriptions }) => subscriptions.length > 0);
  if (dice.chance(0.3) && withSubscriptions.length > 0) {
    spoilSubscription(dice, dice.pick(withSubscriptions), put);
  }
  return overrides;
}

type Put = (name: string, path: string, answer: Override) => void;

/** The list is suddenly short, or empty; the usage records as well perhaps. */
function hideCustomers(world: World, dice: Dice, put: Put): void {
  const { customers: all, clock } = world;
  const share = dice.pick([0, 0, 0.2, 0.9]);
  const kept = all.filter(() => dice.chance(share));
  const hidden = all.filter((each) => !kept.includes(each)).map(({ id }) => id);
  const items = kept.map(({ id, name }) => ({ id, companyProfile: { companyName: name } }));
  put('shortList', '/v1/customers', json(200, { totalCount: items.length, items }));
  const isAlsoInRecords = dice.chance(0.4);
  if (isAlsoInRecords) {
    put('shortUsageRecords', '/v1/customers/usagerecords', noRecords);
  }
  world.hidden.push({
    fromMs: clock.now(),
    toMs: Number.POSITIVE_INFINITY,
    fromList: new Set(hidden),
    fromRecords: new Set(isAlsoInRecords ? all.map(({ id }) => id) : []),
  });
}

function spoilCustomer(dice: Dice, { id }: ExpectedCustomer, put: Put): void {
  const summary = `/v1/customers/${id}/usagesummary`;
  if (dice.chance(0.4)) {
    put('falseNoUsage', summary, noUsage);
  } else if (dice.chance(0.5)) {
    put('badSummary', summary, pickTrouble(dice));
  } else {
    put('badSubscriptions', `/v1/customers/${id}/subscriptions`, pickTrouble(dice));
    put(
      'badSubscriptions',
      `/v1/customers/${id}/subscriptions/usagerecords`,
      dice.pick([pickTrouble(dice), forbidden]),
    );
  }
}

function spoilSubscription(dice: Dice, { id, subscriptions }: ExpectedCustomer, put: Put): void {
  const subscription = dice.pick(subscriptions);
  const summary = `/v1/customers/${id}/subscriptions/${subscription.id}/usagesummary`;
  const kind = dice.pick(['falseNoUsage', 'refused', 'bad'] as const);
  if (kind === 'bad') put('badSubscription', summary, pickTrouble(dice));
  else if (kind === 'refused') put('refusedSubscription', summary, forbidden);
  else put('falseNoUsageOfSubscription', summary, noUsage);
}

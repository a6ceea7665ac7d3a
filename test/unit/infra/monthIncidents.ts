/** What happens in the simulated month, and which rules are to fire: once each, and no other. */
export interface Incident {
  /** When it begins. */
  when: string;
  text: string;
  rules: string[];
  /** Of what is fired by name: each name is in one alert. */
  names?: string[];
}

const customer = (number: number) => `c0ffee00-0000-4000-8000-${String(number).padStart(12, '0')}:`;
const budgetNames = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `Customer ${from + index}:`);

export const incidents: Incident[] = [
  {
    when: 'd01 10:05',
    text: 'deployed at 09:40, signed in at 16:20; until then each run fails',
    rules: ['run-failed'],
  },
  {
    when: 'd03 03:20',
    text: 'the night is partial, the catch-up settles the day at 04:20',
    rules: [],
  },
  {
    when: 'd05 03:20',
    text: 'partial; settled at 09:05',
    rules: ['no-complete-run-for-26-hours'],
  },
  {
    when: 'd07 03:20',
    text: 'partial; settled at 16:05',
    rules: ['no-complete-run-for-26-hours', 'no-complete-run-by-hour'],
  },
  {
    when: 'd09 02:31',
    text: 'each run fails until midnight, the day is lost; the next night is complete',
    rules: ['run-failed', 'no-complete-run-for-26-hours', 'no-complete-run-by-hour'],
  },
  {
    when: 'd13 02:30',
    text: 'no line: the function app stands still until 16:00',
    rules: ['no-complete-run-for-26-hours', 'no-complete-run-by-hour'],
  },
  {
    when: 'd15 02:45',
    text: 'one customer fails; settled without it from the third night on',
    rules: ['no-complete-run-for-26-hours', 'no-complete-run-by-hour'],
  },
  {
    when: 'd17 02:45',
    text: 'the third night of that customer',
    rules: ['lasting-failures'],
    names: ['Contoso: 3 days'],
  },
  {
    when: 'd20 02:40',
    text: 'three customers are refused for the first day',
    rules: ['new-refusals'],
    names: [customer(1), customer(2), customer(3)],
  },
  {
    when: 'd21 02:30',
    text: 'the refresh token cannot be stored; the next night it is',
    rules: ['refresh-token'],
  },
  {
    when: 'd24 02:45',
    text: 'the customer of day 15 still fails',
    rules: ['lasting-failures'],
    names: ['Contoso: 10 days'],
  },
  {
    when: 'd26 02:45',
    text: 'complete, but alerts are left to the next run; sent at 07:05',
    rules: ['run-failed'],
  },
  {
    when: 'd28 02:45',
    text: 'nine budgets are crossed',
    rules: ['budget-digest'],
    names: budgetNames(1, 9),
  },
  {
    when: 'd28 02:45',
    text: 'two unusual days',
    rules: ['anomaly-digest'],
    names: budgetNames(1, 2),
  },
  {
    when: 'd28 04:05',
    text: 'a tenth budget; the line of the first comes again',
    rules: ['budget-digest'],
    names: budgetNames(10, 10),
  },
];

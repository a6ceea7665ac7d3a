import { readRuns } from '../history/runs.ts';
import { component } from './component.ts';
import { formatParameter } from './formatParameter.ts';
import { answerList, listOf } from './itemList.ts';
import { date } from './parameterKind.ts';
import type { DataRoute } from './route.ts';
import { runItem, toRunItem } from './runItem.ts';

const parameters = {
  from: date('First day; default: 30 days up to the last').optional(),
  to: date('Last day; default: today').optional(),
  ...formatParameter,
};

export const runsRoute: DataRoute<typeof parameters> = {
  name: 'listRuns',
  access: 'data',
  summary: 'What ran, by date and start',
  description: 'A day is complete where a run of the scope `all` is.',
  parameters,
  answer: component('Runs', listOf(runItem)),
  rows: [runItem],
  async handle({ from, to }, context) {
    const runs = await readRuns({ from, to }, context);
    return answerList(runs, toRunItem, { schema: runItem, fileName: 'runs' });
  },
};

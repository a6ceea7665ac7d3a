import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** Thresholds of budgets that were crossed. */
app.http('listBudgetAlerts', httpFunction('listBudgetAlerts'));

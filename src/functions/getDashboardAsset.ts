import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** A script or style of the page. Public. */
app.http('getDashboardAsset', httpFunction('getDashboardAsset'));

import { dashboardAsset, dashboardPage } from './dashboard.ts';
import { entrance } from './entrance.ts';
import type { OpenRoute } from './route.ts';
import type { PageName } from './routePaths.ts';

/** An answer to browsers, which the description of the API leaves out. */
export type Page = Pick<OpenRoute, 'access' | 'respond'>;

export const pages: Readonly<Record<PageName, Page>> = {
  getEntrance: entrance,
  getDashboard: dashboardPage,
  getDashboardAsset: dashboardAsset,
};

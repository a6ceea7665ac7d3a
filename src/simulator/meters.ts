import { createGuid } from './guid.ts';
import { hash, pick, topics } from './random.ts';
import type { Part, Parts } from './shares.ts';
import { createSpend } from './spend.ts';

export interface Meter {
  /** In the records of plans: product, SKU and a text with spaces, brackets and slashes. */
  meterId: string;
  name: string;
  category: string;
  subcategory: string;
  unit: string;
  /** Of one unit, in ten-thousandths of the currency. */
  price: bigint;
}

/** In the records of legacy subscriptions a meter has a GUID. */
export type SubscriptionMeter = Meter & { id: string } & Part;

const meters: readonly Meter[] = [
  {
    meterId: 'DZH318Z0BNVX-005J-Data Transfer Out (GB)',
    name: 'Data Transfer Out',
    category: 'Bandwidth',
    subcategory: 'Bandwidth',
    unit: '1 GB',
    price: 870n,
  },
  {
    meterId: 'DZH318Z0BNZ5-006G-Data Stored (GB/Month)',
    name: 'LRS Data Stored',
    category: 'Storage',
    subcategory: 'Tables',
    unit: '1 GB/Month',
    price: 450n,
  },
  {
    meterId: 'DZH318Z0BNZ5-006G-10K Batch Write Operations',
    name: 'Batch Write Operations',
    category: 'Storage',
    subcategory: 'Tables',
    unit: '10K',
    price: 4n,
  },
  {
    meterId: 'DZH318Z0BNZB-0034-P10 LRS Disk (1/Month)',
    name: 'P10 LRS Disk',
    category: 'Storage',
    subcategory: 'Premium SSD Managed Disks',
    unit: '1/Month',
    price: 197_100n,
  },
  {
    meterId: 'DZH318Z0BQ4L-01CJ-D2s v3/D2s v3 (1 Hour)',
    name: 'D2 v3/D2s v3',
    category: 'Virtual Machines',
    subcategory: 'Dv3/DSv3 Series',
    unit: '1 Hour',
    price: 1_150n,
  },
  {
    meterId: 'DZH318Z0BQ4W-00BC-E8s v4 (1 Hour)',
    name: 'E8s v4',
    category: 'Virtual Machines',
    subcategory: 'Esv4 Series',
    unit: '1 Hour',
    price: 6_080n,
  },
  {
    meterId: 'DZH318Z0BPXR-004M-S2 App (1 Hour)',
    name: 'S2 App',
    category: 'Azure App Service',
    subcategory: 'Standard Plan',
    unit: '1 Hour',
    price: 2_000n,
  },
  {
    meterId: 'DZH318Z0BQHX-00F1-vCore (1 Hour)',
    name: 'vCore',
    category: 'SQL Database',
    subcategory: 'Single/Elastic Pool General Purpose',
    unit: '1 Hour',
    price: 2_529n,
  },
  {
    meterId: 'DZH318Z0BNX6-000R-Standard IPv4 Static Public IP (1 Hour)',
    name: 'Standard IPv4 Static Public IP',
    category: 'Virtual Network',
    subcategory: 'IP Addresses',
    unit: '1 Hour',
    price: 50n,
  },
  {
    meterId: 'DZH318Z0BNXN-0042-Analytics Logs Data Ingestion (1 GB)',
    name: 'Analytics Logs Data Ingestion',
    category: 'Log Analytics',
    subcategory: 'Analytics Logs',
    unit: '1 GB',
    price: 27_600n,
  },
  {
    meterId: 'DZH318Z0BP0P-001D-Azure VM Protected Instances (1/Month)',
    name: 'Azure VM Protected Instances',
    category: 'Backup',
    subcategory: 'Azure VM',
    unit: '1/Month',
    price: 100_000n,
  },
];

/** The meters of a subscription or plan, three or more of all. */
export function metersOf(key: number): Parts<SubscriptionMeter> {
  const draw = hash(key, topics.meter);
  const first = draw >>> 8;
  return {
    count: 3 + (draw % (meters.length - 3)),
    at(place) {
      const number = (first + place) % meters.length;
      const spend = createSpend(hash(key, topics.meter, place + 1), {});
      return {
        ...pick(meters, number),
        id: createGuid(0, hash(0, topics.meter, number), number),
        // The first is among the largest, as it takes what others leave.
        spend: place === 0 ? { ...spend, dailyBase: 900 } : spend,
        firstDay: Number.NEGATIVE_INFINITY,
        lastDay: Number.POSITIVE_INFINITY,
      };
    },
  };
}

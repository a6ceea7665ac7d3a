/** A type of resource in Azure Resource Manager. */
export interface ResourceType {
  /** Namespace of the provider. */
  provider: string;
  /** Of a child, the types of its parents come before: `servers/databases`. */
  type: string;
  /** Begins the names of its resources. */
  prefix: string;
}

export const resourceTypes: readonly ResourceType[] = [
  { provider: 'Microsoft.Compute', type: 'virtualMachines', prefix: 'vm' },
  { provider: 'Microsoft.Compute', type: 'disks', prefix: 'vm_OsDisk_' },
  { provider: 'Microsoft.Compute', type: 'virtualMachineScaleSets', prefix: 'vmss' },
  { provider: 'Microsoft.Storage', type: 'storageAccounts', prefix: 'st' },
  { provider: 'Microsoft.Sql', type: 'servers/databases', prefix: 'sqldb' },
  { provider: 'Microsoft.Sql', type: 'servers/elasticPools', prefix: 'sqlep' },
  { provider: 'Microsoft.Network', type: 'publicIPAddresses', prefix: 'pip' },
  { provider: 'Microsoft.Network', type: 'virtualNetworkGateways', prefix: 'vgw' },
  { provider: 'Microsoft.Network', type: 'applicationGateways', prefix: 'agw' },
  { provider: 'Microsoft.Web', type: 'serverFarms', prefix: 'asp' },
  { provider: 'Microsoft.Web', type: 'sites', prefix: 'app' },
  { provider: 'Microsoft.OperationalInsights', type: 'workspaces', prefix: 'log' },
  { provider: 'Microsoft.RecoveryServices', type: 'vaults', prefix: 'rsv' },
  { provider: 'Microsoft.KeyVault', type: 'vaults', prefix: 'kv' },
];

/** Of a partner's credit, which comes as a resource of negative cost. */
export const creditType: ResourceType = {
  provider: 'Microsoft.SaaS',
  type: 'resources',
  prefix: 'credit',
};

export const resourceGroups = [
  'rg-web',
  'rg-data',
  'RG-Network',
  'rg-backup',
  'DefaultResourceGroup-WEU',
] as const;

export const azureSubscriptionNames = [
  'Production',
  'Development',
  'Test',
  'Shared Services',
] as const;

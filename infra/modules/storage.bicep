import { privateAccess as privateAccessType } from 'types.bicep'

@description('Makes the names of resources unique.')
param token string
param location string
param tags object
param skuName string
param hasDeleteLock bool

@description('Put before each table name.')
param tablePrefix string

@description('Object id of the identity that the functions run as.')
param appPrincipalId string

@description('Object id of somebody who uses the command line; empty: nobody.')
param operatorPrincipalId string

@description('How the account is reached from the private network; null: from everywhere.')
param privateAccess privateAccessType?

@description('Addresses that reach the account beside the private network.')
param allowedIps string[]

var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
var deploymentContainerName = 'app-package'
var isPrivate = privateAccess != null

var appRoles = [
  {
    // Snapshots, runs, the lease; and the diagnostic events of the Functions host.
    roleDefinitionIdOrName: tableDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
  {
    // The locks and keys of the Functions host, and the deployed package.
    roleDefinitionIdOrName: blobDataOwner
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
]

var operatorRoles = empty(operatorPrincipalId)
  ? []
  : [
      {
        roleDefinitionIdOrName: tableDataContributor
        principalId: operatorPrincipalId
      }
    ]

module account 'br/public:avm/res/storage/storage-account:0.33.0' = {
  name: 'account'
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    skuName: skuName
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    publicNetworkAccess: isPrivate && empty(allowedIps) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: isPrivate ? 'None' : 'AzureServices'
      ipRules: map(allowedIps, ip => { value: ip, action: 'Allow' })
    }
    blobServices: {
      containers: [{ name: deploymentContainerName }]
    }
    tableServices: {
      // As in src/storage/tableNames.ts. The app makes those that are missing.
      tables: [
        { name: '${tablePrefix}UsageByCustomer' }
        { name: '${tablePrefix}UsageByDay' }
        { name: '${tablePrefix}SnapshotRuns' }
        { name: '${tablePrefix}BudgetAlerts' }
      ]
    }
    // Tables have no undelete.
    lock: hasDeleteLock
      ? { kind: 'CanNotDelete', name: 'keep-the-history', notes: 'Partner Center shows no past day again.' }
      : null
    roleAssignments: concat(appRoles, operatorRoles)
    privateEndpoints: isPrivate
      ? map(privateAccess!.zones, zone => {
          service: zone.service
          subnetResourceId: privateAccess!.subnetResourceId
          privateDnsZoneGroup: {
            privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: zone.dnsZoneResourceId }]
          }
          tags: tags
        })
      : []
  }
}

output blobServiceUri string = account.outputs.serviceEndpoints.blob
output tableServiceUri string = account.outputs.serviceEndpoints.table
output deploymentContainerName string = deploymentContainerName

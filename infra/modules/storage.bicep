import { privateAccess as privateAccessType } from 'types.bicep'

@description('Makes the names of resources unique.')
@minLength(1)
param token string
param location string
param tags object
param skuName string
param hasDeleteLock bool

@description('Put before the name of each table, and of the container of details.')
param tablePrefix string

@description('Object id of the identity that the functions run as.')
param appPrincipalId string

@description('Object id of somebody who uses the command line; empty: nobody.')
param operatorPrincipalId string
param operatorPrincipalType string

@description('How the account is reached from the private network; null: from everywhere.')
param privateAccess privateAccessType?

@description('Addresses that reach the account beside the private network.')
param allowedIps string[]

var deploymentContainerName = 'app-package'
var isPrivate = privateAccess != null

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'st${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: skuName }
  properties: {
    accessTier: 'Hot'
    // Only roles let somebody in: no key, no signature made of a key, no user of the account's own.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    isSftpEnabled: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    supportsHttpsTrafficOnly: true
    minimumTlsVersion: 'TLS1_2'
    encryption: {
      keySource: 'Microsoft.Storage'
      // Encrypted twice, by two keys. Only a new account can be given this.
      requireInfrastructureEncryption: true
      services: {
        blob: { enabled: true }
        file: { enabled: true }
        queue: { enabled: true }
        table: { enabled: true }
      }
    }
    publicNetworkAccess: isPrivate && empty(allowedIps) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: isPrivate ? 'None' : 'AzureServices'
      ipRules: map(allowedIps, ip => { value: ip, action: 'Allow' })
    }
  }
}

// Tables have no undelete.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (hasDeleteLock) {
  name: 'keep-the-history'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Partner Center shows no past day again.'
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 30 }
    containerDeleteRetentionPolicy: { enabled: true, days: 30 }
  }
}

resource deploymentContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: deploymentContainerName
  properties: { publicAccess: 'None' }
}

// The records below plans, as in src/app/openTables.ts.
resource detailsContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: '${tablePrefix}usage-details'
  properties: { publicAccess: 'None' }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

// As in src/storage/tableNames.ts. The app makes those that are missing.
var tableNames = [
  '${tablePrefix}UsageByCustomer'
  '${tablePrefix}UsageByDay'
  '${tablePrefix}UsageByAzureSubscription'
  '${tablePrefix}SnapshotRuns'
  '${tablePrefix}BudgetAlerts'
]

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [
  for name in tableNames: {
    parent: tableService
    name: name
  }
]

// Storage Table Data Contributor
var tableDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
)
// Storage Blob Data Contributor
var blobDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
)
// Storage Blob Data Owner
var blobDataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
)

// Tables: snapshots, runs, the lease; and the diagnostic events of the Functions host. Blobs: the
// locks and keys of the host, which asks for this role, and the deployed package; it covers the
// container of details as well.
resource appRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [tableDataContributor, blobDataOwner]: {
    name: guid(account.id, appPrincipalId, role)
    scope: account
    properties: {
      roleDefinitionId: role
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource operatorRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(account.id, operatorPrincipalId, tableDataContributor)
  scope: account
  properties: {
    roleDefinitionId: tableDataContributor
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}

resource operatorDetailsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(detailsContainer.id, operatorPrincipalId, blobDataContributor)
  scope: detailsContainer
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}

module privateEndpoints 'privateEndpoints.bicep' = if (isPrivate) {
  name: 'storageEndpoints'
  params: {
    location: location
    tags: tags
    resourceName: account.name
    resourceId: account.id
    access: privateAccess!
  }
}

output blobServiceUri string = account.properties.primaryEndpoints.blob
output tableServiceUri string = account.properties.primaryEndpoints.table
output deploymentContainerName string = deploymentContainer.name

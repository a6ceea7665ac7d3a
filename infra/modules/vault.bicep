import { privateAccess as privateAccessType } from 'types.bicep'

@description('Makes the names of resources unique.')
param token string
param location string
param tags object

@description('Object id of the identity that the functions run as.')
param appPrincipalId string

@description('Object id of whoever stores the first refresh token; empty: nobody.')
param operatorPrincipalId string
param operatorPrincipalType string

@description('How the vault is reached from the private network; null: from everywhere.')
param privateAccess privateAccessType?

@description('Addresses that reach the vault beside the private network.')
param allowedIps string[]

var isPrivate = privateAccess != null

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-${token}'
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    // Roles alone, no access policies.
    enableRbacAuthorization: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    // What is deleted can be recovered for 90 days, and nobody can shorten them.
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate && empty(allowedIps) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: isPrivate ? 'None' : 'AzureServices'
      ipRules: map(allowedIps, ip => { value: ip })
    }
  }
}

// The narrowest built-in role that may write a secret. The vault has nothing but the app's own.
// Key Vault Secrets Officer
var secretsOfficer = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
)

// Reading the refresh token, and replacing it with each renewal.
resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, secretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: secretsOfficer
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Storing the first refresh token.
resource operatorRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(vault.id, operatorPrincipalId, secretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: secretsOfficer
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}

module privateEndpoints 'privateEndpoints.bicep' = if (isPrivate) {
  name: 'vaultEndpoints'
  params: {
    location: location
    tags: tags
    resourceName: vault.name
    resourceId: vault.id
    access: privateAccess!
  }
}

output uri string = vault.properties.vaultUri

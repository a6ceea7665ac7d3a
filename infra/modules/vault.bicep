import { privateAccess as privateAccessType } from 'types.bicep'

@description('Makes the names of resources unique.')
param token string
param location string
param tags object

@description('Object id of the identity that the functions run as.')
param appPrincipalId string

@description('Object id of whoever stores the first refresh token; empty: nobody.')
param operatorPrincipalId string

@description('How the vault is reached from the private network; null: from everywhere.')
param privateAccess privateAccessType?

@description('Addresses that reach the vault beside the private network.')
param allowedIps string[]

// The narrowest built-in role that may write a secret. The vault has nothing but the app's own.
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7' // Key Vault Secrets Officer
var isPrivate = privateAccess != null

var appRoles = [
  {
    // Reading the refresh token, and replacing it with each renewal.
    roleDefinitionIdOrName: secretsOfficer
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
]

var operatorRoles = empty(operatorPrincipalId)
  ? []
  : [
      {
        // Storing the first refresh token.
        roleDefinitionIdOrName: secretsOfficer
        principalId: operatorPrincipalId
      }
    ]

module vault 'br/public:avm/res/key-vault/vault:0.14.0' = {
  name: 'keyVault'
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    sku: 'standard'
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableVaultForDeployment: false
    enableVaultForDiskEncryption: false
    enableVaultForTemplateDeployment: false
    publicNetworkAccess: isPrivate && empty(allowedIps) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: isPrivate ? 'None' : 'AzureServices'
      ipRules: map(allowedIps, ip => { value: ip })
    }
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

output uri string = vault.outputs.uri

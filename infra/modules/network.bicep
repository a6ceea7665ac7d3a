import { privateAccess } from 'types.bicep'

@description('Makes the names of resources unique.')
param token string
param location string
param tags object

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/23'] }
    // Here, not as resources of their own: a later deployment would else remove and add them again.
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.0.0/24'
          delegations: [
            { name: 'Microsoft.App/environments', properties: { serviceName: 'Microsoft.App/environments' } }
          ]
          // Partner Center and the sign-in host are on the public internet.
          defaultOutboundAccess: true
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: '10.0.1.0/24'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = { name: 'app' }
  resource endpointSubnet 'subnets' existing = { name: 'private-endpoints' }
}

var services = [
  { service: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { service: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
  { service: 'vault', zone: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}' }
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for item in services: {
    name: item.zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (item, index) in services: {
    parent: zones[index]
    name: 'link-${token}'
    location: 'global'
    tags: tags
    properties: {
      virtualNetwork: { id: virtualNetwork.id }
      registrationEnabled: false
    }
  }
]

output appSubnetResourceId string = virtualNetwork::appSubnet.id

output storageAccess privateAccess = {
  subnetResourceId: virtualNetwork::endpointSubnet.id
  zones: [
    { service: 'blob', dnsZoneResourceId: zones[0].id }
    { service: 'table', dnsZoneResourceId: zones[1].id }
  ]
}

output vaultAccess privateAccess = {
  subnetResourceId: virtualNetwork::endpointSubnet.id
  zones: [{ service: 'vault', dnsZoneResourceId: zones[2].id }]
}

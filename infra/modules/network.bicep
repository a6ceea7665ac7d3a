import { privateAccess } from 'types.bicep'

@description('Makes the names of resources unique.')
param token string
param location string
param tags object

var appSubnetName = 'app'
var endpointSubnetName = 'private-endpoints'

module virtualNetwork 'br/public:avm/res/network/virtual-network:0.10.1' = {
  name: 'virtualNetwork'
  params: {
    name: 'vnet-${token}'
    location: location
    tags: tags
    addressPrefixes: ['10.0.0.0/23']
    subnets: [
      {
        name: appSubnetName
        addressPrefix: '10.0.0.0/24'
        delegation: 'Microsoft.App/environments'
        // Partner Center and the sign-in host are on the public internet.
        defaultOutboundAccess: true
      }
      {
        name: endpointSubnetName
        addressPrefix: '10.0.1.0/24'
        privateEndpointNetworkPolicies: 'Disabled'
      }
    ]
  }
}

var services = [
  { service: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { service: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
  { service: 'vault', zone: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}' }
]

module zones 'br/public:avm/res/network/private-dns-zone:0.8.1' = [
  for item in services: {
    name: 'zone-${item.service}'
    params: {
      name: item.zone
      tags: tags
      virtualNetworkLinks: [
        {
          name: 'link-${token}'
          virtualNetworkResourceId: virtualNetwork.outputs.resourceId
        }
      ]
    }
  }
]

output appSubnetResourceId string = '${virtualNetwork.outputs.resourceId}/subnets/${appSubnetName}'

output storageAccess privateAccess = {
  subnetResourceId: '${virtualNetwork.outputs.resourceId}/subnets/${endpointSubnetName}'
  zones: [
    { service: 'blob', dnsZoneResourceId: zones[0].outputs.resourceId }
    { service: 'table', dnsZoneResourceId: zones[1].outputs.resourceId }
  ]
}

output vaultAccess privateAccess = {
  subnetResourceId: '${virtualNetwork.outputs.resourceId}/subnets/${endpointSubnetName}'
  zones: [{ service: 'vault', dnsZoneResourceId: zones[2].outputs.resourceId }]
}

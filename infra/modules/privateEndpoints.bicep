import { privateAccess } from 'types.bicep'

param location string
param tags object

@description('The resource that is reached.')
param resourceName string
param resourceId string

param access privateAccess

resource endpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for item in access.zones: {
    name: 'pep-${resourceName}-${item.service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: access.subnetResourceId }
      privateLinkServiceConnections: [
        {
          name: '${resourceName}-${item.service}'
          properties: { privateLinkServiceId: resourceId, groupIds: [item.service] }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (item, index) in access.zones: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: item.service, properties: { privateDnsZoneId: item.dnsZoneResourceId } }]
    }
  }
]

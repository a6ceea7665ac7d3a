@export()
@description('How a resource is reached by private endpoints.')
type privateAccess = {
  @description('Subnet of the endpoints.')
  subnetResourceId: string

  @description('One for each service of the resource, with the zone that its name is looked up in.')
  zones: {
    service: string
    dnsZoneResourceId: string
  }[]
}

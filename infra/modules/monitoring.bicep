@description('Makes the names of resources unique.')
param token string
param location string
param tags object
param logRetentionDays int

@description('Object id of the identity that sends telemetry.')
param appPrincipalId string

module workspace 'br/public:avm/res/operational-insights/workspace:0.16.1' = {
  name: 'workspace'
  params: {
    name: 'log-${token}'
    location: location
    tags: tags
    dataRetention: logRetentionDays
    // Else queries that are saved, those of alert rules too, need a storage account of their own.
    forceCmkForQuery: false
  }
}

module component 'br/public:avm/res/insights/component:0.8.0' = {
  name: 'component'
  params: {
    name: 'appi-${token}'
    location: location
    tags: tags
    workspaceResourceId: workspace.outputs.resourceId
    disableLocalAuth: true
    roleAssignments: [
      {
        // Sending telemetry without a key.
        roleDefinitionIdOrName: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
        principalId: appPrincipalId
        principalType: 'ServicePrincipal'
      }
    ]
  }
}

output workspaceResourceId string = workspace.outputs.resourceId
output connectionString string = component.outputs.connectionString

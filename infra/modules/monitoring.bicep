@description('Makes the names of resources unique.')
param token string
param location string
param tags object
param logRetentionDays int

@description('Object id of the identity that sends telemetry.')
param appPrincipalId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: logRetentionDays
    features: {
      // Agents do not send with a key of the workspace.
      disableLocalAuth: true
      // Who reads logs is decided by roles on the workspace, not on each resource that wrote them.
      enableLogAccessUsingOnlyResourcePermissions: false
    }
    // Else queries that are saved, those of alert rules too, need a storage account of their own.
    forceCmkForQuery: false
    publicNetworkAccessForIngestion: 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Telemetry is sent with the identity of the app, never with a key.
    DisableLocalAuth: true
    // The addresses of callers are stored as 0.0.0.0.
    DisableIpMasking: false
    // What host.json keeps of our lines is kept here as well.
    SamplingPercentage: 100
    publicNetworkAccessForIngestion: 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }
}

// Monitoring Metrics Publisher
var metricsPublisher = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '3913510d-42f4-4e42-8a64-420c390055eb'
)

// Sending telemetry without a key.
resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, appPrincipalId, metricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: metricsPublisher
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output workspaceResourceId string = workspace.id
output componentResourceId string = component.id
output connectionString string = component.properties.ConnectionString

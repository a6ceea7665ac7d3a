targetScope = 'subscription'

metadata description = 'Daily usage snapshots of a Microsoft CSP partner: function app, tables, vault, logs and alert rules.'

// Where, and for whom

@description('Name of the environment; names of resources are made from it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of all resources: one with Flex Consumption (az functionapp list-flexconsumption-locations) and, unless storageSku says otherwise, with zones.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('Object id of whoever deploys: may store the first refresh token in the vault. Empty: nobody.')
param principalId string = ''

@description('What that object is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('Whether that principal may read and write the tables, and the blobs with what lies below plans, for the command line.')
param grantTablesToPrincipal bool = false

// Settings of the app. Where one is empty the default of the app holds.

@description('PARTNER_CENTER_TENANT_ID: the tenant of the partner.')
@minLength(36)
@maxLength(36)
param partnerCenterTenantId string

@description('PARTNER_CENTER_CLIENT_ID: the App+User web app of the partner.')
@minLength(36)
@maxLength(36)
param partnerCenterClientId string

@description('Name of a secret in the vault that holds the client secret. Empty: a federated credential proves the app, and there is no secret.')
param partnerCenterClientSecretName string = ''

@description('PARTNER_CENTER_REFRESH_TOKEN_SECRET_NAME')
param partnerCenterRefreshTokenSecretName string = 'partner-center-refresh-token'

@description('PARTNER_CENTER_CLOUD')
@allowed(['', 'global', 'usgov'])
param partnerCenterCloud string = ''

@description('PARTNER_CENTER_BASE_URL')
param partnerCenterBaseUrl string = ''

@description('PARTNER_CENTER_AUTHORITY_HOST')
param partnerCenterAuthorityHost string = ''

@description('PARTNER_CENTER_REQUESTS_PER_MINUTE')
param partnerCenterRequestsPerMinute string = ''

@description('SNAPSHOT_TABLE_PREFIX')
param snapshotTablePrefix string = ''

@description('SNAPSHOT_SCHEDULE')
param snapshotSchedule string = ''

@description('SNAPSHOT_CATCH_UP_SCHEDULE')
param snapshotCatchUpSchedule string = ''

@description('SNAPSHOT_CONCURRENCY')
param snapshotConcurrency string = ''

@description('SNAPSHOT_CUSTOMERS')
@allowed(['', 'all', 'usage'])
param snapshotCustomers string = ''

@description('SNAPSHOT_SUBSCRIPTION_DISCOVERY')
@allowed(['', 'usagerecords', 'subscriptions'])
param snapshotSubscriptionDiscovery string = ''

@description('SNAPSHOT_DEADLINE_MINUTES')
param snapshotDeadlineMinutes string = ''

@description('SNAPSHOT_LEASE_SECONDS')
param snapshotLeaseSeconds string = ''

@description('SNAPSHOT_DEPTH')
@allowed(['', 'off', 'azureSubscriptions', 'resources'])
param snapshotDepth string = ''

@description('SNAPSHOT_DEPTH_MINIMUM_COST')
param snapshotDepthMinimumCost string = ''

@description('BUDGET_THRESHOLDS')
param budgetThresholds string = ''

@description('BUDGET_FORECAST_THRESHOLDS')
param budgetForecastThresholds string = ''

@description('ANOMALY_MINIMUM_COST')
param anomalyMinimumCost string = ''

@description('METRICS_PER_CUSTOMER')
@allowed(['', 'true', 'false'])
param metricsPerCustomer string = ''

@description('HTTP_AUTH: whether data routes need a function key, or a sign-in with Microsoft Entra.')
@allowed(['key', 'signIn'])
param httpAuth string = 'key'

@description('App registration of your own for the sign-in.')
param signInClientId string = ''

@description('App registration that the hooks of azd have made for the sign-in, where there is no other.')
param signInRegistrationClientId string = ''

// Resources

@description('Node.js of the function app; 22 where the region does not have 24 yet (az functionapp list-flexconsumption-runtimes).')
@allowed(['24', '22'])
param nodeVersion string = '24'

@description('Memory of an instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances. Only HTTP reads need more than one: a lock keeps each timer to one.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Redundancy of the storage account: what was not kept cannot be asked for again.')
@allowed(['Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS', 'Standard_GRS', 'Standard_LRS'])
param storageSku string = 'Standard_ZRS'

@description('Whether a lock keeps the storage account from being deleted.')
param storageDeleteLock bool = true

@description('Days that queries of the logs reach back. Azure keeps the tables of Application Insights for 90 days even where this is less.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Whether tables, package and vault are reached by private endpoints alone.')
param privateNetwork bool = false

@description('With privateNetwork: IPv4 addresses or ranges, separated by commas, that reach storage and vault all the same.')
param allowedIpRanges string = ''

// Alerts

@description('Mail addresses that alerts go to, separated by commas.')
param alertEmails string = ''

@description('An https address that alerts are posted to, in the common alert schema.')
@secure()
param alertWebhookUri string = ''

@description('Lowest threshold that the digest of budgets tells of.')
@minValue(1)
param budgetDigestThresholdPercent int = 100

@description('Whether there is one alert for each customer and threshold.')
param budgetCrossingAlerts bool = false

@description('Whether there are alerts about unusual days.')
param anomalyAlerts bool = false

@description('Hour of the day, UTC, by which a run has to be complete: the alert comes up to two and a half hours later, while there is time left to act.')
@minValue(1)
@maxValue(20)
param completeRunDueHourUtc int = 12

@description('Day of the first night that was due, yyyy-MM-dd, UTC: no alert that a night is missing looks at an earlier one. Empty: all were due.')
@maxLength(10)
param firstNight string = ''

@description('Whether GET health is asked from outside, with an alert for when it fails.')
param healthTest bool = false

var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName, location))
var functionAppName = 'func-${token}'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    logRetentionDays: logRetentionDays
    appPrincipalId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
  }
}

func listItems(text string) string[] => filter(map(split(text, ','), item => trim(item)), item => !empty(item))

var allowedIps = listItems(allowedIpRanges)

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    skuName: storageSku
    hasDeleteLock: storageDeleteLock
    tablePrefix: snapshotTablePrefix
    appPrincipalId: identity.outputs.principalId
    operatorPrincipalId: grantTablesToPrincipal ? principalId : ''
    operatorPrincipalType: principalType
    privateAccess: privateNetwork ? network!.outputs.storageAccess : null
    allowedIps: allowedIps
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    operatorPrincipalId: principalId
    operatorPrincipalType: principalType
    privateAccess: privateNetwork ? network!.outputs.vaultAccess : null
    allowedIps: allowedIps
  }
}

// Templates make no app registration: it is the tenant's, and takes rights of its own.
var givenSignInClientId = empty(signInClientId) ? signInRegistrationClientId : signInClientId
var usedSignInClientId = httpAuth != 'signIn'
  ? ''
  : empty(givenSignInClientId)
      ? fail('HTTP_AUTH is signIn and there is no app registration: deploy by "azd up", whose hooks make one, or set SIGN_IN_CLIENT_ID to your own.')
      : givenSignInClientId

// Their names are public: `.env` files, scripts and the documentation use the same.
var partnerCenterSettings = {
  PARTNER_CENTER_TENANT_ID: partnerCenterTenantId
  PARTNER_CENTER_CLIENT_ID: partnerCenterClientId
  PARTNER_CENTER_CLOUD: partnerCenterCloud
  PARTNER_CENTER_BASE_URL: partnerCenterBaseUrl
  PARTNER_CENTER_AUTHORITY_HOST: partnerCenterAuthorityHost
  PARTNER_CENTER_REQUESTS_PER_MINUTE: partnerCenterRequestsPerMinute
  PARTNER_CENTER_REFRESH_TOKEN_SECRET_NAME: partnerCenterRefreshTokenSecretName
  KEY_VAULT_URI: vault.outputs.uri
  AZURE_CLIENT_ID: identity.outputs.clientId
}

// Exactly one of the two may be set.
var clientProof = empty(partnerCenterClientSecretName)
  ? { PARTNER_CENTER_CLIENT_ASSERTION: 'managed-identity' }
  : {
      PARTNER_CENTER_CLIENT_SECRET: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/${partnerCenterClientSecretName}/)'
    }

var snapshotSettings = {
  SNAPSHOT_STORAGE__tableServiceUri: storage.outputs.tableServiceUri
  SNAPSHOT_STORAGE__blobServiceUri: storage.outputs.blobServiceUri
  SNAPSHOT_STORAGE__credential: 'managedidentity'
  SNAPSHOT_STORAGE__clientId: identity.outputs.clientId
  SNAPSHOT_TABLE_PREFIX: snapshotTablePrefix
  SNAPSHOT_SCHEDULE: snapshotSchedule
  SNAPSHOT_CATCH_UP_SCHEDULE: snapshotCatchUpSchedule
  SNAPSHOT_CONCURRENCY: snapshotConcurrency
  SNAPSHOT_CUSTOMERS: snapshotCustomers
  SNAPSHOT_SUBSCRIPTION_DISCOVERY: snapshotSubscriptionDiscovery
  SNAPSHOT_DEADLINE_MINUTES: snapshotDeadlineMinutes
  SNAPSHOT_LEASE_SECONDS: snapshotLeaseSeconds
  SNAPSHOT_DEPTH: snapshotDepth
  SNAPSHOT_DEPTH_MINIMUM_COST: snapshotDepthMinimumCost
  BUDGET_THRESHOLDS: budgetThresholds
  BUDGET_FORECAST_THRESHOLDS: budgetForecastThresholds
  ANOMALY_MINIMUM_COST: anomalyMinimumCost
  METRICS_PER_CUSTOMER: metricsPerCustomer
  HTTP_AUTH: httpAuth
}

module functionApp 'modules/functionApp.bicep' = {
  name: 'functionApp'
  scope: group
  params: {
    name: functionAppName
    token: token
    location: location
    tags: tags
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    identityResourceId: identity.outputs.resourceId
    identityClientId: identity.outputs.clientId
    blobServiceUri: storage.outputs.blobServiceUri
    tableServiceUri: storage.outputs.tableServiceUri
    deploymentContainerName: storage.outputs.deploymentContainerName
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    subnetResourceId: privateNetwork ? network!.outputs.appSubnetResourceId : null
    signInClientId: usedSignInClientId
    settings: union(partnerCenterSettings, clientProof, snapshotSettings)
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    workspaceResourceId: monitoring.outputs.workspaceResourceId
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    workspaceResourceId: monitoring.outputs.workspaceResourceId
    workbookUri: workbook.outputs.uri
    emails: listItems(alertEmails)
    webhookUri: alertWebhookUri
    budgetDigestThresholdPercent: budgetDigestThresholdPercent
    budgetCrossingAlerts: budgetCrossingAlerts
    anomalyAlerts: anomalyAlerts
    completeRunDueHourUtc: completeRunDueHourUtc
    firstNight: firstNight
  }
}

module health 'modules/healthTest.bicep' = if (healthTest) {
  name: 'healthTest'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    componentResourceId: monitoring.outputs.componentResourceId
    healthUri: '${functionApp.outputs.uri}/api/health'
    actionGroupIds: alerts.outputs.actionGroupIds
    workbookUri: workbook.outputs.uri
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_FUNCTION_NAME string = functionApp.outputs.name
output SERVICE_API_NAME string = functionApp.outputs.name
output SERVICE_API_URI string = functionApp.outputs.uri

@description('What a federated credential of the partner\'s app names as its subject.')
output APP_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

// What the command line needs to work with this deployment.
output KEY_VAULT_URI string = vault.outputs.uri
output SNAPSHOT_STORAGE__tableServiceUri string = storage.outputs.tableServiceUri
output SNAPSHOT_TABLE_PREFIX string = snapshotTablePrefix

// What the hooks have decided, for an environment that is read back by "azd env refresh".
output FIRST_NIGHT string = firstNight
output SIGN_IN_REGISTRATION_CLIENT_ID string = signInRegistrationClientId

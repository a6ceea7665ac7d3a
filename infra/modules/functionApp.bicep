param name string

@description('Makes the names of resources unique.')
param token string
param location string
param tags object
param nodeVersion string
param instanceMemoryMB int
param maximumInstanceCount int

@description('The identity that the functions run as.')
param identityResourceId string
param identityClientId string

param blobServiceUri string
param tableServiceUri string
param deploymentContainerName string
param applicationInsightsConnectionString string

@description('Subnet that the app is in; null: none.')
param subnetResourceId string?

@description('App registration of the sign-in; empty: data routes need a function key.')
param signInClientId string

@description('Settings of the app beside those of the host.')
param settings object

var hostSettings = {
  AzureWebJobsStorage__blobServiceUri: blobServiceUri
  AzureWebJobsStorage__tableServiceUri: tableServiceUri
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// The name is App Service's own, and says that the identity stands in for a client secret.
var identityInsteadOfSecret = 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
var signInSettings = empty(signInClientId) ? {} : { '${identityInsteadOfSecret}': identityClientId }

var signInConfig = {
  platform: {
    enabled: true
  }
  globalValidation: {
    requireAuthentication: true
    // Programs get 401, not a redirect to a sign-in page that they cannot follow.
    unauthenticatedClientAction: 'Return401'
    // They show no customer's data. Each path is compared as a whole, so script and style of the
    // page come after the sign-in, to which the page without them has a link.
    excludedPaths: ['/api/health', '/api/openapi.json', '/api/dashboard']
  }
  httpSettings: {
    requireHttps: true
  }
  identityProviders: {
    azureActiveDirectory: {
      enabled: true
      registration: {
        clientId: signInClientId
        clientSecretSettingName: identityInsteadOfSecret
        openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
      }
      validation: {
        allowedAudiences: [signInClientId, 'api://${signInClientId}']
      }
    }
  }
  login: {
    tokenStore: {
      enabled: false
    }
  }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityResourceId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityResourceId
    virtualNetworkSubnetId: subnetResourceId
    siteConfig: {
      alwaysOn: false
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobServiceUri}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityResourceId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
  }

  // The whole list: what is no longer in the template goes, as two proofs of the partner's app would
  // stop every run.
  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(hostSettings, settings, signInSettings)
  }

  // Said also where there is none, so that it can be taken back.
  resource authSettings 'config' = {
    name: 'authsettingsV2'
    properties: empty(signInClientId) ? { platform: { enabled: false } } : signInConfig
  }

  // No user name and password for deployments.
  resource noFtpCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noDeploymentCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output name string = site.name
output uri string = 'https://${site.properties.defaultHostName}'

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
    // They show no customer's data. Each path is compared as a whole; the last one is kept free for
    // a page, and answers 404.
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

var settingsConfig = {
  name: 'appsettings'
  properties: union(hostSettings, settings, signInSettings)
  // What is no longer in the template goes: two proofs of the partner's app would stop every run.
  retainCurrentAppSettings: false
}

// Said also where there is none, so that it can be taken back.
var authConfig = {
  name: 'authsettingsV2'
  properties: empty(signInClientId) ? { platform: { enabled: false } } : signInConfig
}

module plan 'br/public:avm/res/web/serverfarm:0.7.0' = {
  name: 'plan'
  params: {
    name: 'plan-${token}'
    location: location
    tags: tags
    skuName: 'FC1'
    reserved: true
  }
}

module site 'br/public:avm/res/web/site:0.24.0' = {
  name: 'site'
  params: {
    name: name
    location: location
    tags: union(tags, { 'azd-service-name': 'api' })
    kind: 'functionapp,linux'
    serverFarmResourceId: plan.outputs.resourceId
    managedIdentities: {
      userAssignedResourceIds: [identityResourceId]
    }
    keyVaultAccessIdentityResourceId: identityResourceId
    virtualNetworkSubnetResourceId: subnetResourceId
    clientAffinityEnabled: false
    siteConfig: {
      alwaysOn: false
      minTlsVersion: '1.2'
    }
    basicPublishingCredentialsPolicies: [
      { name: 'ftp', allow: false }
      { name: 'scm', allow: false }
    ]
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
    configs: [settingsConfig, authConfig]
  }
}

output name string = site.outputs.name
output uri string = 'https://${site.outputs.defaultHostname}'

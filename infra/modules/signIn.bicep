extension microsoftGraphV1

@description('Name of the function app that users sign in to.')
param functionAppName string

@description('Object id of the identity that proves the registration, so that it needs no secret.')
param appPrincipalId string

resource registration 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: functionAppName
  displayName: 'CSP usage snapshots (${functionAppName})'
  signInAudience: 'AzureADMyOrg'
  api: {
    requestedAccessTokenVersion: 2
  }
  web: {
    redirectUris: ['https://${functionAppName}.azurewebsites.net/.auth/login/aad/callback']
    implicitGrantSettings: {
      // App Service asks for an id token beside the code.
      enableIdTokenIssuance: true
    }
  }

  resource credential 'federatedIdentityCredentials@v1.0' = {
    name: '${registration.uniqueName}/identity-of-the-app'
    description: 'The identity of the function app proves the registration.'
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: appPrincipalId
    audiences: ['api://AzureADTokenExchange']
  }
}

resource servicePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: registration.appId
  // Not everybody in the tenant: those who are assigned.
  appRoleAssignmentRequired: true
}

output clientId string = registration.appId

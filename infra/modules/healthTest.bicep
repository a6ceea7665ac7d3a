@description('Makes the names of resources unique.')
param token string
param location string
param tags object
param componentResourceId string

@description('Address that is asked; it has to be reached without a key or a sign-in.')
param healthUri string
param actionGroupIds string[]

@description('Address of the workbook, which every alert names.')
param workbookUri string

// From five places, so that trouble of a place or two is no alert.
var places = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr', 'us-ca-sjc-azr', 'apac-sg-sin-azr']

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'health-${token}'
  location: location
  // The tag is how a test belongs to its Application Insights.
  tags: union(tags, { 'hidden-link:${componentResourceId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: 'Usage snapshots: GET health'
    SyntheticMonitorId: 'health-${token}'
    Kind: 'standard'
    Enabled: true
    // In seconds: the longest there is. What health tells changes by the hour.
    Frequency: 900
    // In seconds. An app that nobody has asked for a while starts first.
    Timeout: 120
    RetryEnabled: true
    Locations: map(places, place => { Id: place })
    Request: {
      RequestUrl: healthUri
      HttpVerb: 'GET'
      ParseDependentRequests: false
      FollowRedirects: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
    }
  }
}

// A rule of metrics, which looks at no workspace.
resource rule 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'health-failed-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'GET health has failed from three places or more: the app does not answer, its tables cannot be read, or no day was settled for 26 hours. The answer says which. Nights, failures and budgets of the last 35 days: ${workbookUri}'
    severity: 1
    enabled: true
    scopes: [test.id, componentResourceId]
    evaluationFrequency: 'PT5M'
    // Long enough for an answer of each place.
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: componentResourceId
      failedLocationCount: 3
    }
    autoMitigate: true
    actions: map(actionGroupIds, id => { actionGroupId: id })
  }
}
